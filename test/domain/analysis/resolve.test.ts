import { checkAnalysis, resolveAnalysis, type ArgContext } from '../../../src/domain/analysis/resolve';
import type {
  AnalysisArg,
  AnalysisRef,
  AnalysisTemplate,
  MetricSpec,
} from '../../../src/domain/analysis/spec';
import { valueOf } from '../read-yaml';
import { readTemplates, refTo, templatesOf, templateText, values } from './templates';

const context: ArgContext = {
  rollout: {
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web', 'app.kubernetes.io/name': 'x.y' } },
    spec: { replicas: 5, paused: false, template: { spec: { containers: [{ image: 'web:2' }] } } },
    status: { observedGeneration: 7 },
  },
  hashes: { Stable: '5d8f', Latest: '77aa' },
};

const metric = (name: string, own = '') => `{ name: ${name}, ${own}provider: { web: { url: "http://x" } } }`;
const one = (own: string) => templatesOf({ a: `{ metrics: [${metric('m', own)}] }` });

function metricsOf(ref: AnalysisRef, templates: readonly AnalysisTemplate[]): readonly MetricSpec[] {
  return valueOf(resolveAnalysis(ref, templates, context)).metrics;
}

/** What is wrong by both ways; they have to agree. */
function complaints(ref: AnalysisRef, templates: readonly AnalysisTemplate[]): readonly string[] {
  const checked = checkAnalysis(ref, templates).map(({ message, remedy }) => `${message}; ${remedy}`);
  const read = resolveAnalysis(ref, templates, context);
  const resolved = read.ok ? [] : read.problems.map(({ message, remedy }) => `${message}; ${remedy}`);
  expect([...resolved].sort()).toEqual([...checked].sort());
  return checked;
}

test('a metric has the defaults', () => {
  expect(metricsOf(refTo('a'), one(''))).toEqual([
    {
      name: 'm',
      initialDelayMs: 0,
      count: 1,
      failureLimit: 0,
      inconclusiveLimit: 0,
      consecutiveErrorLimit: 4,
      consecutiveSuccessLimit: 0,
      provider: { web: { url: 'http://x' } },
      isDryRun: false,
      retention: 10,
      onFailure: 'revert',
      holdMs: 900_000,
    },
  ]);
});

test.each([
  ['', 1],
  ['count: 0, ', 1],
  ['interval: 1m, ', undefined],
  ['interval: 1m, count: 0, ', undefined],
  ['interval: 1m, count: 5, ', 5],
  ['interval: 1m, count: "5", ', 5],
])('a metric with %j is measured %s times', (own, count) => {
  expect(metricsOf(refTo('a'), one(own))[0]?.count).toBe(count);
});

test('fills arguments in everywhere: texts, numbers, durations, conditions, names', () => {
  const { templates } = readTemplates(
    templateText
      .replace(/ {2}templates: .*\n/, '')
      .replace('- name: service', '- name: count\n    - name: service'),
  );
  const ref = refTo('success-rate', {
    args: values({ service: 'web"}', count: '6', threshold: '0.9', unused: 'x' }),
  });
  expect(valueOf(resolveAnalysis(ref, templates, context))).toEqual({
    secrets: [{ arg: 'token', name: 'prometheus', key: 'token' }],
    metrics: [
      {
        name: 'success-rate',
        intervalMs: 60_000,
        initialDelayMs: 30_000,
        count: 6,
        failureLimit: 3,
        inconclusiveLimit: 1,
        consecutiveErrorLimit: 5,
        consecutiveSuccessLimit: 0,
        successCondition: 'result[0] >= 0.9',
        provider: {
          prometheus: {
            address: 'http://prometheus',
            query: 'rate(requests{service="web"}"}[1m])',
            headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }],
          },
        },
        isDryRun: true,
        retention: 20,
        onFailure: 'pause',
        holdMs: 300_000,
      },
    ],
  });
});

