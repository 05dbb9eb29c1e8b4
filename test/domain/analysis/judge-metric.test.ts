import { checkAnalysis, resolveAnalysis } from '../../../src/domain/analysis/resolve';
import { readTemplates, refTo, templatesOf, values } from './templates';

const read = (metric: string) =>
  readTemplates(
    `apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: t }\nspec: { metrics: [${metric}] }\n`,
  ).told.map((line) => line.replace(/^(\w+) .*?spec\.metrics\[0\]\.?/, '$1 '));

const judge = (fields: string, more = ''): string => `{ name: j, provider: { judge: { ${fields} } }${more} }`;
const errors = '{ name: errors, total: requests, bad: failures }';
const latency = '{ name: latency, query: { canary: a, baseline: b } }';
const both = `metrics: [${errors}, ${latency}]`;

test.each([
  ['counts by pod, and values of each version', judge(both)],
  ['one text of values for both versions', judge('metrics: [{ name: memory, query: bytes }]')],
  ['a number of looks', judge(both, ', interval: 5m, count: 6, initialDelay: 1m')],
  [
    'all options of a metric',
    judge(
      'metrics: [{ name: a, query: { canary: a, baseline: b }, groups: [x, z], direction: either, nanStrategy: replace, outliers: { strategy: remove, outlierFactor: 2.5 }, critical: true, mustHaveData: true, muted: false, effectSize: { measure: cles, allowedIncrease: 0.7, allowedDecrease: 0.3, criticalIncrease: 0.9, criticalDecrease: 0.1 } }]',
    ),
  ],
  [
    'all options of the whole',
    judge(
      `metrics: [{ name: a, query: q, groups: [x] }, { name: b, query: q, groups: [z] }], thresholds: { pass: 90, marginal: 50 }, groupWeights: { x: 70, z: 30 }, tolerance: 0.1, confidence: 99%, step: 5s, lookback: 10m, podLabel: pod_name, address: "http://p", timeout: 5, kayenta: true`,
    ),
  ],
  [
    'arguments, whose values are read later',
    judge(
      'metrics: [{ name: a, query: { canary: "x{{args.h}}", baseline: "{{args.q}}" }, direction: "{{args.d}}" }], thresholds: { pass: "{{args.p}}" }, lookback: "{{args.l}}", kayenta: "{{args.k}}"',
      ', interval: "{{args.i}}", count: "{{args.n}}"',
    ),
  ],
])('reads %s', (_name, metric) => expect(read(metric)).toEqual([]));

