import { bounds, playHistogram, quantileOf, slowChances } from '../../tools/simulate/latency-world';
import { readOptions } from '../../tools/simulate/options';
import { mergeOutcomes, playScenario } from '../../tools/simulate/play';
import { withPods } from '../../tools/simulate/pods';
import { randomOf } from '../../tools/simulate/random';
import type { Random } from '../../tools/simulate/random';
import { scenarioOf, scenarios } from '../../tools/simulate/scenarios';
import { meanOf, p95Of, shareOf } from '../../tools/simulate/statistics';
import type { Stream } from '../../tools/simulate/stream';
import { report } from '../../tools/simulate/table';
import { argoThreshold, flaggerThreshold } from '../../tools/simulate/thresholds';
import { playWorld } from '../../tools/simulate/world';

const many = 20_000;

test.each<[string, (random: Random) => number, number, number]>([
  ['a uniform', (random) => random.uniform(), 0.5, 1 / 12],
  ['a normal', (random) => random.normal(), 0, 1],
  ['a small Poisson', (random) => random.poisson(2.5), 2.5, 2.5],
  ['a large Poisson', (random) => random.poisson(950), 950, 950],
  ['a rare binomial', (random) => random.binomial(50, 0.001), 0.05, 0.05 * 0.999],
  ['a common binomial', (random) => random.binomial(40, 0.8), 32, 6.4],
  ['a large binomial', (random) => random.binomial(5000, 0.3), 1500, 1050],
  ['a gamma', (random) => random.gamma(0.5), 1, 0.25],
  ['a wild gamma', (random) => random.gamma(1.5), 1, 2.25],
])('%s has its mean and variance', (_name, draw, mean, variance) => {
  const random = randomOf('moments', 1);
  const drawn = Array.from({ length: many }, () => draw(random));
  const found = meanOf(drawn);
  // Five standard errors; of the variance by the fourth moment.
  expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(variance / many));
  const squares = drawn.map((value) => (value - found) ** 2);
  const fourth = meanOf(squares.map((square) => (square - variance) ** 2));
  expect(Math.abs(meanOf(squares) - variance)).toBeLessThan(5 * Math.sqrt(fourth / many));
});

test('the same seed draws the same, another one does not', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, randomOf(seed, 'x').uniform);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('shares have exact intervals', () => {
  expect(shareOf(0, 100)).toEqual({ share: 0, low: 0, high: expect.closeTo(1 - 0.025 ** 0.01, 10) });
  expect(shareOf(100, 100)).toEqual({ share: 1, low: expect.closeTo(0.025 ** 0.01, 10), high: 1 });
  expect(shareOf(5, 10)).toEqual({
    share: 0.5,
    low: expect.closeTo(0.1871, 4),
    high: expect.closeTo(0.8129, 4),
  });
  expect(p95Of(Array.from({ length: 100 }, (_, index) => index + 1))).toBe(95);
});

describe('thresholds', () => {
  const named = { name: 'x', settings: '' };
  /** A canary with these shares of bad requests, a tick a minute. */
  const worldWith = (...shares: number[]) => {
    const stream: Stream = {
      total: new Float64Array(shares.length).fill(100),
      bad: Float64Array.from(shares, (share) => share * 100),
    };
    return { ticks: shares.length, canary: stream, baseline: stream, twin: stream, served: stream.bad };
  };

  test.each([
    [0, 1],
    [3, 4],
    [6, undefined],
  ])('Argo aborts when more than failureLimit %d measurements have failed', (failureLimit, expected) => {
    const engine = argoThreshold({ ...named, interval: 1, atLeast: 0.95, failureLimit });
    expect(engine.watch(worldWith(0.06, 0.06, 0.06, 0.06, 0.05, 0.06))).toBe(expected);
  });

  test('Flagger rolls back one tick after the threshold is reached', () => {
    const engine = flaggerThreshold({ ...named, interval: 1, atLeast: 0.99, threshold: 2 });
    expect(engine.watch(worldWith(0.02, 0, 0.02, 0, 0))).toBe(4);
  });

  test('no traffic fails in both', () => {
    const silent = worldWith(0, 0, 0);
    silent.canary.total.fill(0);
    expect(argoThreshold({ ...named, interval: 1, atLeast: 0.95, failureLimit: 1 }).watch(silent)).toBe(2);
    expect(flaggerThreshold({ ...named, interval: 1, atLeast: 0.99, threshold: 1 }).watch(silent)).toBe(2);
  });
});

