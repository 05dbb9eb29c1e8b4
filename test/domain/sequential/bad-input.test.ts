import type { MetricSample, PodReading } from '../../../src/domain/sequential';
import { config, Fleet, histogramFields, pod, Run } from './builder';

const nothing: MetricSample = { canary: [], baseline: [] };
const good = [50, 0] as const;
const stable = [950, 1] as const;

/** A run that has seen a good version for so many ticks. */
function started(ticks = 3, fields = {}): { run: Run; fleet: Fleet } {
  const [run, fleet] = [new Run(config(fields)), new Fleet()];
  run.tick(fleet.read());
  for (let i = 0; i < ticks; i++) run.tick(fleet.serve(good, stable).read());
  return { run, fleet };
}

/** Readings in which one counter of every canary pod is replaced. */
function spoilt({ canary, baseline }: MetricSample, value: PodReading): MetricSample {
  return { canary: canary.map((each) => ({ ...each, ...value, pod: each.pod })), baseline };
}

const failing = { pod: '', bad: 1e6 };

test.each<[string, (fleet: Fleet) => MetricSample | Record<string, never>, string, string]>([
  ['no metric at all', () => ({}), 'hold', 'errors could not be read'],
  ['no pod of either version', () => nothing, 'hold', 'errors has no readable counters of this version'],
  [
    'no pod of the baseline',
    (fleet) => ({ ...fleet.serve([50, 40], stable).read(), baseline: [] }),
    'hold',
    'errors has no readable counters of the stable version',
  ],
  [
    'NaN requests',
    (fleet) => spoilt(fleet.read(), { ...failing, total: Number.NaN }),
    'hold',
    'errors has no readable counters of this version: counters of pod new-1 are unreadable and 1 more',
  ],
  [
    'NaN errors',
    (fleet) => spoilt(fleet.serve(good, stable).read(), { pod: '', bad: Number.NaN }),
    'hold',
    'errors has no readable counters of this version: counters of pod new-1 are unreadable and 1 more',
  ],
  [
    'infinite errors',
    (fleet) => spoilt(fleet.serve(good, stable).read(), { pod: '', bad: Number.POSITIVE_INFINITY }),
    'hold',
    'errors has no readable counters of this version: counters of pod new-1 are unreadable and 1 more',
  ],
  [
    'negative requests',
    (fleet) => spoilt(fleet.read(), { ...failing, total: -5 }),
    'hold',
    'errors has no readable counters of this version: counters of pod new-1 are unreadable and 1 more',
  ],
])('holds on %s, and never fails', (_name, read, kind, sentence) => {
  const { run, fleet } = started();
  const before = run.state.metrics['errors']?.evidence;
  for (let i = 0; i < 5; i++) {
    run.tick(read(fleet));
    expect(run.verdict).toMatchObject({ kind, sentence });
  }
  expect(run.state.metrics['errors']?.evidence).toBe(before);
});

test.each<[string, readonly [number, number], readonly [number, number], string]>([
  [
    'the new version gets no traffic',
    [0, 0],
    stable,
    'errors saw no requests to this version in the last tick',
  ],
  [
    'the stable version gets none',
    good,
    [0, 0],
    'errors saw no requests to the stable version in the last tick',
  ],
  ['neither gets any', [0, 0], [0, 0], 'errors saw no requests to this version in the last tick'],
  [
    'only failing ones without a baseline',
    [50, 50],
    [0, 0],
    'errors saw no requests to the stable version in the last tick',
  ],
])('holds when %s', (_name, canary, baseline, sentence) => {
  const [run, fleet] = [new Run(config()), new Fleet()];
  run.tick(fleet.read()).tick(fleet.serve(canary, baseline).read());
  expect(run.verdict).toMatchObject({ kind: 'hold', sentence });
});

test('takes a single quiet tick for little traffic, and three for a fault', () => {
  const { run, fleet } = started();
  const kinds = [1, 2, 3].map(() => run.tick(fleet.serve([0, 0], stable).read()).verdict.kind);
  expect(kinds).toEqual(['continue', 'continue', 'hold']);
  expect(run.verdict.sentence).toBe(
    'errors saw no requests to this version or the stable one in the last 3 ticks',
  );
  expect(run.tick(fleet.serve(good, stable).read()).verdict.kind).toBe('continue');
});

