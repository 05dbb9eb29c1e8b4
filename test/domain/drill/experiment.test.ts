import {
  explainRefusal,
  kindsByNamespace,
  readExperiment,
  titleOf,
  type ExperimentObject,
} from '../../../src/domain/drill/experiment';

const facts = { id: '7f', rollout: 'r3-ab', application: 'web', namespace: 'shop' };
const chaos = (metadata: object, spec: object = {}) => ({
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'PodChaos',
  metadata,
  spec,
});
const engine = (metadata: object) => ({
  apiVersion: 'litmuschaos.io/v1alpha1',
  kind: 'ChaosEngine',
  metadata,
});

function read(...documents: readonly unknown[]): readonly ExperimentObject[] {
  const made = readExperiment(documents, facts);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

test.each<[string, readonly unknown[], string]>([
  ['nothing at all', [], 'there is no experiment in it'],
  [
    'another group',
    [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }],
    'it is of v1, which is no experiment',
  ],
  [
    'a group that only looks like one',
    [{ apiVersion: 'x.chaos-mesh.org/v1', kind: 'PodChaos', metadata: { name: 'a' } }],
    'it is of x.chaos-mesh.org/v1, which is no experiment',
  ],
  [
    'a group without a version',
    [{ apiVersion: 'chaos-mesh.org', kind: 'PodChaos' }],
    'it is of chaos-mesh.org',
  ],
  ['a name of every object', [{ apiVersion: 'constructor/v1', kind: 'PodChaos' }], 'it is of constructor/v1'],
  ['no kind', [{ apiVersion: 'chaos-mesh.org/v1alpha1' }], 'which is no experiment'],
  ['no object', ['text'], 'it is of no apiVersion'],
  ['no name', [chaos({ generateName: 'a-' })], 'it has no name'],
  ['a namespace that is no text', [chaos({ name: 'a', namespace: 5 })], 'it is no text'],
])('%s is refused', (_what, documents, message) => {
  const made = readExperiment(documents, facts);
  expect(made).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining(message), remedy: expect.any(String) }],
  });
});

test('every object that is refused is named', () => {
  const made = readExperiment(
    [
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'db' } },
      engine({ name: 'a' }),
      chaos({}),
    ],
    facts,
  );
  expect(made).toMatchObject({ problems: [{ object: 'Deployment db' }, { object: 'PodChaos' }] });
});

test('objects get the labels of the drill beside their own, and the namespace of the application', () => {
  const [first, second] = read(
    chaos({ name: 'kill', labels: { team: 'a' } }),
    engine({ name: 'b', namespace: 'litmus' }),
  );
  expect(first?.json).toEqual(
    chaos({
      name: 'kill',
      namespace: 'shop',
      labels: { team: 'a', 'belay.dev/drill': '7f', 'belay.dev/drilled': 'web' },
    }),
  );
  expect([first, second].map((each) => each && titleOf(each))).toEqual([
    'PodChaos shop/kill',
    'ChaosEngine litmus/b',
  ]);
});

test.each<[string, unknown, unknown]>([
  ['in a text', 'a-{id}-{rollout}-{id}', 'a-7f-r3-ab-7f'],
  ['in lists and keys', { '{id}': ['{id}'] }, { '7f': ['7f'] }],
  ['without quotes, which YAML reads as a map', { id: null }, '7f'],
  ['of the rollout without quotes', { rollout: null }, 'r3-ab'],
  ['nowhere', { id: 5, other: null }, { id: 5, other: null }],
])('placeholders are filled in %s', (_what, given, filled) => {
  expect(read(chaos({ name: 'a' }, { given }))[0]?.json['spec']).toEqual({ given: filled });
});

test('kinds are told to kubectl by namespace, each once', () => {
  const objects = read(
    chaos({ name: 'a' }),
    chaos({ name: 'b' }),
    engine({ name: 'c' }),
    engine({ name: 'd', namespace: 'x' }),
  );
  expect([...kindsByNamespace(objects)]).toEqual([
    ['shop', 'PodChaos.v1alpha1.chaos-mesh.org,ChaosEngine.v1alpha1.litmuschaos.io'],
    ['x', 'ChaosEngine.v1alpha1.litmuschaos.io'],
  ]);
});

test.each([
  [
    'no matches for kind "PodChaos" in version "chaos-mesh.org/v1alpha1"',
    "Chaos Mesh's kinds are not in this cluster",
  ],
  [`the server doesn't have a resource type "PodChaos"`, "Chaos Mesh's kinds are not in this cluster"],
  ['admission webhook denied the request', 'the cluster refuses the experiment'],
])('%s means: %s', (complaint, meaning) => {
  expect(explainRefusal(read(chaos({ name: 'a' })), complaint)).toBe(meaning);
});
