import { writeFileSync } from 'node:fs';
import { watchMachine } from '../machine';
import { argoWays, moveWithArgo } from './argo';
import { moveWithBelay } from './belay';
import type { Figures, Idle, Killed, Moved } from './figures';
import { goals } from './goals';
import { idleWithBelay } from './idle';
import { readOptions, usage, type Options } from './options';
import { report, summaryOf } from './report';

/** 0 if everything was measured and every goal was met. */
export async function canaries(args: readonly string[]): Promise<number> {
  const options = readOptions(args, process.env);
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const stop = (): void => process.exit(130);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const figures = await measureAll(options, (line) => void process.stderr.write(`${line}\n`));
  process.stdout.write(report(figures));
  writeFileSync(options.output, `${JSON.stringify(figures, undefined, 2)}\n`);
  return figures.failures.length > 0 || goals(figures).some(({ isMet }) => !isMet) ? 1 : 0;
}

/** One after the other, each with a control plane of its own; what fails is left out and said. */
async function measureAll(options: Options, say: (line: string) => void): Promise<Figures> {
  const machine = watchMachine();
  const belay: Moved[] = [];
  const argo: Moved[] = [];
  const failures: string[] = [];
  const others: { killed?: Killed; idle?: Idle } = {};
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error: unknown) {
      const why = error instanceof Error ? error.message : String(error);
      say(why);
      failures.push(`${what}: ${why}`);
    }
  };
  for (const shape of options.shapes)
    await attempt(`Belay, ${shape}`, async () => {
      const isKilled = options.killed > 0 && shape === options.shapes.at(-1);
      const { moved, killed } = await moveWithBelay(options, shape, { say, isKilled });
      belay.push(moved);
      say(summaryOf(moved));
      if (killed !== undefined) others.killed = killed;
    });
  const { argo: program } = options;
  if (program !== undefined)
    for (const way of argoWays)
      await attempt(way.title, async () => {
        const moved = await moveWithArgo(options, program, way, say);
        argo.push(moved);
        say(summaryOf(moved));
      });
  if (options.idle > 0)
    await attempt('idleness', async () => {
      others.idle = await idleWithBelay(options, say);
    });
  const { number, replicas } = options;
  return { number, replicas, machine: machine(), belay, argo, failures, ...others };
}