test.each<[string, (total: number, bad: number) => PodReading]>([
  ['requests that go down a little (an older reading)', (total, bad) => pod('new-1', total - 1, bad + 1000)],
  ['errors that go down', (total) => pod('new-1', total + 50, 0)],
  ['an error series that is gone', (total) => pod('new-1', total + 50)],
])('does not count %s', (_name, reading) => {
  const [run, fleet] = [new Run(config()), new Fleet(['new-1'])];
  fleet.at('new-1', 100_000, 500);
  run.tick(fleet.read()).tick(fleet.serve([100, 0], stable).read());
  const before = run.state.metrics['errors']?.logHarm ?? 0;
  run.tick({ ...fleet.serve([0, 0], stable).read(), canary: [reading(100_100, 500)] });
  expect(run.state.metrics['errors']?.logHarm).toBeLessThanOrEqual(before);
  expect(run.verdict.kind).toBe('continue');
  expect(run.verdict.sentence).toMatch(/pod new-1/);
});

test('an older reading loses nothing: the next one counts from where it was', () => {
  const [clean, muddled] = [started(), started()];
  muddled.run.tick(muddled.fleet.read());
  const older = muddled.fleet.serve([40, 4], [900, 0]).read();
  const pods = older.canary.map(({ pod: name }, index) => pod(name, 74 + index, 0));
  muddled.run.tick({ ...older, canary: pods });
  clean.run.tick(clean.fleet.read()).tick(clean.fleet.read());
  clean.run.tick(clean.fleet.serve([40, 4], [900, 0]).read());
  muddled.run.tick(muddled.fleet.read());
  expect(muddled.run.state.metrics['errors']?.totals).toBe(clean.run.state.metrics['errors']?.totals);
});

test('counts what a restarted pod shows, once', () => {
  const { run, fleet } = started();
  run.tick(fleet.restart('new-1').at('new-1', 20, 3).read());
  run.tick(fleet.read());
  expect(run.state.metrics['errors']?.byPod.length).toBeGreaterThan(0);
  expect(run.verdict.sentence).toContain('this version fails 1.8 %');
});

test('takes the first sight of a pod for where it counts from, and a new error series on a known pod for news', () => {
  const [run, fleet] = [new Run(config()), new Fleet(['new-1'])];
  const { baseline } = fleet.read();
  run.tick({ canary: [pod('new-1', 0)], baseline });
  run.tick({
    canary: [pod('new-1', 100), pod('new-2', 50_000, 50_000)],
    baseline: fleet.serve([0, 0], stable).read().baseline,
  });
  expect(run.verdict.sentence).toContain('this version fails 0 %');
  run.tick({
    canary: [pod('new-1', 200, 2), pod('new-2', 50_000, 50_000)],
    baseline: fleet.serve([0, 0], stable).read().baseline,
  });
  expect(run.verdict.sentence).toContain('this version fails 1 %');
});

test.each<[string, (at: number) => number, string]>([
  [
    'a clock that goes back',
    (at) => at - 90_000,
    'the clock of the last reading is 1 min 30 s behind the one before',
  ],
  ['a time that is no number', () => Number.NaN, 'the time of the last reading is unreadable'],
])('holds on %s, counts nothing, and goes on when it is right again', (_name, clock, sentence) => {
  const { run, fleet } = started();
  const before = run.state.metrics;
  run.tickAt(clock(run.at), fleet.serve([50, 50], stable).read());
  expect(run.verdict.kind).toBe('hold');
  expect(run.verdict.sentence).toContain(sentence);
  expect(run.state.metrics).toEqual(before);
  expect(run.tick(fleet.read()).verdict.kind).toBe('continue');
});

const buckets = (counts: Record<string, number>): PodReading => ({ pod: 'new-1', buckets: counts });
const old = (counts: Record<string, number>): PodReading => ({ pod: 'old-1', buckets: counts });

