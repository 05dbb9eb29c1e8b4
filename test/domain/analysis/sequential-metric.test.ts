import { checkAnalysis, resolveAnalysis } from '../../../src/domain/analysis/resolve';
import { startAnalysis, takeReading } from '../../../src/domain/analysis/run';
import { outage, start, taken } from './metric-builder';
import { readTemplates, refTo, templatesOf, values } from './templates';

const read = (metric: string) =>
  readTemplates(
    `apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: t }\nspec: { metrics: [${metric}] }\n`,
  ).told.map((line) => line.replace(/^(\w+) .*?spec\.metrics\[0\]\.?/, '$1 '));

const sequential = (fields: string, more = ''): string =>
  `{ name: errors, provider: { sequential: { ${fields} } }${more} }`;
const counters = 'total: requests, bad: errors';

test.each([
  ['one query for both versions', sequential(counters)],
  [
    'a query for each version',
    sequential('total: { canary: a, baseline: b }, bad: { canary: c, baseline: d }'),
  ],
  ['several metrics', sequential('metrics: [{ name: a, total: t, bad: b }, { name: l, histogram: h }]')],
  [
    'all rules',
    sequential(
      `${counters}, address: "http://p", podLabel: pod_name, rollback: { alpha: 0.02, minTicks: 3, horizon: 30 }, promote: { beta: 5%, budget: 0.1%, endsPause: true }, warmup: 0s, maxStepDuration: 10m`,
    ),
  ],
  [
    'arguments, whose values are read later',
    sequential(
      'total: "r{h=\\"{{args.h}}\\"}", bad: e, rollback: { alpha: "{{args.a}}" }, warmup: "{{args.w}}"',
    ),
  ],
  ['pods that are read themselves', sequential(`${counters}, scrape: { port: 9090, path: /m }`)],
  ['an interval of its own', sequential(counters, ', interval: 5s')],
])('reads %s', (_name, metric) => expect(read(metric)).toEqual([]));

test.each([
  [
    'a misspelt field',
    sequential(`${counters}, tolerat: {}`),
    /^UnknownField .*tolerat: unknown field; did you mean/,
  ],
  [
    'a misspelt rule',
    sequential(`${counters}, promote: { endPause: true }`),
    /promote\.endPause: unknown field/,
  ],
  ['no bad requests', sequential('total: r'), /sequential\.bad: is missing/],
  ['a count', sequential(counters, ', count: 5'), /count has no effect on a sequential metric/],
  [
    'a condition',
    sequential(counters, ', successCondition: "true"'),
    /successCondition has no effect on a sequential metric/,
  ],
  [
    'a server beside pods',
    sequential(`${counters}, address: "http://p", scrape: {}`),
    /address: is written together with scrape/,
  ],
  ['a port that is none', sequential(`${counters}, scrape: { port: 70000 }`), /scrape\.port: is no port/],
  [
    'a way out of the pod',
    sequential(`${counters}, scrape: { path: /../secrets }`),
    /scrape\.path: is no path/,
  ],
  [
    'a query that pods cannot answer',
    sequential('total: sum(r), bad: e, scrape: {}'),
    /errors: total is no selector, and pods answer no queries/,
  ],
  ['a label that is none', sequential(`${counters}, podLabel: "a b"`), /podLabel: is no name of a label/],
])('refuses %s', (_name, metric, words) => expect(read(metric).join('\n')).toMatch(words));

const nowhere = { rollout: { metadata: {}, spec: {}, status: {} }, hashes: {} };

test('needs no count in a step, and looks every ten seconds', () => {
  const templates = templatesOf({ t: `{ metrics: [${sequential(counters)}] }` });
  expect(checkAnalysis(refTo('t'), templates, { mustEnd: true })).toEqual([]);
  const resolved = resolveAnalysis(refTo('t'), templates, nowhere);
  expect(resolved).toMatchObject({ ok: true, value: { metrics: [{ intervalMs: 10_000 }] } });
  expect(resolved.ok && resolved.value.metrics[0]).not.toHaveProperty('count');
});

test('an outage after looks that could not tell holds on, and ends nothing', () => {
  const resolved = resolveAnalysis(
    refTo('t'),
    templatesOf({ t: `{ metrics: [${sequential(counters)}] }` }),
    nowhere,
  );
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  const { metrics } = resolved.value;
  const view = {
    kind: 'hold',
    sentence: 'no traffic',
    stage: 1,
    history: { limits: [4.6, 3], every: 1, skipped: 0, points: [] },
    report: { evidence: 0, rollbackAt: 100, promoteAt: 20, metrics: [] },
  } as const;
  const held = { kind: 'sequential', view, endsWhenEarned: true } as const;
  const looks = [held, outage, held, outage].map((reading, index) =>
    taken('errors', reading, start + index * 10_000),
  );
  const run = looks.reduce(
    (before, look) => takeReading(metrics, before, look),
    startAnalysis(metrics, start),
  );
  expect(run).toMatchObject({ phase: 'Running', metrics: [{ inconclusive: 2, error: 2 }] });
});

test('an argument that is no share is told when it is known', () => {
  const spec = `{ args: [{ name: a }], metrics: [${sequential(`${counters}, rollback: { alpha: "{{args.a}}" }`)}] }`;
  const wrong = checkAnalysis(refTo('t', { args: values({ a: 'much' }) }), templatesOf({ t: spec }));
  expect(wrong).toMatchObject([{ message: expect.stringContaining('rollback.alpha: is no number') }]);
  expect(checkAnalysis(refTo('t', { args: values({ a: '2%' }) }), templatesOf({ t: spec }))).toEqual([]);
});

test('a second one in an analysis is refused: each may be wrong by itself', () => {
  const other = sequential(counters).replace('name: errors', 'name: latency');
  const templates = templatesOf({ t: `{ metrics: [${sequential(counters)}, ${other}] }` });
  expect(checkAnalysis(refTo('t'), templates)).toMatchObject([
    { message: expect.stringContaining('2 sequential metrics, errors and latency') },
  ]);
});
