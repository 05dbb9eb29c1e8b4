import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepository } from '../../tools/demo/repository';
import { setStage } from '../../tools/demo/stage';
import { servicesInWaves } from '../../tools/local/many-services';
import { watchMachine } from '../machine';
import { readOptions, usage, type Options } from './options';
import { faults, report } from './report';
import { begin, play, type Outcome } from './run';

/** 0 if all came back as it must. */
export async function releases(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const machine = watchMachine();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const dir = mkdtempSync(join(tmpdir(), 'belay-releases-'));
  const outcomes = await measure(dir, options);
  process.stdout.write(report(outcomes));
  writeFileSync(
    options.output,
    `${JSON.stringify({ options, outcomes, machine: machine() }, undefined, 2)}\n`,
  );
  rmSync(dir, { recursive: true, force: true });
  return outcomes.flatMap(faults).length === 0 ? 0 : 1;
}

async function measure(dir: string, options: Options): Promise<readonly Outcome[]> {
  const { services, waves, kills } = options;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const many = servicesInWaves('shop', services, waves);
  const last = many.waves.at(-1)?.at(-1) ?? '';
  const stage = await setStage(dir, say);
  try {
    const repository = createRepository(join(dir, 'git'), '.');
    const scene = await begin(stage, repository, many);
    say(`${services} services in ${waves} waves are healthy at v1`);
    try {
      const good = await play(scene, { version: 'v2', to: 'v1' });
      say(`v2: ${good.phase}`);
      const broken = await play(scene, { version: 'v3', to: 'v2', broken: last });
      say(`v3: ${broken.phase}`);
      if (kills === 0) return [good, broken];
      return [good, broken, await play(scene, { version: 'v4', to: 'v2', broken: last, kills })];
    } finally {
      scene.traffic.stop();
    }
  } finally {
    await stage.strike();
  }
}
