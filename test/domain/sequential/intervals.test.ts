import { ratioInterval, shareInterval } from '../../../src/domain/sequential/intervals';
import { logGamma } from '../../../src/domain/sequential/logarithms';
import { logSplit } from '../../../src/domain/sequential/sample-ratio';
import { binomial, poisson, seeded } from './random';

test.each([
  [1, 0],
  [0.5, 0.5 * Math.log(Math.PI)],
  [5, Math.log(24)],
  [0.1, 2.252712651734206],
  [101, 363.73937555556347],
])('ln Gamma(%p)', (x, value) => {
  expect(logGamma(x)).toBeCloseTo(value, 10);
});

test.each([
  [0, 1000, 0, 0.006],
  [10, 200, 0.01, 0.15],
  [1000, 10_000, 0.08, 0.12],
])(
  '%p bad of %p requests are within the interval, and it is as narrow as it should be',
  (bad, all, least, most) => {
    const [low, high] = shareInterval(bad, all);
    expect(low).toBeLessThanOrEqual(bad / all);
    expect(high).toBeGreaterThan(bad / all);
    expect(low).toBeGreaterThanOrEqual(least);
    expect(high).toBeLessThanOrEqual(most);
  },
);

test('without requests it is everything, and dispersion widens it', () => {
  expect(shareInterval(0, 0)).toEqual([0, 1]);
  const [narrow, wide] = [shareInterval(20, 1000), shareInterval(20, 1000, { dispersion: 3 })];
  expect(wide[0]).toBeLessThan(narrow[0]);
  expect(wide[1]).toBeGreaterThan(narrow[1]);
});

test('a ratio is unbounded while the baseline may be without errors', () => {
  expect(ratioInterval([0.01, 0.02], [0, 0.001])).toEqual([10, Number.POSITIVE_INFINITY]);
  expect(ratioInterval([0.01, 0.02], [0.001, 0.002])).toEqual([5, 20]);
});

test('the interval is right at all looks at once in 99 of 100 runs', () => {
  let missed = 0;
  for (let run = 0; run < 300; run++) {
    const random = seeded(run);
    let [bad, all] = [0, 0];
    for (let look = 0; look < 100; look++) {
      const served = poisson(random, 50);
      [bad, all] = [bad + binomial(random, served, 0.03), all + served];
      const [low, high] = shareInterval(bad, all);
      if (low <= 0.03 && high >= 0.03) continue;
      missed++;
      break;
    }
  }
  expect(missed).toBeLessThanOrEqual(5);
});

test.each<[string, number, boolean]>([
  ['the planned one', 0.05, false],
  ['a tenth below it', 0.045, false],
  ['a third of it', 0.0167, true],
  ['three times it', 0.15, true],
])('a split of 5 %% at %s', (_name, share, isWrong) => {
  const random = seeded(9);
  let [canary, baseline, most] = [0, 0, Number.NEGATIVE_INFINITY];
  for (let tick = 0; tick < 180; tick++) {
    canary += poisson(random, 1000 * share);
    baseline += poisson(random, 1000 * (1 - share));
    most = Math.max(most, logSplit([canary, baseline], 0.05));
  }
  expect(most > Math.log(1000)).toBe(isWrong);
});

test.each([
  [[0, 0], 0.05],
  [[5, 5], 0],
  [[5, 0], 1],
] as const)('a split of %p at weight %p says nothing', (counts, weight) => {
  expect(logSplit(counts, weight)).toBe(0);
});
