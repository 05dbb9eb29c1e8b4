import { tick } from '../../../src/domain/sequential';
import { config, Fleet, histogramFields, pod, Run } from './builder';
import { poisson, seeded } from './random';

const step = { index: 0, nextWeight: 1 };
/** Without cap and warm-up, and with the margin of the reference values on both sides. */
const plain = { rollback: { minTicks: 1 } };
type Tick = readonly [canary: number, canaryBad: number, baseline: number, baselineBad: number];

function run(ticks: readonly Tick[], fields = {}): Run {
  const [made, fleet] = [new Run(config({ ...plain, ...fields })), new Fleet()];
  made.tick(fleet.read(), { step });
  for (const [n, bad, m, badToo] of ticks) made.tick(fleet.serve([n, bad], [m, badToo]).read(), { step });
  return made;
}

test.each<[string, Record<string, unknown>, readonly Tick[], number, number, string]>([
  ['V1', {}, [[50, 0, 950, 1]], -0.174987, 0.084764, 'continue'],
  ['V2', {}, [[50, 10, 950, 1]], 19.118235, -4.249988, 'failed'],
  [
    'V3',
    {},
    [
      [50, 2, 950, 1],
      [50, 3, 950, 0],
    ],
    6.965488,
    -2.768015,
    'failed',
  ],
  [
    'V5',
    {},
    [
      [50, 0, 950, 1],
      [50, 20, 950, 380],
      [50, 21, 950, 379],
      [50, 0, 950, 0],
    ],
    -0.728641,
    1.630729,
    'continue',
  ],
  [
    'V6',
    {},
    [
      [50, 0, 950, 1],
      [250, 1, 750, 1],
      [500, 2, 500, 0],
      [500, 1, 500, 1],
    ],
    -0.310814,
    -1.111674,
    'continue',
  ],
  ['V7', {}, [[50, 5, 0, 0]], 0, 0, 'hold'],
])(
  '%s of the reference values, from counters of pods through packed state',
  (_name, fields, ticks, harm, safe, kind) => {
    const { state, verdict } = run(ticks, fields);
    expect(state.metrics['errors']?.logHarm).toBeCloseTo(harm, 4);
    expect(state.metrics['errors']?.logSafe).toBeCloseTo(safe, 4);
    expect(verdict.kind).toBe(kind);
  },
);

test('V8 of the reference values: a limit of its own needs no baseline', () => {
  const own = { tolerate: { ratio: 0, absolute: '1%' }, total: { canary: 'c' }, bad: { canary: 'c' } };
  const made = new Run(config({ ...plain, ...own }));
  const counts = [
    [0, 0],
    [50, 1],
    [100, 4],
    [150, 8],
  ] as const;
  for (const [total, bad] of counts) made.tick({ canary: [pod('new', total, bad)], baseline: [] }, { step });
  expect(made.state.metrics['errors']?.logHarm).toBeCloseTo(4.862782, 4);
  expect(made.state.metrics['errors']?.logSafe).toBeCloseTo(-3.48037, 4);
  expect(made.verdict.sentence).toMatch(
    /^errors: this version fails 5\.3 % \(.*\) of requests; you tolerate at most 1 %/,
  );
});

const four: readonly Tick[] = [
  [50, 1, 950, 1],
  [50, 0, 950, 2],
  [50, 1, 950, 0],
  [50, 0, 950, 1],
];

test('counts a tick once, however often it is fed', () => {
  const [once, twice] = [new Run(config()), new Run(config())];
  const [fleet, other] = [new Fleet(), new Fleet()];
  once.tick(fleet.read());
  twice.tick(other.read());
  for (const [n, bad, m, badToo] of four) {
    once.tick(fleet.serve([n, bad], [m, badToo]).read());
    const sample = other.serve([n, bad], [m, badToo]).read();
    twice.tick(sample).tickAt(twice.at, sample).tickAt(twice.at, sample);
  }
  expect(twice.state).toEqual(once.state);
});

