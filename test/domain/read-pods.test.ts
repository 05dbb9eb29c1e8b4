import { readWorkloads } from '../../src/domain/read-rollout';
import { between, edit, objectsIn, rolloutText, told, type BadRow } from './read-yaml';

const selector = 'matchLabels: { app: web }';
const template = between(rolloutText, '  template:', '  strategy:');
const pod = between(rolloutText, '    spec:\n', '  strategy:');
const containers = between(rolloutText, '      containers:', '  strategy:');

test.each([
  ['In', '{ key: app, operator: In, values: [web, shop] }'],
  ['NotIn', '{ key: tier, operator: NotIn, values: [back] }'],
  ['NotIn of a label that is not there', '{ key: zone, operator: NotIn, values: [back] }'],
  ['Exists', '{ key: tier, operator: Exists }'],
  ['DoesNotExist', '{ key: zone, operator: DoesNotExist }'],
])('takes a selector that matches by %s', (_name, expression) => {
  const text = edit(rolloutText, selector, `matchExpressions: [${expression}]`);
  expect(told(readWorkloads(objectsIn(text), 'shop'))).toEqual([]);
});

const rows: readonly BadRow[] = [
  [
    'no selector',
    `  selector:\n    ${selector}\n`,
    '',
    'InvalidSpec web.yaml:6: Rollout web: spec.selector: is missing; write selector.matchLabels with labels of the pod template',
  ],
  [
    'an empty selector',
    selector,
    'matchLabels: {}',
    'InvalidSpec web.yaml:10: Rollout web: spec.selector: an empty selector would take every pod; write selector.matchLabels with labels of the pod template',
  ],
  [
    'a selector that does not match',
    selector,
    'matchLabels: { app: wbe }',
    'InvalidSpec web.yaml:10: Rollout web: spec.selector: selector wants app=wbe, which the labels of the pod template do not give; make spec.template.metadata.labels match',
  ],
  [
    'an expression that does not match',
    selector,
    'matchExpressions: [{ key: app, operator: In, values: [a, b] }]',
    'InvalidSpec web.yaml:10: Rollout web: spec.selector: selector wants app In a, b, which the labels of the pod template do not give; make spec.template.metadata.labels match',
  ],
  [
    'a label that must not be there',
    selector,
    'matchExpressions: [{ key: tier, operator: DoesNotExist }]',
    'InvalidSpec web.yaml:10: Rollout web: spec.selector: selector wants tier DoesNotExist, which the labels of the pod template do not give; make spec.template.metadata.labels match',
  ],
  [
    'an unknown operator',
    selector,
    'matchExpressions: [{ key: app, operator: Is, values: [a, b] }]',
    'InvalidSpec web.yaml:11: Rollout web: spec.selector.matchExpressions[0].operator: "Is" is none of In, NotIn, Exists, DoesNotExist; did you mean "In"?',
  ],
  [
    'an expression without key and operator',
    selector,
    'matchExpressions: [{ values: [a, b] }]',
    'InvalidSpec web.yaml:11: Rollout web: spec.selector.matchExpressions[0].key: is missing; name a label',
    'InvalidSpec web.yaml:11: Rollout web: spec.selector.matchExpressions[0].operator: is missing; write one of: In, NotIn, Exists, DoesNotExist',
  ],
  [
    'a misspelt selector',
    selector,
    'matchLabel: { app: web }',
    'UnknownField web.yaml:11: Rollout web: spec.selector.matchLabel: unknown field; did you mean "matchLabels"?',
  ],
  [
    'a label of Belay',
    'tier: front',
    'belay.dev/rollout: x',
    'InvalidSpec web.yaml:14: Rollout web: spec.template.metadata.labels["belay.dev/rollout"]: labels under belay.dev/ are Belay\'s own; remove it, or give it a prefix of your own',
  ],
  [
    'a label that is a number',
    'tier: front',
    'tier: 1',
    'InvalidSpec web.yaml:14: Rollout web: spec.template.metadata.labels.tier: must be a text, not the number 1; write it in quotes: "1"',
  ],
  [
    'no template',
    template,
    '',
    'InvalidSpec web.yaml:6: Rollout web: spec.template: is missing; write the pod template',
  ],
  [
    'a template without spec',
    pod,
    '',
    'InvalidSpec web.yaml:12: Rollout web: spec.template.spec: is missing; write spec.containers with a name and an image each',
  ],
  [
    'no container',
    containers,
    '      containers: []\n',
    'InvalidSpec web.yaml:16: Rollout web: spec.template.spec.containers: the pod template has no container; write spec.containers with a name and an image each',
  ],
  [
    'a container without image',
    '          image: registry.example/web:2\n',
    '',
    'InvalidSpec web.yaml:17: Rollout web: spec.template.spec.containers[0].image: container "web" has no image; write the image to run',
  ],
  [
    'an init container without image',
    '      containers:',
    '      initContainers: [{ name: setup }]\n      containers:',
    'InvalidSpec web.yaml:16: Rollout web: spec.template.spec.initContainers[0].image: container "setup" has no image; write the image to run',
  ],
  [
    'a container without name',
    '- name: web\n          image',
    '- image',
    'InvalidSpec web.yaml:17: Rollout web: spec.template.spec.containers[0].name: is missing; give the container a name',
  ],
  [
    'an image that is a number',
    'registry.example/web:2',
    '2',
    'InvalidSpec web.yaml:18: Rollout web: spec.template.spec.containers[0].image: must be a text, not the number 2; write it in quotes: "2"',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(rolloutText, from, to)), 'shop'))).toEqual(expected);
});
