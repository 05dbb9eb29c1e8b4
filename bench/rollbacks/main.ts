import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchMachine } from '../machine';
import { readOptions, usage } from './options';
import { isGood, report } from './report';
import { runRollbacks } from './run';

/** 0 if nothing was lost, doubled or touched that must not be. */
export async function rollbacks(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const machine = watchMachine();
  // The SDK takes these signals for a wish to stop its workers, and the process would stay.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const outcome = await runRollbacks(
    {
      ...options,
      dir: mkdtempSync(join(tmpdir(), 'belay-rollbacks-')),
      workerProgram: join(__dirname, 'git-worker.js'),
    },
    (line) => void process.stderr.write(`${line}\n`),
  );
  process.stdout.write(report(outcome, machine()));
  writeFileSync(options.output, `${JSON.stringify({ ...outcome, machine: machine() }, undefined, 2)}\n`);
  return isGood(outcome) ? 0 : 1;
}