test.each<[string, AnalysisArg['source'], string]>([
  ['a value', { kind: 'value', value: 'v' }, 'v'],
  ['an empty value', { kind: 'value', value: '' }, ''],
  ['the hash of stable', { kind: 'hash', of: 'Stable' }, '5d8f'],
  ['the hash of the new version', { kind: 'hash', of: 'Latest' }, '77aa'],
  ['a name', { kind: 'field', fieldPath: 'metadata.name' }, 'web'],
  ['a label', { kind: 'field', fieldPath: "metadata.labels['app.kubernetes.io/name']" }, 'x.y'],
  ['a simple label', { kind: 'field', fieldPath: 'metadata.labels.app' }, 'web'],
  ['all labels', { kind: 'field', fieldPath: 'metadata.labels' }, 'app.kubernetes.io/name="x.y"\napp="web"'],
  ['a number', { kind: 'field', fieldPath: 'spec.replicas' }, '5'],
  ['a flag', { kind: 'field', fieldPath: 'spec.paused' }, 'false'],
  ['an item of a list', { kind: 'field', fieldPath: 'spec.template.spec.containers[0].image' }, 'web:2'],
  ['a field of the status', { kind: 'field', fieldPath: 'status.observedGeneration' }, '7'],
  ['the default when nothing is given', { kind: 'missing' }, 'usual'],
])('an argument may be %s', (_name, source, text) => {
  const templates = templatesOf({
    a: '{ args: [{ name: x, value: usual }], metrics: [{ name: m, provider: { web: { url: "{{args.x}}|{{  args.x }}" } } }] }',
  });
  const ref = refTo('a', { args: [{ name: 'x', source }] });
  expect(metricsOf(ref, templates)[0]?.provider).toEqual({ web: { url: `${text}|${text}` } });
  expect(checkAnalysis(ref, templates)).toEqual([]);
});

test.each<[string, AnalysisArg['source'], string]>([
  [
    'a field that is not there',
    { kind: 'field', fieldPath: 'spec.nothing.here' },
    'argument "x": the Rollout has no spec.nothing.here',
  ],
  [
    'a field that is a map',
    { kind: 'field', fieldPath: 'spec.template' },
    'argument "x": spec.template of the Rollout is no single value',
  ],
  [
    'a field of something else',
    { kind: 'field', fieldPath: 'data.x' },
    'argument "x": "data.x" does not begin with metadata., spec. or status.',
  ],
  ['a path that is none', { kind: 'field', fieldPath: 'spec.[' }, 'argument "x": "spec.[" is no field path'],
  [
    'an inherited field',
    { kind: 'field', fieldPath: 'spec.constructor' },
    'argument "x": the Rollout has no spec.constructor',
  ],
])('an argument cannot be %s', (_name, source, message) => {
  const templates = templatesOf({
    a: '{ args: [{ name: x }], metrics: [{ name: m, provider: { web: { url: "{{args.x}}" } } }] }',
  });
  const read = resolveAnalysis(refTo('a', { args: [{ name: 'x', source }] }), templates, context);
  expect(read).toMatchObject({ ok: false, problems: [{ code: 'InvalidSpec', message }] });
});

test('a hash that is not there yet is a problem', () => {
  const templates = templatesOf({ a: `{ args: [{ name: x }], metrics: [${metric('m')}] }` });
  const ref = refTo('a', { args: [{ name: 'x', source: { kind: 'hash', of: 'Stable' } }] });
  expect(resolveAnalysis(ref, templates, { ...context, hashes: {} })).toMatchObject({
    problems: [{ message: 'argument "x": there is no stable version whose hash it could be' }],
  });
});

test('fills what is filled in only once', () => {
  const templates = templatesOf({
    a: '{ args: [{ name: x }, { name: other, value: deep }], metrics: [{ name: m, provider: { web: { url: "{{args.x}}" } } }] }',
  });
  const ref = refTo('a', { args: values({ x: '{{args.other}}' }) });
  expect(metricsOf(ref, templates)[0]?.provider).toEqual({ web: { url: '{{args.other}}' } });
});