test.each([
  ['no metrics', judge('step: 10s'), /judge\.metrics: is missing/],
  ['an empty list', judge('metrics: []'), /judge\.metrics: is empty/],
  ['a metric without a name', judge('metrics: [{ query: q }]'), /metrics\[0\]\.name: is missing/],
  ['a name twice', judge(`metrics: [${errors}, ${errors}]`), /two metrics are called errors/],
  [
    'eleven metrics',
    judge(`metrics: [${Array.from({ length: 11 }, (_, i) => `{ name: m${i}, query: q }`).join(', ')}]`),
    /11 metrics are more than 10/,
  ],
  [
    'no query',
    judge('metrics: [{ name: a }]'),
    /metrics\[0\]\.query: is missing; write a query of values, or total and bad/,
  ],
  ['no bad requests', judge('metrics: [{ name: a, total: t }]'), /metrics\[0\]\.bad: is missing/],
  [
    'values and counts',
    judge('metrics: [{ name: a, query: q, total: t, bad: b }]'),
    /query: is written together with total and bad/,
  ],
  [
    'a query of one version',
    judge('metrics: [{ name: a, query: { canary: q } }]'),
    /query\.baseline: is missing/,
  ],
  [
    'a misspelt option',
    judge('metrics: [{ name: a, query: q, critcal: true }]'),
    /^UnknownField .*critcal: unknown field; did you mean "critical"/,
  ],
  ['a misspelt field', judge(`${both}, treshold: 3`), /^UnknownField .*treshold: unknown field/],
  ['a misspelt threshold', judge(`${both}, thresholds: { passes: 3 }`), /thresholds\.passes: unknown field/],
  [
    'a direction that is none',
    judge('metrics: [{ name: a, query: q, direction: up }]'),
    /direction: "up" is none of increase, decrease, either/,
  ],
  ['a score above 100', judge(`${both}, thresholds: { pass: 101 }`), /thresholds\.pass: 101 is above 100/],
  [
    'thresholds that cross',
    judge(`${both}, thresholds: { pass: 50, marginal: 60 }`),
    /marginal: 60 is above pass, which is 50/,
  ],
  [
    'the weight of a group that is none',
    judge(`${both}, groupWeights: { cpu: 20 }`),
    /groupWeights\.cpu: is the group of no metric; use one of: metrics/,
  ],
  [
    'weights that let nobody pass',
    judge(`${both}, groupWeights: { metrics: 80 }`),
    /groupWeights: add up to 80; let them be 100 together/,
  ],
  [
    'weights above 100',
    judge(
      'metrics: [{ name: a, query: q, groups: [x] }, { name: b, query: q, groups: [z] }], groupWeights: { x: 120 }',
    ),
    /groupWeights\.x: 120 is above 100/,
  ],
  ['a confidence of nothing', judge(`${both}, confidence: 20%`), /confidence: 0\.2 is below 0\.5/],
  ['a step of nothing', judge(`${both}, step: 1ms`), /step: is too short/],
  [
    'a lookback of too few points',
    judge(`${both}, lookback: 20s`),
    /lookback: has too few or too many points; use a lookback of 5 to 499 steps/,
  ],
  ['a label that is none', judge(`${both}, podLabel: "a b"`), /podLabel: is no name of a label/],
  ['a condition', judge(both, ', successCondition: "true"'), /successCondition has no effect on a judge/],
  ['a limit', judge(both, ', failureLimit: 2'), /failureLimit has no effect on a judge/],
  ['looks without an interval', judge(both, ', count: 3'), /count 3 needs an interval/],
  [
    'an interval of too few points',
    judge(both, ', interval: 30s, count: 1'),
    /a judge of 30 s in steps of 10 s has too few points to tell anything/,
  ],
  [
    'the provider of Argo',
    '{ name: k, provider: { kayenta: {} } }',
    /^Unsupported .*provider kayenta is not supported yet; write a judge metric \(provider\.judge\)/,
  ],
  [
    'two providers',
    '{ name: k, provider: { judge: { metrics: [] }, web: { url: u } } }',
    /names 2 providers: web and judge/,
  ],
])('refuses %s', (_name, metric, words) => expect(read(metric).join('\n')).toMatch(words));

const nowhere = { rollout: { metadata: {}, spec: {}, status: {} }, hashes: {} };
const resolved = (metric: string) => {
  const read = resolveAnalysis(refTo('t'), templatesOf({ t: `{ metrics: [${metric}] }` }), nowhere);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value.metrics[0];
};

test('one look after ten minutes, unless it says otherwise', () => {
  expect(resolved(judge(both))).toMatchObject({ intervalMs: 600_000, initialDelayMs: 600_000, count: 1 });
  expect(resolved(judge(both, ', initialDelay: 1m'))).toMatchObject({ initialDelayMs: 660_000 });
});

test('the first of several looks comes after an interval', () => {
  const metric = resolved(judge(both, ', interval: 2m, count: 5, initialDelay: 30s'));
  expect(metric).toMatchObject({ intervalMs: 120_000, initialDelayMs: 150_000, count: 5 });
});

test('without a count it has no end, which a step needs', () => {
  const templates = templatesOf({ t: `{ metrics: [${judge(both, ', interval: 2m')}] }` });
  expect(checkAnalysis(refTo('t'), templates)).toEqual([]);
  expect(checkAnalysis(refTo('t'), templates, { mustEnd: true })).toMatchObject([
    { message: expect.stringContaining('runs until it is stopped') },
  ]);
  expect(resolved(judge(both, ', interval: 2m'))).not.toHaveProperty('count');
});

test('an argument that is wrong is told when it is known', () => {
  const spec = `{ args: [{ name: p }, { name: every }], metrics: [${judge(`${both}, thresholds: { pass: "{{args.p}}", marginal: 10 }`, ', interval: "{{args.every}}", count: 2')}] }`;
  const check = (p: string, every: string) =>
    checkAnalysis(refTo('t', { args: values({ p, every }) }), templatesOf({ t: spec })).map(
      ({ message }) => message,
    );
  expect(check('90', '5m')).toEqual([]);
  expect(check('all', '5m').join()).toContain('thresholds.pass: is no number');
  expect(check('90', '20s').join()).toContain('a judge of 40 s in steps of 10 s has too few points');
});
