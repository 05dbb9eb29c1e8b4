import { measureJudge } from '../../src/activities/measure-judge';
import type { Measuring } from '../../src/activities/measuring';
import type { MetricRun, MetricSpec, Reading } from '../../src/domain/analysis/spec';
import type { RangeSeries } from '../../src/domain/judge/series';
import type { JudgeVerdict } from '../../src/domain/judge/verdict';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import { metric as specOf } from '../domain/analysis/metric-builder';

const began = Date.parse('2026-01-01T01:00:00Z');
const interval = 600_000;

type Fields = Readonly<Record<string, unknown>>;
type Asked = (provider: Fields, now: number) => Promise<Reading>;

function pod(name: string, rollout?: string): KubeObject {
  const labels = { app: 'web', ...(rollout !== undefined && { [marks.rollout]: rollout }) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels } };
}

const fleet = [pod('new-1', 'r2'), pod('new-2', 'r2'), pod('old-1'), pod('old-2'), pod('other-1', 'r9')];

/** One look at `minutes` after the beginning. */
function look(
  judge: Fields,
  ask: Asked,
  {
    metric = {},
    known,
    minutes = 10,
  }: { metric?: Partial<MetricSpec>; known?: Partial<MetricRun>; minutes?: number } = {},
) {
  const view = { ready: async () => undefined, objects: () => fleet, close: () => undefined };
  const measuring = {
    tools: { ports: { cluster: { view: () => view } } },
    spec: { namespace: 'shop', rolloutId: 'r2' },
    beat: { signal: new AbortController().signal, note: () => undefined, now: Date.now },
    selector: { app: 'web' },
  } as unknown as Measuring;
  const spec = {
    ...specOf({ name: 'j' }),
    intervalMs: interval,
    initialDelayMs: interval,
    count: 1,
    ...metric,
  };
  const now = began + minutes * 60_000 + 4_321;
  return measureJudge(measuring, spec, {
    known: known as MetricRun | undefined,
    begunAt: began,
    provider: { judge },
    ask,
    now,
  });
}

async function verdict(...of: Parameters<typeof look>): Promise<JudgeVerdict> {
  const reading = await look(...of);
  if (reading.kind !== 'judged') throw new Error(`no verdict but ${JSON.stringify(reading)}`);
  return reading.verdict;
}

/** A series of a point each ten seconds from the beginning on. */
function series(name: string, valueAt: (index: number) => number, points = 61): RangeSeries {
  const all = Array.from({ length: points }, (_, index) => [began + index * 10_000, valueAt(index)] as const);
  return { labels: name === '' ? {} : { pod: name }, points: all };
}

/** Answers each query by the first text that it holds. */
function answering(answers: Readonly<Record<string, readonly RangeSeries[]>>): Asked {
  return ({ judge }) => {
    const { query } = judge as { query: string };
    const key = Object.keys(answers).find((text) => query.includes(text));
    return Promise.resolve({ kind: 'value', value: key === undefined ? [] : answers[key] });
  };
}

const requests = (names: readonly string[]) => names.map((name) => series(name, (index) => 1_000 * index));
const pods = ['new-1', 'new-2', 'old-1', 'old-2', 'other-1'];
const counts = { metrics: [{ name: 'errors', total: 'requests_total', bad: 'errors_total' }] };
const errorsOf = (share: number) =>
  ['new-1', 'old-1', 'old-2', 'other-1'].map((name) =>
    series(name, (index) => Math.floor((name === 'new-1' ? share : 0.001) * 1_000 * index)),
  );

test('a worse canary fails by its counts, each pod counting for its version', async () => {
  const ask = answering({ requests_total: requests(pods), errors_total: errorsOf(0.05) });
  expect(await verdict(counts, ask)).toMatchObject({
    phase: 'Failed',
    value: 'score 0: errors High',
    sentence: expect.stringMatching(
      /^the judge scores the canary 0 of 100, below 75: errors is High, 25 times the baseline’s share of bad requests \(20 to 31\)$/,
    ),
  });
});

test('an equal canary passes by its counts', async () => {
  const ask = answering({ requests_total: requests(pods), errors_total: errorsOf(0.001) });
  expect(await verdict(counts, ask)).toMatchObject({ phase: 'Successful', value: 'score 100: errors Pass' });
});

const values = { metrics: [{ name: 'latency', query: { canary: 'new_p99', baseline: 'old_p99' } }] };
const around = (middle: number) => [series('', (index) => middle + 0.1 * Math.sin(index * 1.7))];

