import { measureSequential } from '../../src/activities/measure-sequential';
import type { Measuring } from '../../src/activities/measuring';
import { startAnalysis, takeReading } from '../../src/domain/analysis/run';
import type { AnalysisRun, Reading } from '../../src/domain/analysis/spec';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import type { Series, StepSample } from '../../src/domain/sequential';
import { PortError } from '../../src/ports/port-error';
import { sequentialMetric } from '../domain/analysis/metric-builder';

const metric = sequentialMetric();

function pod(name: string, rollout?: string): KubeObject {
  const labels = { app: 'web', ...(rollout === undefined ? {} : { [marks.rollout]: rollout }) };
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }];
  const spec = { containers: [{ ports: [{ containerPort: 8080 }] }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec,
    status: { conditions },
  };
}

const fleet = [pod('new-1', 'r2'), pod('new-2', 'r2'), pod('old-1'), pod('old-2')];
const first = Date.parse('2026-01-01T01:00:00Z') / 1000;

/** Counters of a pod: requests and bad ones; what is undefined is not there. */
type Counters = Readonly<Record<string, readonly [total: number | undefined, bad?: number]>>;

function seriesOf(counters: Counters, at: number): readonly Series[] {
  return Object.entries(counters).flatMap(([name, [total, bad]]) => [
    ...(total === undefined
      ? []
      : [
          { labels: { belay_series: '0', pod: name }, value: total },
          { labels: { belay_series: '0t', pod: name }, value: at },
        ]),
    ...(bad === undefined ? [] : [{ labels: { belay_series: '1', pod: name }, value: bad }]),
  ]);
}

interface Options {
  readonly pods?: readonly KubeObject[];
  readonly fields?: object;
  readonly name?: string;
  readonly standing?: StepSample;
  readonly readPod?: (name: string) => Promise<string>;
}

/** One look after the other; each begins with the run as JSON brought it back, as a new batch does. */
class Looks {
  run: AnalysisRun = startAnalysis([metric], 0);
  #ticks = 0;

  constructor(private readonly options: Options = {}) {}

  async look(answer: Reading | Counters, at = first + 10 * this.#ticks): Promise<this> {
    this.#ticks++;
    const { pods = fleet, fields = {}, name = 'background', standing = { index: 1 }, readPod } = this.options;
    const view = { ready: async () => undefined, objects: () => pods, close: () => undefined };
    const cluster = { view: () => view, readPod: ({ name: of }: { name: string }) => readPod?.(of) };
    const measuring = {
      tools: { ports: { cluster } },
      spec: { namespace: 'shop', rolloutId: 'r2' },
      name,
      beat: { signal: new AbortController().signal, note: () => undefined, now: Date.now },
      selector: { app: 'web' },
      stage: standing,
    } as unknown as Measuring;
    const counters = 'histogram' in fields ? {} : { total: 't', bad: 'b' };
    const sequential = { ...counters, warmup: '0s', ...fields };
    const reading: Reading =
      'kind' in answer ? (answer as Reading) : { kind: 'value', value: seriesOf(answer, at) };
    const known = this.run.metrics[0];
    const taken = await measureSequential(measuring, metric, {
      known,
      provider: { sequential },
      ask: () => Promise.resolve(reading),
      now: at * 1000,
    });
    const moment = { name: 'errors', startedAt: at * 1000, finishedAt: at * 1000 + 5 };
    this.run = JSON.parse(
      JSON.stringify(takeReading([metric], this.run, { ...moment, ...taken })),
    ) as AnalysisRun;
    return this;
  }

  get verdict() {
    return this.run.metrics[0]?.sequential;
  }

  get requests() {
    return this.verdict?.report.metrics[0]?.canary?.requests;
  }
}

/** Both versions after so many ticks: 1000 requests a tick and pod. */
const good = (ticks: number): Counters => ({
  'new-1': [1000 * ticks],
  'new-2': [1000 * ticks],
  'old-1': [1000 * ticks],
  'old-2': [1000 * ticks],
});
const bad = (ticks: number): Counters => ({
  ...good(ticks),
  'new-1': [1000 * ticks, 50 * ticks],
  'new-2': [1000 * ticks, 40 * ticks],
});

