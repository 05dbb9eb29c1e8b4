import { readSequential } from '../../../src/domain/sequential';

const q = { canary: 'c', baseline: 'b' };
const counter = { total: q, bad: q };

test('reads one metric with all defaults', () => {
  expect(readSequential(counter, 'errors')).toEqual({
    ok: true,
    value: {
      metrics: [
        {
          name: 'errors',
          kind: 'counter',
          total: q,
          bad: q,
          weight: 1,
          tolerate: { ratio: 1.5, absolute: 0.001 },
        },
      ],
      rollback: { alpha: 0.01, minTicks: 2, horizon: 60 },
      promote: { beta: 0.05, budget: 0.001, minTicks: 2 },
      maxStepMs: 1_800_000,
      warmupMs: 30_000,
      intervalMs: 10_000,
    },
  });
});

test('reads the metrics and rules of a whole analysis', () => {
  const written = {
    address: 'http://prometheus:9090',
    metrics: [
      {
        name: 'errors',
        interval: '5s',
        sequential: { ...counter, tolerate: { ratio: 2, absolute: '0.5%' }, weight: 3 },
      },
      { name: 'latency', histogram: q, bounds: [0.5, '0.25'], tolerate: { ratio: 0, absolute: 0.01 } },
      { name: 'memory', gauge: q, block: '5m', worse: 'lower', then: 'inform' },
    ],
    analysis: {
      rollback: { alpha: 0.02, minTicks: 3, horizon: 30 },
      promote: { beta: '10%', budget: '0.2%', minTicks: 4 },
      maxStepDuration: '1h',
      warmup: '0s',
    },
  };
  const read = readSequential(written);
  expect(read).toMatchObject({
    ok: true,
    value: {
      metrics: [
        { name: 'errors', kind: 'counter', tolerate: { ratio: 2, absolute: 0.005 }, weight: 3 },
        { name: 'latency', kind: 'histogram', bounds: [0.25, 0.5], tolerate: { ratio: 0, absolute: 0.01 } },
        {
          name: 'memory',
          kind: 'gauge',
          blockMs: 300_000,
          worse: 'lower',
          then: 'inform',
          tolerate: { ratio: 1, absolute: 0 },
        },
      ],
      rollback: { alpha: 0.02, minTicks: 3, horizon: 30 },
      promote: { beta: 0.1, budget: 0.002, minTicks: 4 },
      ...{ maxStepMs: 3_600_000, warmupMs: 0, intervalMs: 5000 },
    },
  });
});

test('an absolute limit needs no baseline', () => {
  const own = { canary: 'c' };
  expect(readSequential({ total: own, bad: own, tolerate: { ratio: 0, absolute: '1%' } }).ok).toBe(true);
});

test.each<[string, unknown, string]>([
  ['no map', 'text', 'sequential: must be a map of fields, not a text'],
  ['nothing', {}, 'sequential.total: is missing'],
  ['two kinds', { ...counter, histogram: q }, 'sequential.total: is written together with histogram'],
  ['no bad requests', { total: q }, 'sequential.bad: is missing'],
  ['no canary', { total: { baseline: 'b' }, bad: q }, 'sequential.total.canary: is missing'],
  ['no baseline', { total: { canary: 'c' }, bad: q }, 'sequential.total.baseline: is missing'],
  [
    'a query that is no text',
    { total: { canary: 5, baseline: 'b' }, bad: q },
    'sequential.total.canary: must be a text, not the number 5',
  ],
  ['a misspelt field', { ...counter, tolerat: {} }, 'sequential.tolerat: unknown field'],
  ['a negative ratio', { ...counter, tolerate: { ratio: -1 } }, 'sequential.tolerate.ratio: -1 is below 0'],
  [
    'a ratio in words',
    { ...counter, tolerate: { ratio: 'twice' } },
    'sequential.tolerate.ratio: is no number',
  ],
  [
    'a ratio with a percent sign',
    { ...counter, tolerate: { ratio: '5%' } },
    'sequential.tolerate.ratio: is no number',
  ],
  [
    'more than everything',
    { ...counter, tolerate: { absolute: '101%' } },
    'sequential.tolerate.absolute: 1.01 is above 1',
  ],
  [
    'no tolerance at all',
    { ...counter, tolerate: { ratio: 0, absolute: 0 } },
    'sequential.tolerate.absolute: is 0 without a ratio: any bad request would be a regression',
  ],
  [
    'an alpha of nothing',
    { ...counter, rollback: { alpha: 0 } },
    'sequential.rollback.alpha: 0 is not above 0',
  ],
  [
    'an alpha of NaN',
    { ...counter, rollback: { alpha: Number.NaN } },
    'sequential.rollback.alpha: is no number',
  ],
  [
    'an alpha of a coin',
    { ...counter, rollback: { alpha: 0.6 } },
    'sequential.rollback.alpha: 0.6 is above 0.5',
  ],
  ['no ticks', { ...counter, rollback: { minTicks: 0 } }, 'sequential.rollback.minTicks: 0 is below 1'],
  ['a horizon of one', { ...counter, rollback: { horizon: 1 } }, 'sequential.rollback.horizon: 1 is below 2'],
  [
    'a budget of nothing',
    { ...counter, promote: { budget: '0%' } },
    'sequential.promote.budget: 0 is not above 0',
  ],
  ['a weight of nothing', { ...counter, weight: 0 }, 'sequential.weight: 0 is not above 0'],
  ['a duration in words', { ...counter, warmup: 'soon' }, 'sequential.warmup: soon is not a duration'],
  [
    'bounds that are none',
    { histogram: q, bounds: ['x'] },
    'sequential.bounds: must be a list of up to 16 different numbers',
  ],
  ['an empty list', { metrics: [] }, 'sequential.metrics: is empty'],
  ['a metric without a name', { metrics: [counter] }, 'sequential.metrics[0].name: is missing'],
  [
    'two of one name',
    {
      metrics: [
        { name: 'a', ...counter },
        { name: 'a', ...counter },
      ],
    },
    'sequential.metrics: two metrics are called a',
  ],
  [
    'eleven metrics',
    { metrics: Array.from({ length: 11 }, (_, i) => ({ name: `m${i}`, ...counter })) },
    'sequential.metrics: 11 metrics are more than 10',
  ],
  [
    'gauges only',
    { metrics: [{ name: 'memory', gauge: q }] },
    'sequential.metrics: hold gauges only, which inform or pause but never decide',
  ],
])('refuses %s', (_name, written, told) => {
  const read = readSequential(written);
  const problems = read.ok ? [] : read.problems;
  expect(problems.map(({ field, message }) => `${field}: ${message}`)).toContain(told);
  expect(problems.every(({ remedy }) => remedy !== undefined)).toBe(true);
});

test('reports every problem, not just the first', () => {
  const read = readSequential({ metrics: [{ name: 'a', total: q }, { name: 'b' }], rollback: { alpha: 2 } });
  expect(read.ok ? [] : read.problems.map(({ field }) => field)).toEqual([
    'sequential.metrics[0].bad',
    'sequential.metrics[1].total',
    'sequential.rollback.alpha',
  ]);
});