test.each<[string, PodReading, PodReading, string, string]>([
  [
    'no bucket in common',
    buckets({ '0.1': 5, '+Inf': 9 }),
    old({ '0.25': 5, '+Inf': 9 }),
    'inconclusive',
    'latency has no bucket that both versions share',
  ],
  [
    'no bucket at all',
    { pod: 'new-1', total: 5 },
    old({ '0.25': 5, '+Inf': 9 }),
    'hold',
    'latency has no readable buckets of one of the versions',
  ],
  [
    'buckets that shrink with their bound',
    buckets({ '0.1': 8, '0.5': 5, '+Inf': 9 }),
    old({ '0.1': 5, '0.5': 6, '+Inf': 9 }),
    'hold',
    'latency has no readable counters of this version: counters of pod new-1 are unreadable',
  ],
  [
    'more in a bucket than in all',
    buckets({ '0.1': 12, '+Inf': 9 }),
    old({ '0.1': 5, '+Inf': 9 }),
    'hold',
    'latency has no readable counters of this version: counters of pod new-1 are unreadable',
  ],
])('a histogram with %s', (_name, canary, baseline, kind, sentence) => {
  const run = new Run(config(histogramFields, 'latency'));
  for (let i = 0; i < 3; i++) run.tick({ latency: { canary: [canary], baseline: [baseline] } });
  expect(run.verdict).toMatchObject({ kind, sentence });
});

test('a histogram whose version loses a bucket later on is inconclusive', () => {
  const run = new Run(config(histogramFields, 'latency'));
  const both = { '0.1': 5, '0.5': 8, '+Inf': 9 };
  run.tick({ latency: { canary: [buckets(both)], baseline: [old(both)] } });
  run.tick({ latency: { canary: [buckets({ '0.1': 9, '+Inf': 20 })], baseline: [old(both)] } });
  expect(run.verdict).toMatchObject({
    kind: 'inconclusive',
    sentence: 'latency has no readable counters of this version: pod new-1 has no bucket 0.5',
  });
});

test('compares the buckets that both versions have', () => {
  const run = new Run(config(histogramFields, 'latency'));
  const canary = buckets({ '0.1': 5, '0.3': 7, '1': 8, '+Inf': 9 });
  run.tick({ latency: { canary: [canary], baseline: [old({ '0.1': 5, '0.5': 8, '1.0': 8, '+Inf': 9 })] } });
  expect(run.state.metrics['latency']?.bounds).toEqual([0.1, 1]);
});

test('one pod of either version is judged as many are, and the sentence says what it cannot tell', () => {
  const [run, fleet] = [new Run(config()), new Fleet(['new-1'], ['old-1'])];
  run.tick(fleet.read());
  for (let i = 0; i < 30; i++) run.tick(fleet.serve(good, stable).read());
  expect(['continue', 'promote']).toContain(run.verdict.kind);
  for (let i = 0; i < 10; i++) run.tick(fleet.serve([50, 10], stable).read());
  expect(run.verdict).toMatchObject({ kind: 'failed', pod: 'new-1' });
  expect(run.verdict.sentence).toContain('a bad pod and a bad version cannot be told apart');
});

test('a step that nothing could be read in ends inconclusive, with the reason', () => {
  const { run } = started(1, { maxStepDuration: '1m' });
  const kinds = Array.from({ length: 6 }, () => run.tick({}).verdict.kind);
  expect(kinds).toEqual(['hold', 'hold', 'hold', 'hold', 'inconclusive', 'inconclusive']);
  expect(run.verdict.sentence).toBe(
    'no verdict in 1 min, the longest that a step may last; errors could not be read',
  );
});

test('no reading whatever makes a number that JSON cannot hold', () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, -1, 0, 1e300, 9e15, 5];
  const run = new Run(
    config({
      metrics: [
        { name: 'errors', total: q, bad: q },
        { name: 'memory', gauge: q },
      ],
    }),
  );
  for (const total of odd) {
    for (const bad of odd) {
      const pods = [{ pod: 'a', total, bad, value: total, buckets: { x: bad, '0.1': bad } }];
      const sample = { canary: pods, baseline: pods };
      run.tick({ errors: sample, memory: sample });
      expect(JSON.stringify(run.state)).not.toContain('null');
      expect(run.verdict.kind).not.toBe('failed');
    }
  }
});
const q = { canary: 'c', baseline: 'b' };