test.each([
  ['more', 0.9, {}, 'Failed'],
  ['as much', 0.5, {}, 'Successful'],
  ['less', 0.1, {}, 'Successful'],
  ['less, where that counts', 0.1, { direction: 'decrease' }, 'Failed'],
  ['less, where both count', 0.1, { direction: 'either' }, 'Failed'],
])('values of a version: %s', async (_name, canary, more, phase) => {
  const [metric] = values.metrics;
  const ask = answering({ new_p99: around(canary), old_p99: around(0.5) });
  expect((await verdict({ metrics: [{ ...metric, ...more }] }, ask)).phase).toBe(phase);
});

test('asks for the time since the beginning, once for both versions where they share a text', async () => {
  const asked: (readonly [Fields, number])[] = [];
  const ask: Asked = (provider, now) => {
    asked.push([provider['judge'] as Fields, now]);
    return Promise.resolve({ kind: 'value', value: [] });
  };
  const server = { address: 'http://p', headers: [{ key: 'a', value: 'b' }] };
  await look({ ...server, ...counts }, ask, { minutes: 12 });
  const rangeQuery = { start: 'now() - duration("720000ms")', end: 'now()', step: '10000ms' };
  expect(asked).toEqual([
    [{ ...server, query: 'sum by (pod) (requests_total\n)', rangeQuery }, began + 720_000],
    [{ ...server, query: 'sum by (pod) (errors_total\n)', rangeQuery }, began + 720_000],
  ]);
  asked.length = 0;
  await look({ ...values, lookback: '2m', step: '5s' }, ask, {
    metric: { initialDelayMs: interval + 60_000 },
  });
  expect(asked.map(([{ query, rangeQuery: range }]) => [query, (range as Fields)['start']])).toEqual([
    ['new_p99', 'now() - duration("120000ms")'],
    ['old_p99', 'now() - duration("120000ms")'],
  ]);
});

test('each of several looks has its part of the confidence, and says which it is', async () => {
  const slightly = answering({ new_p99: around(0.545), old_p99: around(0.5) });
  const at = (count: number, number: number) =>
    verdict(values, slightly, { metric: { count }, known: { count: number - 1 } });
  expect((await at(1, 1)).phase).toBe('Failed');
  const last = await at(200, 200);
  expect(last.phase).toBe('Successful');
  expect(last.sentence).toMatch(/\(look 200 of 200\)$/);
  const asKayenta = { ...values, kayenta: true };
  const kayenta = await verdict(asKayenta, slightly, { metric: { count: 200 }, known: { count: 199 } });
  expect(kayenta.phase).toBe('Failed');
});

test.each<[string, Fields, Readonly<Record<string, readonly RangeSeries[]>>, RegExp]>([
  ['no series at all', counts, {}, /errors Nodata, the canary has no values/],
  ['no pods of the baseline', counts, { requests_total: requests(['new-1']) }, /the baseline has no values/],
  [
    'counters that stand still',
    counts,
    { requests_total: pods.map((name) => series(name, () => 7)) },
    /the canary has no values/,
  ],
  [
    'one point',
    counts,
    { requests_total: pods.map((name) => series(name, () => 7, 1)) },
    /the canary has no values/,
  ],
  [
    'few requests',
    counts,
    {
      requests_total: pods.map((name) => series(name, (index) => index, 2)),
      errors_total: [series('new-1', (index) => index, 2)],
    },
    /too little data/,
  ],
  [
    'nothing but NaN',
    values,
    { new_p99: [series('', () => Number.NaN)], old_p99: around(1) },
    /the canary has no values/,
  ],
])('%s is inconclusive, with the reason', async (_name, judge, answers, reason) => {
  const { phase, sentence } = await verdict(judge, answering(answers));
  expect([phase, sentence]).toEqual(['Inconclusive', expect.stringMatching(reason)]);
});

test.each<[string, Fields, Asked, object]>([
  [
    'a query that is wrong',
    values,
    ({ judge }) =>
      Promise.resolve(
        (judge as Fields)['query'] === 'old_p99'
          ? { kind: 'error', message: 'parse error', isUnreachable: false }
          : { kind: 'value', value: [] },
      ),
    { message: 'latency: query.baseline: parse error', isUnreachable: false },
  ],
  [
    'a server that is away',
    counts,
    () => Promise.resolve({ kind: 'error', message: 'connection refused', isUnreachable: true }),
    { message: 'errors: total: connection refused', isUnreachable: true },
  ],
  [
    'several series of values',
    values,
    answering({ new_p99: [...around(1), ...around(2)], old_p99: around(1) }),
    {
      message: expect.stringContaining('latency: query.canary: the query finds 2 series'),
      isUnreachable: false,
    },
  ],
  [
    'an argument that turns out wrong',
    { ...values, step: 'soon' },
    answering({}),
    { message: expect.stringContaining('judge.step'), isUnreachable: false },
  ],
])('%s is an error, not a verdict', async (_name, judge, ask, expected) => {
  expect(await look(judge, ask)).toMatchObject({ kind: 'error', ...expected });
});
