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
 * Every activity of every story fails, falls silent or is done twice, every message arrives at every step: `MODEL=full`. Else only the
 * single faults of the failed canary. `MODEL_CASE=<text>` takes those cases whose name holds the text, `MODEL_COUNT` so many of them,
 * chosen by MODEL_SEED.
 */

const isFull = process.env['MODEL'] === 'full';
const seed = Number(process.env['MODEL_SEED'] ?? 7);
const count = process.env['MODEL_COUNT'];
const wanted = process.env['MODEL_CASE'] ?? '';
const lanes = Number(process.env['MODEL_LANES'] ?? 12);
const minutes = isFull ? 120 : 15;

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
async function tellAll(what: string, all: readonly Case[]): Promise<void> {
  const found = all.filter((each) => describeCase(each).includes(wanted));
  const cases = count === undefined ? found : sample(found, Number(count), seed);
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

/** Only where all or particular cases are asked for: they take their time. */
const more = isFull || wanted !== '' ? test : test.skip;
const story = 'failed canary';

test(
  'a fault at any activity of a failed canary leaves no promise broken',
  () => tellAll('faults of a failed canary', singleFaults({ [story]: recorded[story] ?? [] })),
  withinMs,
);

more(
  'a fault at any activity of any story leaves no promise broken',
  () => tellAll('single faults', singleFaults(recorded)),
  withinMs,
);

more(
  'a message at any step of any story leaves no promise broken',
  () => tellAll('messages', singleMessages(recorded)),
  withinMs,
);

more(
  'two faults in one rollback leave no promise broken',
  () => tellAll('pairs', pairsOfFaults({ [story]: recorded[story] ?? [] })),
  withinMs,
);
