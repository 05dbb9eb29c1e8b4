import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { Options } from './options';
import { readOptions, usage } from './options';
import type { Outcome } from './play';
import { mergeOutcomes, playScenario } from './play';
import { rolloutTable } from './rollouts';
import { scenarioOf } from './scenarios';
import { report } from './table';

/** A piece of work: some rollouts of one scenario. */
interface Piece {
  readonly scenario: string;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

const perPiece = 500;

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const started = performance.now();
  const outcomes = await playAll(options, started);
  const { rollouts, seed, scenarios } = options;
  const played = scenarios.map((scenario) => ({ scenario, outcomes: outcomes.get(scenario.name) ?? [] }));
  const whole = options.withRollouts ? wholeSection(Math.ceil(rollouts / 10), seed) : '';
  process.stdout.write(
    `${rollouts} rollouts of each scenario, seed ${seed}. Intervals are 95 %.\n\n${report(played)}${whole}`,
  );
  process.stderr.write(`took ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}

function wholeSection(count: number, seed: number): string {
  const about = `Mean seconds to the end / failing requests of the new version / promoted, ${count} rollouts, 100 requests/s.`;
  return `\n### Whole rollouts\n\n${about}\n\n${rolloutTable(count, seed)}\n`;
}

async function playAll(
  { rollouts, seed, scenarios, workers }: Options,
  started: number,
): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  const pieces = scenarios.flatMap(({ name }) =>
    Array.from({ length: Math.ceil(rollouts / perPiece) }, (_, index): Piece => {
      const from = index * perPiece;
      return { scenario: name, from, to: Math.min(rollouts, from + perPiece), seed };
    }),
  );
  const results = new Array<readonly Outcome[]>(pieces.length);
  let [next, done] = [0, 0];
  const run = async (): Promise<void> => {
    const worker = new Worker(__filename);
    try {
      for (let index = next++; index < pieces.length; index = next++) {
        results[index] = await ask(worker, pieces[index]!);
        done += 1;
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        process.stderr.write(`${seconds} s: ${done} of ${pieces.length}, ${pieces[index]!.scenario}\n`);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, pieces.length) }, run));
  return new Map(
    scenarios.map(({ name }) => [
      name,
      mergeOutcomes(results.filter((_, index) => pieces[index]!.scenario === name)),
    ]),
  );
}

function ask(worker: Worker, piece: Piece): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (outcomes: readonly Outcome[]) => {
      worker.off('error', reject);
      resolve(outcomes);
    });
    worker.postMessage(piece);
  });
}

if (isMainThread) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
} else {
  parentPort!.on('message', ({ scenario, ...piece }: Piece) => {
    parentPort!.postMessage(playScenario(scenarioOf(scenario), piece));
  });
}
