import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Applications } from './applications';
import { healLatencies, pushLatencies } from './latency';
import { createMonorepo } from './monorepo';
import { readOptions, usage, type Options } from './options';
import { measure, type Phase } from './phase';
import { goals, report, type Figures, type Idle } from './report';
import { requestsByVerb } from './server-metrics';
import { setStage, type Stage } from './stage';
import { risen } from './statistics';

/** 0 if every goal was met. */
export async function gitops(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const stage = await setStage(options, say);
  const stop = (): void => void stage.strike().finally(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const figures = await run(stage, options, say);
    process.stdout.write(report(figures));
    if (options.output !== undefined)
      writeFileSync(options.output, `${JSON.stringify(figures, undefined, 2)}\n`);
    const isMissed = goals(figures).some(([, , , isMet]) => isMet === false);
    return isMissed || figures.failure !== undefined ? 1 : 0;
  } finally {
    await stage.strike();
  }
}

/** What has been measured so far counts, whatever ends the run. */
async function run(stage: Stage, options: Options, say: (line: string) => void): Promise<Figures> {
  const { applications: count, pollSeconds } = options;
  const [start = 0] = loadavg();
  const measured: Measured = { syncs: [], webhook: [], polling: [], healing: [] };
  const failure = await measureAll({ stage, options, measured, say }).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (failure !== undefined) say(`${failure}\nthe worker's log ends: ${stage.logTail()}`);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', load: [start, loadavg()[0] ?? 0] };
  return {
    applications: count,
    machine,
    pollSeconds,
    ...measured,
    ...(failure !== undefined && { failure }),
  };
}

interface Measured {
  readonly syncs: Phase[];
  idle?: Idle;
  webhook: readonly number[];
  polling: readonly number[];
  healing: readonly number[];
}

interface Measuring {
  readonly stage: Stage;
  readonly options: Options;
  readonly measured: Measured;
  readonly say: (line: string) => void;
}

async function measureAll({ stage, options, measured, say }: Measuring): Promise<void> {
  const { applications: count, pushes, edits } = options;
  const applications = new Applications(stage, createMonorepo(join(stage.dir, 'git')), count);
  measured.syncs.push(await applications.create());
  measured.syncs.push(await applications.changeSettings());
  measured.syncs.push(await applications.changeTemplates());
  measured.syncs.push(await applications.changeElsewhere());
  say(`healing ${edits} edits`);
  measured.healing = await healLatencies(applications, edits);
  say(`${pushes} pushes found by polling`);
  measured.polling = await pushLatencies(applications, { pushes, isHinted: false });
  say(`idle for ${options.idleSeconds} s`);
  const idle = await idleFor(stage, options);
  if (idle !== undefined) measured.idle = idle;
  say(`${pushes} pushes told by a hint`);
  await stage.restartWorker(unpolled);
  // What a worker does first takes longer, and is not what a push costs.
  await pushLatencies(applications, { pushes: 1, isHinted: true });
  measured.webhook = await pushLatencies(applications, { pushes, isHinted: true });
}

/** So that nothing but the hint can be what told of a push. */
const unpolled = '1h';
/** What the last piece of work has left to do is not part of idleness. */
const calmMs = 10_000;

async function idleFor(stage: Stage, { applications, idleSeconds }: Options): Promise<Idle | undefined> {
  if (idleSeconds === 0) return undefined;
  await sleep(calmMs);
  const before = requestsByVerb(await stage.metrics());
  const phase = await measure(stage, { name: `idle for ${idleSeconds} s`, applications }, async () => {
    await sleep(idleSeconds * 1_000);
    return idleSeconds;
  });
  return { phase, all: risen(before, requestsByVerb(await stage.metrics())) };
}