test('fills tags of an experiment into given values', () => {
  const templates = templatesOf({
    a: '{ args: [{ name: x }], metrics: [{ name: m, provider: { web: { url: "{{args.x}}" } } }] }',
  });
  const ref = refTo('a', { args: values({ x: '{{templates.canary.podTemplateHash}}' }) });
  const tags = { 'templates.canary.podTemplateHash': '99ff' };
  const { metrics } = valueOf(resolveAnalysis(ref, templates, { ...context, tags }));
  expect(metrics[0]?.provider).toEqual({ web: { url: '99ff' } });
  expect(checkAnalysis(ref, templates)).toEqual([]);
});

describe('several templates', () => {
  const nested = templatesOf({
    outer: '{ templates: [{ templateName: left }, { templateName: right }] }',
    left: `{ templates: [{ templateName: base }], metrics: [${metric('l')}] }`,
    right: `{ templates: [{ templateName: base }, { templateName: shared, clusterScope: true }], metrics: [${metric('r')}] }`,
    base: `{ metrics: [${metric('b')}] }`,
    Shared: `{ metrics: [${metric('s')}] }`,
  });

  test.each([
    ['left', ['l', 'b']],
    ['outer', ['l', 'b', 'r', 's']],
    ['left right', ['l', 'b', 'r', 's']],
    ['base base', ['b']],
    ['Shared base', ['b', 's']],
  ])('%s have the metrics %j', (names, expected) => {
    expect(metricsOf(refTo(names), nested).map(({ name }) => name)).toEqual(expected);
  });

  test('each metric does what its own template says', () => {
    const [a, b] = ['pause', 'notify'].map(
      (wish, index) =>
        readTemplates(
          `apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: t${index}, annotations: { belay.dev/on-failure: ${wish} } }\nspec: { metrics: [${metric(`m${index}`)}] }\n`,
        ).templates,
    );
    expect(metricsOf(refTo('t0 t1'), [...(a ?? []), ...(b ?? [])]).map(({ onFailure }) => onFailure)).toEqual(
      ['pause', 'notify'],
    );
  });

  test('a template without a default takes that of another one', () => {
    const url = (name: string) => `{ name: ${name}, provider: { web: { url: "{{args.x}}" } } }`;
    const templates = templatesOf({
      a: `{ args: [{ name: x }], metrics: [${url('m')}] }`,
      b: `{ args: [{ name: x, value: v }], metrics: [${url('other')}] }`,
    });
    expect(metricsOf(refTo('a b'), templates).map(({ provider }) => provider)).toEqual([
      { web: { url: 'v' } },
      { web: { url: 'v' } },
    ]);
  });
});

