import { readWorkloads } from '../../src/domain/read-rollout';
import { between, edit, objectsIn, rolloutText, told, valueOf, type BadRow } from './read-yaml';

const templateText = `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: success }
spec:
  args: [{ name: service }]
  metrics:
    - name: rate
      count: 1
      successCondition: result[0] >= 0.95
      provider: { prometheus: { address: http://prometheus:9090, query: up } }
`;
const text = rolloutText + templateText;
const templates = 'templates: [{ templateName: success }]';
const args = 'args: [{ name: service, value: web }]';
const ref = {
  templates: [{ templateName: 'success', clusterScope: false }],
  args: [{ name: 'service', source: { kind: 'value', value: 'web' } }],
  dryRun: [],
  measurementRetention: [],
};

const read = (from: string, to: string) => valueOf(readWorkloads(objectsIn(edit(text, from, to)), 'shop'));

test('a step of analysis keeps what it says, and its template is no object for the cluster', () => {
  const step = `analysis: { ${templates}, args: [{ name: service, valueFrom: { podTemplateHashValue: Latest } }], dryRun: [{ metricName: .* }], measurementRetention: [{ metricName: rate, limit: 3 }] }`;
  const { workloads, templates: found, others } = read('setWeight: 20', step);
  const analysis = {
    ...ref,
    args: [{ name: 'service', source: { kind: 'hash', of: 'Latest' } }],
    dryRun: ['.*'],
    measurementRetention: [{ metricName: 'rate', limit: 3 }],
  };
  expect(workloads[0]?.strategy).toMatchObject({ steps: [{ kind: 'analysis', analysis }, {}, {}] });
  expect(found).toMatchObject([{ kind: 'AnalysisTemplate', name: 'success' }]);
  expect(others.map(({ object }) => object.kind)).toEqual(['Service', 'Service']);
});

test.each([
  ['', 0],
  ['startingStep: 2, ', 2],
])('a background analysis with "%s" begins at step %i', (field, startingStep) => {
  const { workloads } = read('maxSurge: 1', `analysis: { ${field}${templates}, ${args} }`);
  expect(workloads[0]?.strategy).toMatchObject({ analysis: { ...ref, startingStep } });
});

test('blue-green has an analysis before and one after its promotion', () => {
  const analysis = `{ ${templates}, args: [{ name: service, valueFrom: { fieldRef: { fieldPath: metadata.name } } }] }`;
  const { workloads } = read(
    between(text, '    canary:', '---'),
    `    blueGreen: { activeService: web-stable, prePromotionAnalysis: ${analysis}, postPromotionAnalysis: ${analysis} }\n`,
  );
  const expected = {
    ...ref,
    args: [{ name: 'service', source: { kind: 'field', fieldPath: 'metadata.name' } }],
  };
  expect(workloads[0]?.strategy).toMatchObject({
    prePromotionAnalysis: expected,
    postPromotionAnalysis: expected,
  });
});

test('an experiment runs versions beside each other', () => {
  const step = `experiment: { duration: 5m, scaleDownDelaySeconds: 60, dryRun: [{ metricName: ra.* }], templates: [{ name: old, specRef: stable }, { name: new, specRef: canary, replicas: 2, metadata: { labels: { x: z } } }], analyses: [{ name: compare, templateName: success, requiredForCompletion: true, ${args}, dryRun: [{ metricName: rate }] }] }`;
  const { workloads } = read('setWeight: 20', step);
  const experiment = {
    templates: [
      { name: 'old', specRef: 'stable', replicas: 1, labels: {}, annotations: {} },
      { name: 'new', specRef: 'canary', replicas: 2, labels: { x: 'z' }, annotations: {} },
    ],
    durationMs: 300_000,
    analyses: [{ ...ref, name: 'compare', requiredForCompletion: true, dryRun: ['ra.*', 'rate'] }],
    scaleDownDelayMs: 60_000,
  };
  expect(workloads[0]?.strategy).toMatchObject({ steps: [{ kind: 'experiment', experiment }, {}, {}] });
});

