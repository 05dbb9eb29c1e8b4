import { lintRevision } from '../../../src/domain/lint/lint-revision';
import { between, edit, objectsIn, rolloutText } from '../read-yaml';

/** What the rules say: `severity code line`. */
function found(text: string): readonly string[] {
  return lintRevision(objectsIn(text), 'shop').map(
    ({ severity, code, line }) => `${severity} ${code} ${line}`,
  );
}

const base = edit(
  rolloutText,
  'image: registry.example/web:2\n',
  'image: registry.example/web:2\n          readinessProbe: { tcpSocket: { port: 80 } }\n',
);
const weights = between(base, '      steps:', '---');
const withSteps = (steps: string) => edit(base, weights, `      steps: [${steps}]\n`);
const budget = (spec: string) =>
  `${base}---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web }\nspec: { ${spec} }\n`;
const web = 'selector: { matchLabels: { app: web } }';

test('a good Rollout has nothing said about it', () => {
  expect(found(base)).toEqual([]);
});

test.each([
  ['maxUnavailable: 1', []],
  ['maxUnavailable: 0%', ['warning BlockingBudget 44']],
  ['minAvailable: 5', ['warning BlockingBudget 44']],
  ['minAvailable: 4', []],
  ['minAvailable: 100%', ['warning BlockingBudget 44']],
])('a budget with %s', (field, expected) => {
  expect(found(budget(`${field}, ${web}`))).toEqual(expected);
});

test('a budget of other pods, or in another namespace, is none of its business', () => {
  expect(found(budget('maxUnavailable: 0, selector: { matchLabels: { app: api } }'))).toEqual([]);
  const text = budget(`maxUnavailable: 0, ${web}`);
  expect(
    found(text.replace(/{ name: web }\nspec: { max/, '{ name: web, namespace: x }\nspec: { max')),
  ).toEqual([]);
});

describe('steps', () => {
  test.each([
    ['a pause for a person', '{ setWeight: 20 }, { pause: {} }', []],
    ['timed pauses only', '{ setWeight: 20 }, { pause: { duration: 1m } }', ['note JudgedByPods 26']],
    ['weights only', '{ setWeight: 20 }, { setWeight: 60 }', []],
    ['a pause before everything', '{ pause: {} }, { setWeight: 20 }', ['warning EarlyPause 26']],
    ['a pause and nothing else', '{ pause: {} }', []],
    ['weights that five pods cannot make', '{ setWeight: 5 }, { pause: {} }', ['warning CoarseWeight 26']],
    ['weights at both ends', '{ setWeight: 0 }, { pause: {} }, { setWeight: 100 }', []],
    [
      'a wrong step, whose neighbours say nothing then',
      '{ setWieght: 5 }, { pause: {} }, { setWeight: 5 }',
      ['error UnknownField 26'],
    ],
  ])('%s', (_name, steps, expected) => {
    expect(found(withSteps(steps))).toEqual(expected);
  });

  const ingress =
    '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web-stable, port: { number: 80 } } } }] } }] }\n';
  const routed = (steps: string) =>
    edit(withSteps(steps), 'maxSurge: 1', 'trafficRouting: { nginx: { stableIngress: web } }') + ingress;

  test.each([
    ['as large', '{ setCanaryScale: { weight: 50 } }, { setWeight: 50 }, { pause: {} }', []],
    [
      'too small in percent',
      '{ setCanaryScale: { weight: 49 } }, { setWeight: 50 }, { pause: {} }',
      ['warning ScaleBelowWeight 26'],
    ],
    [
      'too small in pods',
      '{ setCanaryScale: { replicas: 2 } }, { setWeight: 50 }, { pause: {} }',
      ['warning ScaleBelowWeight 26'],
    ],
    ['just enough pods', '{ setCanaryScale: { replicas: 3 } }, { setWeight: 50 }, { pause: {} }', []],
    [
      'taken back in time',
      '{ setCanaryScale: { replicas: 1 } }, { setCanaryScale: { matchTrafficWeight: true } }, { setWeight: 50 }, { pause: {} }',
      [],
    ],
  ])('a canary whose scale is %s', (_name, steps, expected) => {
    expect(found(routed(steps))).toEqual(expected);
  });

  test('a Service without a role goes round the weights, a headless one is for programs', () => {
    const service = (spec: string) =>
      `---\napiVersion: v1\nkind: Service\nmetadata: { name: all }\nspec: { ${spec}selector: { app: web } }\n`;
    const text = routed('{ setWeight: 20 }, { pause: {} }');
    expect(found(text + service(''))).toEqual(['warning SharedService 46']);
    expect(found(text + service('clusterIP: None, '))).toEqual([]);
    expect(found(base + service(''))).toEqual([]);
  });
});

test.each([
  ['registry.example:5000/web', ['warning FloatingImage 18']],
  ['registry.example:5000/web:v1', []],
  ['web:latest', ['warning FloatingImage 18']],
  ['web@sha256:0123', []],
])('image %s', (image, expected) => {
  expect(found(edit(base, 'registry.example/web:2', image))).toEqual(expected);
});

test('errors and warnings are told together', () => {
  expect(found(edit(rolloutText, 'replicas: 5', 'replicas: -5'))).toEqual([
    'error InvalidSpec 7',
    'warning NoReadinessProbe 16',
  ]);
});
