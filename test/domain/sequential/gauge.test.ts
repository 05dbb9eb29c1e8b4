import { blockTicks, logMeanAbove, tickGauge } from '../../../src/domain/sequential/gauge';
import { startMetric } from '../../../src/domain/sequential/start';
import { config, counterFields, Fleet, Run } from './builder';
import { normal, seeded } from './random';

const gauge = { name: 'memory', gauge: { canary: 'c', baseline: 'b' }, tolerate: { ratio: 1, absolute: 10 } };
const errors = { name: 'errors', ...counterFields };

/** A run with a gauge that is `shift` higher in the canary. */
function run(fields: Record<string, unknown>, shift: number): Run {
  const made = new Run(config({ metrics: [errors, { ...gauge, ...fields }], maxStepDuration: '10h' }));
  const [fleet, random] = [new Fleet(), seeded(1)];
  for (let i = 0; i < 120; i++) {
    made.tick({
      errors: fleet.serve([1, 0], [20, 0]).read(),
      memory: {
        canary: [{ pod: 'new-1', value: 500 + shift + 5 * normal(random) }],
        baseline: [{ pod: 'old-1', value: 500 + 5 * normal(random) }],
      },
    });
    if (made.verdict.kind === 'inconclusive') break;
  }
  return made;
}

test('a gauge that is worse than tolerated pauses, and says by how much', () => {
  const { verdict } = run({ block: '1m' }, 30);
  expect(verdict).toMatchObject({ kind: 'inconclusive', metric: 'memory' });
  expect(verdict.sentence).toMatch(
    /^memory is higher than tolerated by (19|20|21) on average of \d+ blocks: a gauge pauses/,
  );
});

test.each<[string, Record<string, unknown>, number]>([
  ['it is within what is tolerated', { block: '1m' }, 5],
  ['it is far better', { block: '1m' }, -100],
  ['only lower would be worse', { block: '1m', worse: 'lower' }, 30],
])('a gauge does not pause when %s', (_name, fields, shift) => {
  expect(run(fields, shift).verdict.kind).toBe('continue');
});

test('a gauge that only informs is told and stops nothing', () => {
  const { verdict } = run({ block: '1m', then: 'inform' }, 30);
  expect(verdict.kind).toBe('continue');
  expect(verdict.sentence).toContain('memory is higher than tolerated by');
});

test('a gauge that cannot be read is told and stops nothing', () => {
  const made = new Run(config({ metrics: [errors, gauge] }));
  const fleet = new Fleet();
  for (let i = 0; i < 4; i++) {
    made.tick({
      errors: fleet.serve([50, 0], [950, 0]).read(),
      memory: { canary: [{ pod: 'a', value: Number.NaN }], baseline: [] },
    });
  }
  expect(made.verdict.kind).toBe('continue');
  expect(made.verdict.sentence).toContain('memory: has no readable value of this version');
});

/** The share of runs of half an hour that pause, when the canary is worse than tolerated by `shift` standard deviations. */
function pausedShare(chain: number, shift: number, runs: number): number {
  const [metric] = config({ metrics: [{ ...gauge, block: '10s' }, errors] }).metrics;
  if (metric?.kind !== 'gauge') throw new Error('is no gauge');
  let paused = 0;
  for (let seed = 0; seed < runs; seed++) {
    const random = seeded(seed * 7919 + 13);
    let state = startMetric(metric);
    let [canary, baseline] = [normal(random), normal(random)];
    for (let i = 0; i < 180 && state.logHarm < Math.log(100); i++) {
      canary = chain * canary + Math.sqrt(1 - chain * chain) * normal(random);
      baseline = chain * baseline + Math.sqrt(1 - chain * chain) * normal(random);
      const sample = {
        canary: [{ pod: 'new', value: 510 + shift + canary }],
        baseline: [{ pod: 'old', value: 500 + baseline }],
      };
      state = tickGauge(state, metric, sample, { at: i * 10_000, judges: true });
    }
    if (state.logHarm >= Math.log(100)) paused++;
  }
  return paused / runs;
}

// Without blocks: 0.25, 11 and 39 % by mistake.
test.each([[0], [0.5], [0.8]])(
  'readings that correlate by %p are averaged over blocks that are long enough not to mislead',
  (chain) => {
    expect(pausedShare(chain, 0, 400)).toBeLessThanOrEqual(0.02);
  },
);

test('finds a shift of one standard deviation in readings that correlate', () => {
  expect(pausedShare(0.5, 1, 100)).toBeGreaterThan(0.9);
});

test.each([
  [0, 2],
  [-0.5, 2],
  [0.5, 4],
  [0.8, 12],
  [1, 259],
])('a correlation of %p needs blocks of %p ticks', (correlation, ticks) => {
  expect(blockTicks(correlation)).toBe(ticks);
});

test.each([
  ['one block', 1, 5, 0],
  ['a mean below the limit', 10, -5, 30],
  ['no spread at all', 10, 5, 0],
])('%s is no evidence', (_name, blocks, mean, squares) => {
  expect(logMeanAbove(blocks, mean, squares)).toBe(0);
});

test('agrees with the formula of the t-mixture', () => {
  // n = 5, mean 2, variance 1, g = 1: t2 = 20, r = 1/6.
  const wanted = 0.5 * Math.log(1 / 6) + 2.5 * (Math.log(6) - Math.log(1 + 20 / 24));
  expect(logMeanAbove(5, 2, 4)).toBeCloseTo(wanted, 12);
});