test('a metric without an end is for the background only', () => {
  const endless = edit(text, '      count: 1\n', '      interval: 1m\n');
  const use = `{ ${templates}, ${args} }`;
  const read = (from: string, to: string) => told(readWorkloads(objectsIn(edit(endless, from, to)), 'shop'));
  expect(read('maxSurge: 1', `analysis: ${use}`)).toEqual([]);
  expect(read('setWeight: 20', `analysis: ${use}`)).toEqual([
    `${at}.analysis.templates: metric "rate" of AnalysisTemplate success runs until it is stopped, but the rollout waits for its end; give it a count, or use it in a background analysis`,
  ]);
});

const at = 'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0]';
const step = 'setWeight: 20';
const rows: readonly BadRow[] = [
  [
    'a misspelt template',
    step,
    `analysis: { templates: [{ templateName: sucess }], ${args} }`,
    `${at}.analysis.templates: there is no AnalysisTemplate sucess; did you mean "success"?`,
  ],
  [
    'a template without a name',
    step,
    'analysis: { templates: [{}] }',
    `${at}.analysis.templates[0].templateName: is missing; name an AnalysisTemplate of the same revision`,
  ],
  [
    'an argument twice',
    step,
    `analysis: { ${templates}, args: [{ name: service, value: a }, { name: service, value: b }] }`,
    `${at}.analysis.args[1].name: argument service is given twice; remove one of the two`,
  ],
  [
    'an argument from a Secret',
    step,
    `analysis: { ${templates}, args: [{ name: service, valueFrom: { secretKeyRef: { name: a, key: b } } }] }`,
    `${at}.analysis.args[0].valueFrom.secretKeyRef: a reference cannot take an argument from a Secret; name the Secret in the args of the AnalysisTemplate, and leave the argument out here`,
    `${at}.analysis.templates: argument "service" of AnalysisTemplate success has no value; give it a value under args where the template is referred to, or a default in the template`,
  ],
  [
    'a dry run that is no regular expression',
    step,
    `analysis: { ${templates}, ${args}, dryRun: [{ metricName: "(" }] }`,
    `${at}.analysis.dryRun[0].metricName: "(" is no regular expression; write a regular expression over names of metrics, such as \`.*\``,
  ],
  [
    'a background analysis that begins too late',
    'maxSurge: 1',
    `analysis: { startingStep: 3, ${templates}, ${args} }`,
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.analysis.startingStep: there is no step 3: steps are counted from 0; use 2 or less',
  ],
  [
    'an experiment with traffic and a Service',
    step,
    'experiment: { duration: 1m, templates: [{ name: a, specRef: canary, weight: 5, service: { name: x } }] }',
    'Unsupported web.yaml:26: Rollout web: spec.strategy.canary.steps[0].experiment.templates[0].weight: a share of the traffic for an experiment is not supported yet; remove it: its pods are measured without users',
    'Unsupported web.yaml:26: Rollout web: spec.strategy.canary.steps[0].experiment.templates[0].service: a Service for an experiment is not supported yet; remove it, or write the Service in Git with labels of your own',
  ],
  [
    'an experiment of one name twice, of an unknown version',
    step,
    'experiment: { duration: 1m, templates: [{ name: a, specRef: canary }, { name: a, specRef: old }] }',
    `${at}.experiment.templates[1].specRef: "old" is none of stable, canary; use one of: stable, canary`,
    `${at}.experiment.templates[1].name: template a is there twice; rename one of the two`,
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(text, from, to)), 'shop'))).toEqual(expected);
});

test('a template that cannot be read is one problem, not one for each reference', () => {
  const wrong = edit(edit(text, step, `analysis: { ${templates}, ${args} }`), 'metrics:', 'metrcs:');
  expect(told(readWorkloads(objectsIn(wrong), 'shop'))).toHaveLength(2);
});
