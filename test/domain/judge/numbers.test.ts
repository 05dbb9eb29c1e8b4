import { betaCdf, betaQuantile } from '../../../src/domain/judge/beta';
import { kayentaShift } from '../../../src/domain/judge/kayenta-shift';
import { normalQuantile } from '../../../src/domain/judge/normal';
import { cles, rankSumZ, sortedArms } from '../../../src/domain/judge/ranks';
import { exactShift } from '../../../src/domain/judge/shift';
import { between } from './judge-data';

test.each([
  [0.5, 0],
  [0.025, 1.959963984540054],
  [0.01, 2.3263478740408408],
  [1e-9, 5.9978070150076865],
])('the normal quantile of a tail of %d', (tail, expected) => {
  expect(normalQuantile(tail)).toBeCloseTo(expected, 10);
});

test.each([
  // Sums of binomial chances: P(beta(a, b) <= x) = P(binomial(a+b-1, x) >= a).
  [0.3, 1, 1, 0.3],
  [0.5, 3, 3, 0.5],
  [0.2, 2, 4, 1 - 0.8 ** 5 - 5 * 0.2 * 0.8 ** 4],
  [0.9, 5, 1, 0.9 ** 5],
])('betaCdf(%d, %d, %d)', (x, a, b, expected) => {
  expect(betaCdf(x, a, b)).toBeCloseTo(expected, 12);
  expect(betaQuantile(expected, a, b)).toBeCloseTo(x, 10);
});

test('betaCdf is the median near the mean of large counts', () => {
  expect(betaCdf(0.25, 250_000, 750_000)).toBeCloseTo(0.5, 3);
});

test('ranks share ties and order gives the chance of being above', () => {
  const arms = sortedArms([3, 1, 2, 2], [2, 0, 1]);
  // 3 beats all; each 2 beats two and ties one; 1 beats one and ties one: (3 + 2.5 + 2.5 + 1.5) / 12.
  expect(cles(arms)).toBeCloseTo(9.5 / 12);
  expect(rankSumZ(arms, 100)).toBeLessThan(0);
  expect(rankSumZ(arms, -100)).toBeGreaterThan(0);
  expect(rankSumZ(sortedArms([1, 1], [1]), 0)).toBeNaN();
});

describe('the shift between two series', () => {
  const z = normalQuantile(0.025);

  test('is the median of the pairs, and the ends are pairs', () => {
    const [canary, baseline] = [between(10, 20, 31), between(7, 18, 29)];
    const arms = sortedArms(canary, baseline);
    const pairs = canary.flatMap((x) => baseline.map((y) => x - y)).sort((a, b) => a - b);
    const { estimate, low, high } = exactShift(arms, z);
    expect(estimate).toBeCloseTo(pairs[(pairs.length - 1) / 2]!, 12);
    expect(pairs).toContain(low);
    expect(pairs).toContain(high);
    // The test accepts shifts inside the interval and refuses those outside.
    expect(Math.abs(rankSumZ(arms, low + 1e-9))).toBeLessThanOrEqual(z);
    expect(rankSumZ(arms, low - 1e-9)).toBeGreaterThan(z);
    expect(Math.abs(rankSumZ(arms, high - 1e-9))).toBeLessThanOrEqual(z);
    expect(rankSumZ(arms, high + 1e-9)).toBeLessThan(-z);
  });

  test('is the same as Kayenta finds, to its 0.0001', () => {
    const arms = sortedArms(between(10, 20, 30), between(7, 18, 30));
    const [exact, found] = [exactShift(arms, z), kayentaShift(arms, z)!];
    expect(Math.abs(found.low - exact.low)).toBeLessThan(1e-4);
    expect(Math.abs(found.high - exact.high)).toBeLessThan(1e-4);
  });

  test('is unbounded when three values a side are too few', () => {
    expect(exactShift(sortedArms([10, 20, 30], [1, 2, 3]), z)).toEqual({
      estimate: 18,
      low: -Infinity,
      high: Infinity,
    });
  });
});