test('a missed tick loses nothing: its counts arrive with the next one', () => {
  const [all, some] = [run(four), new Run(config(plain))];
  const fleet = new Fleet();
  some.tick(fleet.read(), { step });
  for (const [index, [n, bad, m, badToo]] of four.entries()) {
    const sample = fleet.serve([n, bad], [m, badToo]).read();
    some.at += 10_000;
    if (index % 2 === 1) some.tickAt(some.at, sample, { step });
  }
  expect(some.state.metrics['errors']?.totals).toBe(all.state.metrics['errors']?.totals);
});

test('a side that is not scraped keeps the other one waiting, so that the same time is compared', () => {
  const [fleet, made] = [new Fleet(), new Run(config(plain))];
  made.tick(fleet.read(), { step });
  made.tick({ ...fleet.serve([50, 1], [950, 1]).read(), baseline: [] }, { step });
  made.tick(fleet.serve([50, 2], [950, 1]).read(), { step });
  expect(made.state.metrics['errors']?.totals).toBe(run([[100, 3, 1900, 2]]).state.metrics['errors']?.totals);
});

test('does not change the state that it is given', () => {
  const made = run(four);
  const before = JSON.stringify(made.state);
  tick(made.config, made.state, {
    at: made.at + 1,
    metrics: { errors: new Fleet().serve([9, 9], [9, 9]).read() },
  });
  expect(JSON.stringify(made.state)).toBe(before);
});

test('a failure is final', () => {
  const made = run([
    [50, 30, 950, 0],
    [50, 30, 950, 0],
  ]);
  const { sentence } = made.verdict;
  const fleet = new Fleet();
  for (let i = 0; i < 20; i++) made.tick(fleet.serve([5000, 0], [95_000, 100]).read());
  expect(made.verdict).toMatchObject({ kind: 'failed', sentence });
});

test('a new step earns its own exit, and keeps the evidence of harm', () => {
  const made = run(Array.from({ length: 40 }, () => [500, 0, 500, 1] as const));
  expect(made.verdict.kind).toBe('promote');
  const harm = made.state.metrics['errors']?.logHarm ?? 0;
  made.tick({}, { step: { index: 1, nextWeight: 1 } });
  expect(made.state.metrics['errors']).toMatchObject({ logSafe: 0, logHarm: harm });
  expect(made.state.step).toMatchObject({ index: 1, ticks: 1 });
  expect(made.verdict.kind).toBe('hold');
});

test('promotes sooner when the next step is small, for the budget is of all requests', () => {
  const ticksTo = (nextWeight: number): number => {
    const [made, fleet] = [new Run(config()), new Fleet()];
    made.tick(fleet.read());
    for (let i = 1; i < 200; i++) {
      made.tick(fleet.serve([100, 0], [900, 0]).read(), { step: { index: 0, nextWeight } });
      if (made.verdict.kind === 'promote') return i;
    }
    return 200;
  };
  // The rule of three: ln 20 / margin requests without an error, and a little for the mixture.
  expect(ticksTo(0.2)).toBeLessThanOrEqual(10);
  expect(ticksTo(1)).toBeGreaterThan(29);
  expect(ticksTo(1)).toBeLessThanOrEqual(45);
});

test('judges nothing until the last pod has been ready for the warm-up', () => {
  const [made, fleet] = [new Run(config({ warmup: '30s' })), new Fleet()];
  const readyAt = made.at + 10_000;
  made.tick(fleet.read(), { step, readyAt });
  for (let i = 0; i < 3; i++) made.tick(fleet.serve([50, 50], [950, 0]).read(), { step, readyAt });
  expect(made.state.metrics['errors']).toMatchObject({ ticks: 0, logHarm: 0 });
  expect(made.verdict.kind).toBe('continue');
  for (let i = 0; i < 3; i++) made.tick(fleet.serve([50, 50], [950, 0]).read(), { step, readyAt });
  expect(made.verdict.kind).toBe('failed');
});

test('pods that never stay ready do not put the judgement off for ever', () => {
  const [made, fleet] = [new Run(config({ warmup: '30s' })), new Fleet()];
  made.tick(fleet.read(), { step });
  for (let i = 0; i < 12; i++) made.tick(fleet.serve([50, 50], [950, 0]).read(), { step, readyAt: made.at });
  expect(made.verdict.kind).toBe('failed');
});