test('a bad version fails with the numbers, and the run with it', async () => {
  const looks = new Looks();
  for (const tick of [1, 2, 3]) await looks.look(bad(tick));
  expect(looks.run).toMatchObject({
    phase: 'Failed',
    message: expect.stringMatching(/^errors: stable fails 0 % of requests, this version 4\.5 % \(/),
  });
});

test('a scrape is counted once, however often it is read', async () => {
  const looks = new Looks();
  await looks.look(good(1), first);
  await looks.look(good(3), first + 10);
  expect(looks.requests).toBe(4000);
  await looks.look(good(3), first + 10);
  await looks.look(good(3), first + 10);
  expect(looks.requests).toBe(4000);
});

test('a look that is repeated from the old memory counts the same', async () => {
  const looks = new Looks();
  await looks.look(good(1));
  const before = looks.run;
  await looks.look(good(2));
  const { memory } = looks.run.metrics[0] ?? {};
  looks.run = before;
  await looks.look(good(2), first + 10);
  expect(looks.run.metrics[0]?.memory).toEqual(memory);
});

test('a good version earns its stage: it ends a step, and is told in the background', async () => {
  const step = new Looks({ name: 'step 2', standing: { index: 1, nextWeight: 0.5 } });
  const background = new Looks({
    fields: { promote: { endsPause: true } },
    standing: { index: 1, nextWeight: 0.5 },
  });
  for (const tick of [1, 2, 3, 4]) {
    await step.look(good(tick * 2));
    await background.look(good(tick * 2));
  }
  expect(step.run.phase).toBe('Successful');
  expect(background.run.phase).toBe('Running');
  expect(background.verdict).toMatchObject({ kind: 'promote', stage: 1, endsPause: true });
});

const lost = { 'old-1': [2000], 'old-2': [2000] } as const;
const onlyNew = { 'new-1': [2000], 'new-2': [2000] } as const;

test.each<[string, readonly (Reading | Counters)[], string, RegExp]>([
  ['no traffic at all', [good(0), good(0), good(0), good(0)], 'hold', /saw no requests to/],
  [
    'no traffic to the new version',
    [1, 2, 3, 4].map((tick) => ({ ...good(tick), 'new-1': [0], 'new-2': [0] })),
    'hold',
    /saw no requests to this version/,
  ],
  ['nothing found', [{ kind: 'value', value: [] }], 'hold', /find no series with the label pod/],
  ['the baseline missing', [good(1), onlyNew], 'hold', /no readable counters of the stable version/],
  ['the new version missing', [good(1), lost], 'hold', /no readable counters of this version/],
  [
    'NaN',
    [good(1), { ...good(2), 'new-1': [Number.NaN], 'new-2': [Number.NaN] }],
    'hold',
    /no readable counters of this version: counters of pod new-1 are unreadable/,
  ],
  [
    'negative counters',
    [good(1), { ...good(2), 'new-1': [-5], 'new-2': [-5] }],
    'hold',
    /no readable counters of this version/,
  ],
  [
    'counters that begin anew',
    [good(5), { ...good(6), 'new-1': [1000] }, good(7)],
    'promote',
    /would cost more than 0.1 % of all requests/,
  ],
  ['more bad requests than requests', [good(1), { ...good(2), 'old-1': [2000, 9000] }], 'continue', /errors/],
])('%s: a verdict with its reason, never a failure', async (_name, answers, kind, words) => {
  const looks = new Looks();
  for (const answer of answers) await looks.look(answer);
  expect(looks.run.phase).toBe('Running');
  expect(looks.verdict).toMatchObject({ kind, sentence: expect.stringMatching(words) });
});

test('before the first weight nothing is held: the version would never get traffic to be compared by', async () => {
  for (const standing of [{ index: 0 }, { index: 1, weight: 0 }]) {
    const looks = await new Looks({ standing }).look({ kind: 'value', value: [] });
    expect(looks.verdict).toMatchObject({
      kind: 'continue',
      sentence: expect.stringMatching(/^before the first weight: its queries find no series/),
    });
  }
  const step = await new Looks({ standing: { index: 0 }, name: 'prePromotion' }).look({
    kind: 'value',
    value: [],
  });
  expect(step.verdict?.kind).toBe('hold');
});

test('a clock that goes back is told, and counts nothing until it has caught up', async () => {
  const looks = new Looks();
  await looks.look(good(1), first);
  await looks.look(good(2), first + 10);
  await looks.look(bad(3), first - 50);
  expect(looks.verdict).toMatchObject({ kind: 'hold', sentence: expect.stringContaining('1 min behind') });
  expect(looks.requests).toBe(2000);
});

test('unequal buckets are inconclusive, with the reason', async () => {
  const looks = new Looks({
    fields: { histogram: { canary: 'c', baseline: 'b' } },
  });
  const bucket = (name: string, of: string, le: string) => ({
    labels: { belay_series: name, pod: of, le },
    value: 5,
  });
  const time = { labels: { belay_series: '0t', pod: 'new-1' }, value: first };
  const value = [
    bucket('0', 'new-1', '0.1'),
    bucket('0', 'new-1', '+Inf'),
    bucket('1', 'old-1', '0.2'),
    bucket('1', 'old-1', '+Inf'),
    time,
  ];
  await looks.look({ kind: 'value', value });
  expect(looks.run).toMatchObject({
    phase: 'Inconclusive',
    message: expect.stringContaining('has no bucket that both versions share'),
  });
});

test('the only canary pod is named: a bad pod and a bad version look alike', async () => {
  const looks = new Looks({ pods: [pod('new-1', 'r2'), pod('old-1'), pod('old-2')] });
  const one = (tick: number): Counters => ({
    ...good(tick),
    'new-1': [1000 * tick, 60 * tick],
    'new-2': [undefined],
  });
  for (const tick of [1, 2, 3]) await looks.look(one(tick));
  expect(looks.run.message).toContain('all of it is from the only canary pod new-1');
});

test('a server that is away is an outage: nothing is counted, and it goes on where it was', async () => {
  const looks = new Looks();
  await looks.look(good(1));
  await looks.look({ kind: 'error', message: 'connection refused', isUnreachable: true });
  expect(looks.run.metrics[0]).toMatchObject({ phase: 'Running', unreachableSince: expect.any(Number) });
  await looks.look(good(4));
  expect(looks.requests).toBe(6000);
});

const page = (total: number, errors: number) => `t{code="200"} ${total}\nb ${errors}\n`;

test('pods that are read themselves: one that does not answer is a lost scrape', async () => {
  let tick = 0;
  const readPod = (name: string) =>
    tick === 2 && name === 'new-2'
      ? Promise.reject(
          new PortError('no answer', { code: 'Unreachable', retry: 'later', facts: { httpStatus: 503 } }),
        )
      : Promise.resolve(page(1000 * tick, 0));
  const looks = new Looks({ fields: { scrape: {} }, readPod });
  for (tick = 1; tick <= 3; tick++) await looks.look(good(0));
  expect(looks.requests).toBe(4000);
});

test.each([
  ['the API server is away', new PortError('no answer', { code: 'Unreachable', retry: 'later' }), true],
  [
    'it is not allowed',
    new PortError('pods/proxy is forbidden', { code: 'Forbidden', retry: 'never' }),
    false,
  ],
])('pods that cannot be read since %s', async (_name, error, isUnreachable) => {
  const looks = new Looks({ fields: { scrape: {} }, readPod: () => Promise.reject(error) });
  await looks.look(good(0));
  const [last] = looks.run.metrics[0]?.measurements ?? [];
  expect(last?.phase).toBe('Error');
  expect(last?.isUnreachable).toBe(isUnreachable ? true : undefined);
});