describe('pods', () => {
  const world = () => {
    const moment = { canary: 0.1, baseline: 0.1, rps: 100, weight: 0.3 };
    return playWorld(() => moment, { ticks: 100, seconds: 10 }, randomOf('pods'));
  };
  const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);

  test('count together what the version counted', () => {
    const given = world();
    const spread = withPods(given, { canary: 3, baseline: 5, unlike: 0.5 }, randomOf('spread'));
    expect(spread.canary).toEqual(given.canary);
    expect(spread.pods?.baseline).toHaveLength(5);
  });

  test('that are not scraped bring their counts later', () => {
    const given = world();
    const { canary } = withPods(given, { canary: 3, baseline: 5, unscraped: 0.2 }, randomOf('lost'));
    expect(canary.total).not.toEqual(given.canary.total);
    // All but what the last scrapes have not brought yet.
    expect(sum(canary.total)).toBeGreaterThan(0.95 * sum(given.canary.total));
    expect(sum(canary.total)).toBeLessThanOrEqual(sum(given.canary.total));
  });

  test('that restart lose what was not scraped, never more', () => {
    const given = world();
    const { canary } = withPods(given, { canary: 3, baseline: 5, restarts: 0.05 }, randomOf('restarts'));
    canary.total.forEach((total, tick) => expect(total).toBeLessThanOrEqual(given.canary.total[tick]!));
    expect(sum(canary.total) / sum(given.canary.total)).toBeCloseTo(1 - 0.05 / 2, 1);
    canary.bad.forEach((bad, tick) => expect(bad).toBeLessThanOrEqual(canary.total[tick]!));
  });
});

test('a histogram has the quantiles of its distribution', () => {
  const histogram = playHistogram(slowChances({}), 10_000, 10, randomOf('histogram'));
  // Half of a lognormal with a median of 50 ms is slower than 50 ms; 99 % are faster than 160 ms, in the bucket from 100 to 250.
  expect(quantileOf(histogram, 0, 10, 0.5)).toBeCloseTo(0.05, 2);
  expect(quantileOf(histogram, 0, 10, 0.99)).toBeGreaterThan(0.1);
  expect(quantileOf(histogram, 0, 10, 0.99)).toBeLessThan(0.25);
  expect(slowChances({ late: { share: 0.05, seconds: 0.5 } })[bounds.indexOf(0.5)]).toBeCloseTo(0.05, 3);
  expect(quantileOf({ total: new Float64Array(1), slow: [] }, 0, 1, 0.5)).toBeUndefined();
});

describe('a simulation', () => {
  test('in pieces is the same as in one', () => {
    const scenario = scenarioOf('late 5 %');
    const whole = playScenario(scenario, { from: 0, to: 40, seed: 3 });
    const parts = [
      [0, 15],
      [15, 40],
    ].map(([from, to]) => playScenario(scenario, { from: from!, to: to!, seed: 3 }));
    expect(mergeOutcomes(parts)).toEqual(whole);
  });

  test('is reported with rates, intervals and settings', () => {
    const played = ['equal', 'bad 20 %'].map((name) => {
      const scenario = scenarioOf(name);
      return { scenario, outcomes: playScenario(scenario, { from: 0, to: 20, seed: 1 }) };
    });
    const text = report(played);
    expect(text).toContain('| `equal`: both versions fail 0.1 % | 0.0 % (0.0–16.8) |');
    expect(text).toContain('| sequential | 100.0 % (83.2–100.0) | 30 | 30 |');
    expect(text).toContain('- sequential: `alpha: 0.01`');
  });

  test('names every scenario once', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    expect(() => scenarioOf('nothing')).toThrow('there is no scenario "nothing"; there are "equal"');
  });
});

test('options are read, wrong ones explained', () => {
  expect(readOptions([])).toMatchObject({ rollouts: 10_000, seed: 1, withRollouts: true });
  expect(readOptions(['--scenario', 'equal', '--rollouts', '5'])).toMatchObject({
    rollouts: 5,
    withRollouts: false,
  });
  expect(() => readOptions(['--rollouts', 'many'])).toThrow(
    '--rollouts many is not a whole number of at least 1',
  );
});
