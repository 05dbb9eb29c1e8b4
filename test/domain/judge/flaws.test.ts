import { classify } from '../../../src/domain/judge/classify';
import { comparedCounts, compareCounts } from '../../../src/domain/judge/counts';
import { alphaOf } from '../../../src/domain/judge/looks';
import type { Classification, JudgedMetric } from '../../../src/domain/judge/types';
import { between, config, countsOf, metricOf } from './judge-data';

const scaled = (values: readonly number[], unit: number): number[] => values.map((value) => value * unit);

describe('the unit of a metric', () => {
  const [canary, baseline] = [between(1e-5, 1.6e-5, 60), between(0.8e-5, 1.2e-5, 60)];
  const judged = (unit: number, kayenta: boolean): Classification =>
    classify(metricOf(scaled(canary, unit), scaled(baseline, unit)), { ...config, kayenta }).classification;

  test('decides what Kayenta says', () => {
    expect([judged(1, true), judged(1e6, true)]).toEqual(['Pass', 'High']);
  });

  test.each([1e-9, 1, 1e3, 1e6, 1e12])('%d does not decide what we say', (unit) => {
    expect(judged(unit, false)).toBe('High');
  });
});

describe('repeated looks', () => {
  const spent = (looks: number, planned?: number): number =>
    Array.from({ length: looks }, (_, index) => index + 1)
      .map((number) => alphaOf({ look: { number, ...(planned === undefined ? {} : { planned }) } }))
      .reduce((sum, alpha) => sum + alpha, 0);

  test('spend what one look would, however many there are', () => {
    expect(spent(10_000)).toBeLessThan(0.02);
    expect(spent(12, 12)).toBeCloseTo(0.02);
  });

  test('are not known to Kayenta', () => {
    expect(alphaOf({ kayenta: true, look: { number: 7 } })).toBeCloseTo(0.02);
  });

  test('make the same data prove less', () => {
    const metric = metricOf(between(10, 20, 30), between(6, 16, 30));
    const at = (number: number): Classification =>
      classify(metric, { ...config, look: { number } }).classification;
    expect([at(1), at(50)]).toEqual(['High', 'Pass']);
  });

  test('end with the plan', () => {
    expect(() => alphaOf({ look: { number: 4, planned: 3 } })).toThrow('look 4 of 3');
  });
});

describe('errors that are rare', () => {
  // 2 % against 0.1 %: ten minutes of 5 and 95 requests in 10 s.
  const canary = countsOf(60, 5, 6);
  const baseline = countsOf(60, 95, 6);
  const metric: JudgedMetric = {
    name: 'errors',
    groups: ['main'],
    samples: { kind: 'counts', canary, baseline },
  };

  test('are invisible to Kayenta', () => {
    const judged = classify({ ...metric, direction: 'increase' }, { ...config, kayenta: true });
    expect(judged.classification).toBe('Pass');
  });

  test('are compared by their counts', () => {
    const judged = classify(metric, config);
    expect(judged.classification).toBe('High');
    expect(judged.interval).toMatchObject({ kind: 'ratio' });
    expect(judged.interval?.estimate).toBeCloseTo(19, 6);
    expect(judged.interval?.low).toBeGreaterThan(1);
  });

  test('pass when they are as rare on both sides', () => {
    const samples = { kind: 'counts', canary: countsOf(60, 50, 3), baseline: countsOf(60, 950, 57) } as const;
    expect(classify({ ...metric, samples }, config).classification).toBe('Pass');
  });

  test('pass when there are none, and there were enough requests', () => {
    const samples = { kind: 'counts', canary: countsOf(60, 50, 0), baseline: countsOf(60, 950, 0) } as const;
    expect(classify({ ...metric, samples }, config).classification).toBe('Pass');
  });

  test('are Nodata when there was one request', () => {
    const samples = { kind: 'counts', canary: countsOf(1, 1, 0), baseline: countsOf(60, 10, 30) } as const;
    expect(classify({ ...metric, samples }, config).classification).toBe('Nodata');
  });

  test('that come in bursts weigh less', () => {
    const bursts = {
      total: baseline.total,
      bad: baseline.total.map((_, index) => (index === 5 ? 6 : 0)),
    };
    const judged = classify({ ...metric, samples: { kind: 'counts', canary, baseline: bursts } }, config);
    expect(judged.classification).toBe('Pass');
  });

  test('are seen in values as well when both sides are as large', () => {
    const sparse = (nonzero: number): number[] =>
      Array.from({ length: 60 }, (_, index) => (index < nonzero ? 0.02 : 0));
    expect(classify(metricOf(sparse(20), sparse(3)), config).classification).toBe('High');
    expect(classify(metricOf(sparse(4), sparse(3)), config).reason).toContain('counts would show more');
  });
});

describe('a weight and an error rate that both change', () => {
  // First 5 % of the requests and 1 in 1000 fails, then half of them and 1 in 50 fails: the same for both versions at any time.
  const both = (first: readonly [number, number], then: readonly [number, number]) => {
    const [one, two] = [countsOf(40, ...first), countsOf(40, ...then)];
    return { bad: [...one.bad, ...two.bad], total: [...one.total, ...two.total] };
  };
  const canary = both([500, 20], [5_000, 4_000]);
  const baseline = both([9_500, 380], [5_000, 4_000]);

  test('are no difference', () => {
    const shareOf = ({ bad, total }: typeof canary): number =>
      bad.reduce((sum, each) => sum + each, 0) / total.reduce((sum, each) => sum + each, 0);
    expect(shareOf(canary)).toBeGreaterThan(2 * shareOf(baseline));
    const metric: JudgedMetric = { name: 'e', groups: ['g'], samples: { kind: 'counts', canary, baseline } };
    // Bursts and changes of the baseline make its counts weigh less; here they have to be fair without that.
    const found = compareCounts(comparedCounts(canary, baseline), {
      alpha: 0.02,
      tolerance: 0.25,
      dispersion: 1,
    });
    expect(found).toMatchObject({ side: 'Pass', interval: { estimate: expect.closeTo(1, 6) } });
    expect(classify(metric, config).classification).toBe('Pass');
  });
});