const rows: readonly (readonly [
  name: string,
  names: string,
  specs: Readonly<Record<string, string>>,
  told: string,
])[] = [
  [
    'a template that is not there',
    'succes',
    { success: `{ metrics: [${metric('m')}] }` },
    'there is no AnalysisTemplate succes; did you mean "success"?',
  ],
  [
    'a template of the cluster that is not there',
    'B',
    { a: `{ metrics: [${metric('m')}] }` },
    'there is no ClusterAnalysisTemplate b; add it beside the other manifests',
  ],
  [
    'a template of the other kind',
    'A',
    { a: `{ metrics: [${metric('m')}] }` },
    'there is no ClusterAnalysisTemplate a; remove clusterScope',
  ],
  [
    'a template of the cluster without its scope',
    'a',
    { A: `{ metrics: [${metric('m')}] }` },
    'there is no AnalysisTemplate a; write clusterScope: true',
  ],
  [
    'a nested template that is not there',
    'a',
    { a: '{ templates: [{ templateName: zzz }] }' },
    'there is no AnalysisTemplate zzz, to which AnalysisTemplate a refers; add it beside the other manifests',
  ],
  [
    'a template that refers to itself',
    'a',
    { a: `{ metrics: [${metric('m')}], templates: [{ templateName: a }] }` },
    'AnalysisTemplate a refers to itself: a → a; take one of the references away',
  ],
  [
    'a cycle',
    'a',
    {
      a: `{ metrics: [${metric('m')}], templates: [{ templateName: b }] }`,
      b: '{ templates: [{ templateName: c }] }',
      c: '{ templates: [{ templateName: b }] }',
    },
    'AnalysisTemplate b refers to itself: b → c → b; take one of the references away',
  ],
  [
    'two metrics of one name',
    'a B',
    { a: `{ metrics: [${metric('m')}] }`, B: `{ metrics: [${metric('m')}] }` },
    'metric "m" of ClusterAnalysisTemplate b has the name of a metric of AnalysisTemplate a; rename one of the two',
  ],
  [
    'defaults that differ',
    'a b',
    {
      a: `{ args: [{ name: x, value: "1" }], metrics: [${metric('m')}] }`,
      b: `{ args: [{ name: x, value: "2" }], metrics: [${metric('other')}] }`,
    },
    'argument "x" has different defaults in AnalysisTemplate a and AnalysisTemplate b; rename one of them, or leave one default out',
  ],
  [
    'an argument without a value',
    'a',
    { a: `{ args: [{ name: x }], metrics: [${metric('m')}] }` },
    'argument "x" of AnalysisTemplate a has no value; give it a value under args where the template is referred to, or a default in the template',
  ],
  [
    'an argument that nobody declares',
    'a',
    { a: '{ metrics: [{ name: m, provider: { web: { url: "{{args.y}}" } } }] }' },
    'metric "m" of AnalysisTemplate a: {{args.y}} stands for nothing; declare the argument under spec.args of the template',
  ],
  [
    'an argument that is no number',
    'a',
    {
      a: `{ args: [{ name: num, value: many }], metrics: [${metric('m', 'interval: 1m, count: "{{args.num}}", ')}] }`,
    },
    'metric "m" of AnalysisTemplate a: count is "many"; write a whole number of 0 or more',
  ],
  [
    'an argument that is no duration',
    'a',
    { a: `{ args: [{ name: num, value: soon }], metrics: [${metric('m', 'interval: "{{args.num}}", ')}] }` },
    'metric "m" of AnalysisTemplate a: interval: "soon" is not a duration; write a duration such as 30s or 1m',
  ],
  [
    'numbers that contradict when they are known',
    'a',
    {
      a: `{ args: [{ name: num, value: "3" }], metrics: [${metric('m', 'interval: 1m, count: 2, failureLimit: "{{args.num}}", ')}] }`,
    },
    'metric "m" of AnalysisTemplate a: count 2 is below failureLimit and consecutiveSuccessLimit together (3); use a count of 3 or more',
  ],
  [
    'a secret outside of the provider',
    'a',
    {
      a: `{ args: [{ name: s, valueFrom: { secretKeyRef: { name: web, key: k } } }], metrics: [${metric('m', 'successCondition: "result == {{args.s}}", ')}] }`,
    },
    'metric "m" of AnalysisTemplate a: {{args.s}} comes from a Secret, which is filled in only inside of provider; use an argument with a value here',
  ],
  [
    'a value that could spell a secret',
    'a',
    {
      a: `{ args: [{ name: s, valueFrom: { secretKeyRef: { name: web, key: k } } }, { name: v, value: "{{args.s}}" }], metrics: [${metric('m')}] }`,
    },
    'argument "v" has a value with {{ beside an argument from a Secret; write the value without double braces',
  ],
  [
    'a dry run of nothing',
    'a',
    { a: `{ metrics: [${metric('m')}], dryRun: [{ metricName: other }] }` },
    'dryRun "other" matches no metric; the metrics are: m',
  ],
  [
    'a dry run twice',
    'a b',
    {
      a: `{ metrics: [${metric('m')}], dryRun: [{ metricName: m }] }`,
      b: `{ metrics: [${metric('other')}], dryRun: [{ metricName: m }] }`,
    },
    'dryRun "m" is there twice; remove one of the two',
  ],
  [
    'a dry run that is no expression',
    'a',
    { a: `{ metrics: [${metric('m')}], dryRun: [{ metricName: "*" }] }` },
    'dryRun "*" is no regular expression over names of metrics; write a name, or `.*` for all metrics',
  ],
  [
    'an expression that is none of Go',
    'a',
    { a: `{ metrics: [${metric('m')}], dryRun: [{ metricName: "(?=m)" }] }` },
    'dryRun "(?=m)" is no regular expression over names of metrics; write a name, or `.*` for all metrics',
  ],
  [
    'a retention of nothing',
    'a',
    { a: `{ metrics: [${metric('m')}], measurementRetention: [{ metricName: ^x, limit: 3 }] }` },
    'measurementRetention "^x" matches no metric; the metrics are: m',
  ],
];

