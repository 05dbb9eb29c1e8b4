import { classify } from '../../../src/domain/judge/classify';
import type { Classification, EffectSize, JudgedMetric, Values } from '../../../src/domain/judge/types';
import { between, config, metricOf } from './judge-data';

const low = between(8, 12, 20);
const high = between(18, 24, 20);
const near = between(8.2, 12.1, 20);

interface Case {
  readonly says: string;
  readonly canary: Values;
  readonly baseline: Values;
  readonly more?: Partial<Omit<JudgedMetric, 'samples'>>;
  readonly expected: Classification;
  readonly critical?: boolean;
}

const cases: readonly Case[] = [
  { says: 'a canary like its baseline passes', canary: near, baseline: low, expected: 'Pass' },
  { says: 'a higher one is High', canary: high, baseline: low, expected: 'High' },
  { says: 'a lower one is Low', canary: low, baseline: high, expected: 'Low' },
  {
    says: 'lower is good where only an increase counts',
    canary: low,
    baseline: high,
    more: { direction: 'increase' },
    expected: 'Pass',
  },
  {
    says: 'higher is good where only a decrease counts',
    canary: high,
    baseline: low,
    more: { direction: 'decrease' },
    expected: 'Pass',
  },
  {
    says: 'the same values in another order pass',
    canary: low,
    baseline: low.toReversed(),
    expected: 'Pass',
  },
  { says: 'one value throughout passes', canary: [1, 1, 1], baseline: [1, 1], expected: 'Pass' },
  { says: 'no values are Nodata', canary: [], baseline: low, expected: 'Nodata' },
  { says: 'no value but NaN is Nodata', canary: [null, null], baseline: low, expected: 'Nodata' },
  {
    says: 'no values of a critical metric are Nodata that fails all',
    canary: [],
    baseline: low,
    more: { critical: true, mustHaveData: true },
    expected: 'Nodata',
    critical: true,
  },
  {
    says: 'no values where there must be some fail the metric',
    canary: low,
    baseline: [],
    more: { mustHaveData: true },
    expected: 'NodataFailMetric',
  },
  {
    says: 'no values where NaN means 0 pass',
    canary: [],
    baseline: low,
    more: { nanStrategy: 'replace' },
    expected: 'Pass',
  },
  {
    says: 'NaN that means 0 counts as 0',
    canary: low.map(() => null),
    baseline: low,
    more: { nanStrategy: 'replace' },
    expected: 'Low',
  },
  { says: 'two constants differ', canary: [10, 10, 10, 10, 10], baseline: [0, 0, 0, 0, 0], expected: 'High' },
  {
    says: 'a significant increase within the allowed ratio passes',
    canary: high,
    baseline: low,
    more: { effectSize: { allowedIncrease: 3 } },
    expected: 'Pass',
  },
  {
    says: 'the ratio of means is not looked at when a mean is 0',
    canary: high,
    baseline: low.map(() => 0),
    more: { effectSize: { allowedIncrease: 3 } },
    expected: 'High',
  },
  {
    says: 'a critical metric above its critical ratio fails all',
    canary: high,
    baseline: low,
    more: { critical: true, effectSize: { criticalIncrease: 1.5 } },
    expected: 'High',
    critical: true,
  },
  {
    says: 'a critical metric below its critical ratio fails as others do',
    canary: high,
    baseline: low,
    more: { critical: true, effectSize: { criticalIncrease: 15 } },
    expected: 'High',
  },
  {
    says: 'the common language effect size is a chance',
    canary: high,
    baseline: low,
    more: { effectSize: { measure: 'cles', allowedIncrease: 0.99 } },
    expected: 'High',
  },
];

describe.each([
  ['as Kayenta', true],
  ['without its flaws', false],
])('a metric judged %s', (_name, kayenta) => {
  test.each(cases)('$says', ({ canary, baseline, more, expected, critical }) => {
    const judged = classify(metricOf(canary, baseline, more), { ...config, kayenta });
    expect(judged).toMatchObject({ classification: expected, critical: critical ?? false });
    expect(judged.reason).not.toBe('');
  });
});

test.each<[string, EffectSize['measure'], number, Classification]>([
  ['chance of being above', 'cles', 0.9, 'Pass'],
  ['ratio of means', 'meanRatio', 1.05, 'High'],
])('the limit is one of the %s', (_name, measure, allowedIncrease, expected) => {
  const [canary, baseline] = [between(10, 20, 60), between(8, 18, 60)];
  const effectSize = { allowedIncrease, ...(measure === undefined ? {} : { measure }) };
  expect(classify(metricOf(canary, baseline, { effectSize }), config).classification).toBe(expected);
});

test('an outlier is kept unless it is to be removed', () => {
  const canary = [...between(8, 12, 30), 5000];
  const judged = (strategy: 'keep' | 'remove'): number | undefined =>
    classify(metricOf(canary, low, { outliers: { strategy } }), config).deviation;
  expect(judged('keep')).toBeGreaterThan(10);
  expect(judged('remove')).toBeCloseTo(1, 1);
});

test('two points a side prove nothing at 98 %, yet Kayenta decides', () => {
  const metric = metricOf([5, 6], [1, 2]);
  expect(classify(metric, { ...config, kayenta: true }).classification).toBe('High');
  expect(classify(metric, config)).toMatchObject({
    classification: 'Nodata',
    reason: 'there is too little data to show any difference at this confidence',
  });
});

test('values that are all tied after the shift are an Error of Kayenta', () => {
  expect(classify(metricOf([5], [0]), { ...config, kayenta: true }).classification).toBe('Error');
});