test('pods that are new at every tick hold', () => {
  const made = new Run(config());
  const baseline = new Fleet().read().baseline;
  for (let i = 0; i < 5; i++) made.tick({ canary: [pod(`new-${i}`, 50, 0)], baseline });
  expect(made.verdict).toMatchObject({
    kind: 'hold',
    sentence: 'errors could compare no pod of this version with its last reading in 4 ticks',
  });
});

test('forgets pods that have been away for a quarter of an hour, and gives their place away', () => {
  const made = new Run(config());
  const { baseline } = new Fleet().read();
  for (let i = 0; i < 400; i++)
    made.tick({ canary: [pod(`new-${Math.floor(i / 10)}`, 50 * i, 0)], baseline });
  expect(made.state.pods.length).toBeLessThan(14);
  expect(made.verdict.kind).not.toBe('failed');
});

/** One histogram of a pod: so many requests, of which `slow[i]` took longer than bound i. */
const bounds = ['0.1', '0.5', '1'];
function histogram(
  name: string,
  total: number,
  slow: readonly number[],
): { pod: string; buckets: Record<string, number> } {
  const buckets = Object.fromEntries(bounds.map((le, index) => [le, total - (slow[index] ?? 0)]));
  return { pod: name, buckets: { ...buckets, '+Inf': total } };
}

test('finds a version that hangs, by the bound that tells', () => {
  const made = new Run(config({ ...histogramFields }, 'latency'));
  for (let i = 0; i < 20; i++) {
    const canary = [
      histogram('new-1', 50 * i, [10 * i, 3 * i, 3 * i]),
      histogram('new-2', 50 * i, [10 * i, 3 * i, 3 * i]),
    ];
    made.tick({ latency: { canary, baseline: [histogram('old-1', 950 * i, [190 * i, i, 0])] } });
  }
  expect(made.verdict).toMatchObject({ kind: 'failed', metric: 'latency' });
  expect(made.verdict.sentence).toMatch(
    /^latency: stable takes more than 1 s for 0 % of requests, this version 6 % \(.*\); you tolerate 1\.25x \+ 0\.5 pp/,
  );
});

test('promotes on latency only when every bound is safe', () => {
  const verdictOf = (slowest: number): string => {
    const made = new Run(config({ ...histogramFields }, 'latency'));
    for (let i = 0; i < 100; i++) {
      const canary = [histogram('new-1', 500 * i, [100 * i, 5 * i, slowest * i])];
      made.tick({ latency: { canary, baseline: [histogram('old-1', 500 * i, [100 * i, 5 * i, 0])] } });
      if (made.verdict.kind !== 'continue') break;
    }
    return made.verdict.kind;
  };
  expect(verdictOf(0)).toBe('promote');
  expect(verdictOf(2.4)).not.toBe('promote');
});

test('combines metrics: evidence is shared, promotion needs all of them', () => {
  const q = { canary: 'c', baseline: 'b' };
  const two = ['a', 'b'].map((name) => ({ name, total: q, bad: q }));
  const made = new Run(config({ metrics: two }));
  const [good, bad] = [new Fleet(), new Fleet()];
  made.tick({ a: good.read(), b: bad.read() });
  let ticks = 0;
  while (made.verdict.kind !== 'failed' && ticks++ < 20) {
    made.tick({ a: good.serve([50, 0], [950, 1]).read(), b: bad.serve([50, 10], [950, 1]).read() });
    expect(made.verdict.kind).not.toBe('promote');
  }
  expect(made.verdict.metric).toBe('b');
  expect(ticks).toBeLessThanOrEqual(4);
});

test('a split that is not the planned one is inconclusive', () => {
  const wrong = (share: number) => {
    const [made, fleet] = [new Run(config()), new Fleet()];
    const planned = { index: 0, weight: 0.2, nextWeight: 0.5 };
    made.tick(fleet.read(), { step: planned });
    for (let i = 0; i < 12; i++) {
      const canary = Math.round(1000 * share);
      made.tick(fleet.serve([canary, 0], [1000 - canary, 1]).read(), { step: planned });
      if (made.verdict.kind === 'inconclusive') return made.verdict.sentence;
    }
    return made.verdict.kind;
  };
  expect(wrong(0.08)).toMatch(
    /^this version gets 8 % of the requests instead of 20 %: the split is not the planned one/,
  );
  expect(wrong(0.18)).toBe('promote');
});