test.each(rows)('refuses %s', (_name, names, specs, told) => {
  expect(complaints(refTo(names), templatesOf(specs))).toEqual([told]);
});

test('names the argument that was probably meant', () => {
  const templates = templatesOf({ a: `{ args: [{ name: service }], metrics: [${metric('m')}] }` });
  expect(complaints(refTo('a', { args: values({ sevice: 'x' }) }), templates)).toEqual([
    'argument "service" of AnalysisTemplate a has no value; "sevice" is given, which no template asks for: rename it',
  ]);
});

test('refuses a condition that does not parse once its arguments are known', () => {
  const templates = templatesOf({
    a: `{ args: [{ name: t, value: "0.9 >" }], metrics: [${metric('m', 'successCondition: "result > {{args.t}}", ')}] }`,
  });
  expect(complaints(refTo('a'), templates)).toEqual([
    expect.stringMatching(/^metric "m" of AnalysisTemplate a: successCondition "result > 0\.9 >": ./),
  ]);
});

test('leaves to the rollout what only it knows', () => {
  const templates = templatesOf({
    a: `{ args: [{ name: num }], metrics: [${metric('"m-{{args.num}}"', 'interval: "{{args.num}}", count: "{{args.num}}", successCondition: "result {{args.num}}", ')}], dryRun: [{ metricName: m-web }] }`,
  });
  const ref = refTo('a', { args: [{ name: 'num', source: { kind: 'field', fieldPath: 'metadata.name' } }] });
  expect(checkAnalysis(ref, templates, { mustEnd: true })).toEqual([]);
});

test('an analysis for which a rollout waits has to end', () => {
  const endless = one('interval: 1m, ');
  expect(checkAnalysis(refTo('a'), endless)).toEqual([]);
  expect(checkAnalysis(refTo('a'), endless, { mustEnd: true })).toEqual([
    {
      message: 'metric "m" of AnalysisTemplate a runs until it is stopped, but the rollout waits for its end',
      remedy: 'give it a count, or use it in a background analysis',
    },
  ]);
  expect(checkAnalysis(refTo('a'), one('interval: 1m, count: 3, '), { mustEnd: true })).toEqual([]);
});

test('rules over names match anywhere in a name; the last one of those that match counts', () => {
  const templates = templatesOf({
    a: `{ metrics: [${metric('error-rate')}, ${metric('latency')}], measurementRetention: [{ metricName: ^err, limit: 3 }] }`,
  });
  const ref = refTo('a', {
    dryRun: ['(?i)LAT'],
    measurementRetention: [{ metricName: '.*', limit: 50 }],
  });
  expect(metricsOf(ref, templates).map(({ isDryRun, retention }) => [isDryRun, retention])).toEqual([
    [false, 3],
    [true, 50],
  ]);
});

test('an expression that takes for ever elsewhere does not', () => {
  const name = 'm'.repeat(200);
  const templates = templatesOf({ a: `{ metrics: [${metric(name)}, ${metric(`${name}x`)}] }` });
  const ref = refTo('a', { dryRun: ['(m+)+(m*)*x$'] });
  expect(metricsOf(ref, templates).map(({ isDryRun }) => isDryRun)).toEqual([false, true]);
});
