import {
  describeCase,
  pairsOfFaults,
  sample,
  singleFaults,
  singleMessages,
  type Recorded,
} from '../support/model-cases';
import { ModelLab, type Case } from '../support/model-lab';
import { stories } from '../support/model-stories';

/*
 * Every activity of every story fails, falls silent or is done twice, every message arrives at every step. `MODEL=full` takes all
 * cases; else a sample of them, chosen by MODEL_SEED. `MODEL_CASE=<text>` takes those whose name holds the text.
 */

const isFull = process.env['MODEL'] === 'full';
const seed = Number(process.env['MODEL_SEED'] ?? 7);
const wanted = process.env['MODEL_CASE'] ?? '';
const lanes = Number(process.env['MODEL_LANES'] ?? 12);
const minutes = isFull ? 60 : 10;

let lab: ModelLab;
let recorded: Recorded;
beforeAll(async () => {
  lab = await ModelLab.open();
  const told = Object.keys(stories).map(async (name) => [name, await lab.record(name)] as const);
  await Promise.allSettled(told); // none is under way any more when one has failed and the lab closes
  recorded = Object.fromEntries(await Promise.all(told));
}, 300_000);
afterAll(() => lab.close());

/** Tells all cases, many at a time; rejects with those that did not end well. */
async function tellAll(what: string, all: readonly Case[], share: number): Promise<void> {
  const chosen = isFull || wanted !== '' ? all : sample(all, share, seed);
  const cases = chosen.filter((each) => describeCase(each).includes(wanted));
  const begun = Date.now();
  const left = [...cases];
  const bad: string[] = [];
  const lane = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const faults = await lab.faultsOf(next).catch((error: unknown) => [String(error)]);
      if (faults.length === 0) continue;
      bad.push([describeCase(next), ...faults].join('\n  '));
      process.stderr.write(`${bad.at(-1)}\n`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = Math.round((Date.now() - begun) / 1000);
  process.stderr.write(
    `${what}: ${cases.length} of ${all.length} cases in ${seconds} s, ${bad.length} bad\n`,
  );
  expect(bad.sort().join('\n')).toBe('');
}

const withinMs = minutes * 60_000;

test(
  'a fault at any activity of any story leaves no promise broken',
  () => tellAll('single faults', singleFaults(recorded), 60),
  withinMs,
);

test(
  'a message at any step of any story leaves no promise broken',
  () => tellAll('messages', singleMessages(recorded), 70),
  withinMs,
);

test(
  'two faults in one rollback leave no promise broken',
  () => tellAll('pairs', pairsOfFaults({ 'failed canary': recorded['failed canary'] ?? [] }), 30),
  withinMs,
);
