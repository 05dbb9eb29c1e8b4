import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { usage, readOptions, type ChaosOptions } from './options';
import type { Record } from './record';
import { progressLine, reportOf, violationLines } from './report';
import { runChaos } from './run';
import { setStage, type Stage } from './stage';

/** Where the workers' logs are kept after a violation. */
const kept = join('.belay', 'chaos');

/** Exit code 0 only if every promise held in every story; 1 after a violation or fewer than half of the kills, 2 for a command line that cannot be read. */
async function main(): Promise<number> {
  let options: ChaosOptions;
  try {
    options = readOptions(process.argv.slice(2), process.env);
  } catch (error: unknown) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return 2;
  }
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const { kills, seed, stories, faults } = options;
  print(`chaos: seed ${seed}, ${kills} kills, ${faults.length} other faults, stories ${stories.join(', ')}`);
  const undo: (() => Promise<void>)[] = [];
  let told: Record | undefined;
  const stop = (): void => {
    if (told !== undefined) print(`\n${reportOf(told)}`);
    void undoAll(undo).finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  try {
    const stage = await setStage({ postgres: options.postgres, undo });
    const record = await runChaos(options, stage, undo, (begun) => {
      told = begun;
      return tellProgress(begun);
    });
    print(`\n${reportOf(record)}`);
    if (record.violations.length === 0) return 2 * record.kills.length >= kills ? 0 : 1;
    keepLogs(stage);
    print(`\nthe workers' logs are in ${kept}`);
    return 1;
  } finally {
    await undoAll(undo);
  }
}

/** In the reverse order, once, whatever fails. */
async function undoAll(undo: (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step().catch(() => undefined);
}

/** One line that is written over on a terminal; elsewhere a line now and then. Violations are told as they are found. */
function tellProgress(record: Record): () => void {
  const { isTTY } = process.stdout;
  let toldOf = 0;
  const tell = (): void => {
    for (const violation of record.violations.slice(toldOf))
      process.stdout.write(`${violationLines(violation, record.options.seed).join('\n')}\n`);
    toldOf = record.violations.length;
    process.stdout.write(isTTY ? `\r${progressLine(record)}` : `${progressLine(record)}\n`);
  };
  const timer = setInterval(tell, isTTY ? 1_000 : 20_000);
  return () => clearInterval(timer);
}

function keepLogs({ dir }: Stage): void {
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.log')))
    cpSync(join(dir, file), join(kept, file));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
