import { join } from 'node:path';
import { openExperiment, removeExperiment } from '../../../src/cli/drill/experiment';
import { fakeKubectl, type FakeKubectl } from '../../support/fake-kubectl';

const yaml = `apiVersion: chaos-mesh.org/v1alpha1
kind: PodChaos
metadata: {name: 'fail-{id}'}
spec: {selector: {labelSelectors: {belay.dev/rollout: '{rollout}'}}}
`;
const file = { file: 'chaos.yaml', text: yaml, context: 'here' };
const facts = { id: '7f', application: 'web', namespace: 'shop' };
const kind = 'PodChaos.v1alpha1.chaos-mesh.org';
const pods = expect.stringMatching(
  /^get pods -n shop --field-selector status.phase=Running -o jsonpath=/,
) as string;
const removed = (label: string) =>
  `delete ${kind} -n shop -l ${label} --ignore-not-found --wait=false -o name`;
let kubectl: FakeKubectl;
let said: string[];

beforeEach(async () => {
  said = [];
  kubectl = await fakeKubectl();
});
afterEach(() => kubectl.remove());

const says: FakeKubectl['says'] = (verb, text) => kubectl.says(verb, text);
const calls = () => kubectl.calls();
const open = (changes: Partial<typeof file> = {}, path = kubectl.path) =>
  openExperiment({ ...file, ...changes }, facts, {
    env: { PATH: path },
    say: (line) => void said.push(line),
  });

test('it is asked for before, started once when a pod of the rollout runs, and deleted once', async () => {
  const experiment = open();
  expect(await experiment.describe()).toEqual([
    'starts PodChaos shop/fail-7f by kubectl in the context here, as soon as its pods run',
  ]);
  await experiment.prepare();
  await says('get', ' \nr2-aa \n');
  await experiment.startFor('r3-ab');
  await says('get', ' \nr3-ab \n');
  await experiment.startFor('r3-ab');
  await experiment.startFor('r3-ab');
  await experiment.end();
  await experiment.end();
  expect(await calls()).toEqual([
    removed('belay.dev/drilled=web'),
    'create --dry-run=server -f -',
    pods,
    pods,
    'create -f -',
    removed('belay.dev/drill=7f'),
  ]);
  const spec = { selector: { labelSelectors: { 'belay.dev/rollout': 'r3-ab' } } };
  expect(await kubectl.input()).toMatchObject({ items: [{ spec }] });
  expect(said).toEqual([
    'experiment: started PodChaos shop/fail-7f',
    'experiment: deleted PodChaos shop/fail-7f',
  ]);
});

test('a pod without a rollout’s label is known by the annotation of the drill', async () => {
  await says('get', ' 7f\n');
  await open().startFor('r3-ab');
  expect(said).toEqual(['experiment: started PodChaos shop/fail-7f']);
});

test('what was never started is deleted all the same, and the reason is said', async () => {
  const experiment = open();
  await says('get.fails', 'Error from server (Forbidden): pods is forbidden');
  await experiment.startFor('r3-ab');
  await experiment.end();
  expect((await calls()).at(-1)).toBe(removed('belay.dev/drill=7f'));
  expect(said).toEqual(['experiment: was not started: Error from server (Forbidden): pods is forbidden']);
});

test('what is there already with the label of the drill counts as started', async () => {
  const name = 'podchaos.chaos-mesh.org/fail-7f';
  await says('get', `r3-ab\n${name}\n`);
  await says('create.fails', 'AlreadyExists');
  await open().startFor('r3-ab');
  expect(said).toEqual(['experiment: started PodChaos shop/fail-7f']);
  await says('get', 'r3-ab\n');
  await expect(open().startFor('r3-ab')).rejects.toThrow('the cluster refuses the experiment: AlreadyExists');
});

test('kinds that are missing are said before anything else, without credentials and cut', async () => {
  await says('dry-run.fails', `no matches for kind "PodChaos" token=abcdef ${'x'.repeat(2_000)}`);
  const error: unknown = await open()
    .prepare()
    .catch((each: unknown) => each);
  expect(String(error)).toMatch(
    /Chaos Mesh's kinds are not in this cluster: no matches .* token=\*\*\* x+…$/,
  );
  expect(String(error).length).toBeLessThan(800);
});

test('what cannot be deleted is said with how to do it by hand', async () => {
  await says('delete.fails', 'connection refused');
  await expect(open().end()).rejects.toMatchObject({
    message: expect.stringContaining('the experiment may still be in the cluster: PodChaos shop/fail-7f'),
    remedy: `\`kubectl delete ${kind} -n shop -l belay.dev/drill=7f\``,
  });
  expect(await calls()).toHaveLength(3);
});

test('what an earlier drill has left is deleted by the label of the application', async () => {
  await says('delete', 'podchaos.chaos-mesh.org/fail-6e\n');
  await open().prepare();
  expect(said).toEqual([
    'experiment: deleted what an earlier drill has left: podchaos.chaos-mesh.org/fail-6e',
  ]);
  await says('delete', 'No resources found\n');
  await open().prepare();
  expect(said).toHaveLength(1);
  await says('delete', 'podchaos.chaos-mesh.org/fail-6e\n');
  expect(await removeExperiment(file, facts, { PATH: kubectl.path })).toEqual([
    'podchaos.chaos-mesh.org/fail-6e',
  ]);
});

test('a machine without kubectl is said', async () => {
  await expect(open({}, join(kubectl.dir, 'none')).prepare()).rejects.toMatchObject({
    message: 'there is no kubectl on the PATH',
    remedy: 'install kubectl',
  });
});

test.each([
  ['', 'chaos.yaml: there is no experiment in it'],
  ['a: [', 'chaos.yaml:1'],
  [
    'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n',
    'chaos.yaml: Secret a: it is of v1, which is no experiment',
  ],
])('a file that holds %j is bad usage', (text, message) => {
  expect(() => open({ text })).toThrow(message);
});