test('bursts on single pods of the baseline make the evidence weigh less', () => {
  const random = seeded(3);
  const [even, bursty] = [new Run(config()), new Run(config())];
  const fleets = [new Fleet(), new Fleet()] as const;
  for (let i = 0; i < 40; i++) {
    fleets[0].serve([50, i % 10 === 9 ? 1 : 0], [950, 0]);
    for (const name of ['old-1', 'old-2']) fleets[0].at(name, 0, poisson(random, 5));
    even.tick(fleets[0].read());
    fleets[1].serve([50, i % 10 === 9 ? 1 : 0], [950, 0]).at(random() < 0.5 ? 'old-1' : 'old-2', 0, 10);
    bursty.tick(fleets[1].read());
  }
  const spread = (made: Run) => {
    const [statistic = 0, freedom = 1] = made.state.metrics['errors']?.spread ?? [];
    return statistic / freedom;
  };
  expect(spread(even)).toBeLessThan(2);
  expect(spread(bursty)).toBeGreaterThan(6);
});

test('names the pod that stands out', () => {
  const [made, fleet] = [new Run(config()), new Fleet(['new-1', 'new-2', 'new-3'])];
  made.tick(fleet.read());
  while (made.verdict.kind !== 'failed') made.tick(fleet.serve([90, 0], [900, 1]).at('new-2', 1, 8).read());
  expect(made.verdict.pod).toBe('new-2');
  expect(made.verdict.sentence).toMatch(
    /\d+ of \d+ bad requests were at pod new-2, and the other 2 pods do no harm$/,
  );
});

test('names no pod when all of them are bad', () => {
  const [made, fleet] = [new Run(config()), new Fleet()];
  made.tick(fleet.read());
  while (made.verdict.kind !== 'failed') made.tick(fleet.serve([90, 20], [900, 1]).read());
  expect(made.verdict.pod).toBeUndefined();
});

test('a step begins with traffic of the one before, which is no wrong split', () => {
  const [made, fleet] = [new Run(config()), new Fleet()];
  made.tick(fleet.read(), { step: { index: 0, weight: 0.05, nextWeight: 0.5 } });
  made.tick(fleet.serve([5000, 5], [95_000, 95]).read(), {
    step: { index: 0, weight: 0.05, nextWeight: 0.5 },
  });
  const next = { index: 1, weight: 0.5, nextWeight: 1 };
  made.tick(fleet.serve([5000, 5], [95_000, 95]).read(), { step: next });
  made.tick(fleet.serve([20_000, 20], [80_000, 80]).read(), { step: next });
  for (let i = 0; i < 5; i++) {
    made.tick(fleet.serve([50_000, 50], [50_000, 50]).read(), { step: next });
    expect(made.verdict.kind).not.toBe('inconclusive');
  }
});

test('an outage of the metrics store makes no pod forgotten, however long it is', () => {
  const [made, fleet] = [new Run(config({ maxStepDuration: '10h' })), new Fleet()];
  made.tick(fleet.read());
  for (let i = 0; i < 200; i++) made.tick({});
  made.tick(fleet.serve([50, 1], [950, 1]).read());
  expect(made.verdict.sentence).toContain('this version fails 2 %');
});

test('follows fifty pods of a version, says so, and does not take the rest for a wrong split', () => {
  const many = Array.from({ length: 200 }, (_, index) => `old-${index}`);
  const [made, fleet] = [new Run(config()), new Fleet(['new-1', 'new-2'], many)];
  const planned = { index: 0, weight: 0.05, nextWeight: 1 };
  for (let i = 0; i < 20; i++) made.tick(fleet.serve([1000, 1], [19_000, 19]).read(), { step: planned });
  expect(made.state.pods).toHaveLength(52);
  expect(made.verdict.kind).not.toBe('inconclusive');
  expect(made.state.metrics['errors']?.note).toBe('150 of 200 pods of one version are not followed');
});

test.each(['__proto__', 'constructor', 'toString'])('a metric may be called %s', (name) => {
  const q = { canary: 'c', baseline: 'b' };
  const made = new Run(config({ metrics: [{ name, total: q, bad: q }] }));
  made.tick({});
  expect(made.verdict).toMatchObject({ kind: 'hold', sentence: `${name} could not be read` });
});
