import { asDeployment, asReplicaSet } from '../../src/domain/apps';
import { callApi } from '../../tools/local/api';
import { readCredentials } from '../../tools/local/pki';
import { startEnvironment, type Environment } from '../support/environment';
import { watchPods, type PodWatch } from '../support/pod-watch';
import { openShop, type Shop } from '../support/shop';
import { until } from '../support/until';

let env: Environment;
let shop: Shop;
let pods: PodWatch;

beforeAll(async () => {
  env = await startEnvironment();
  await env.startWorker();
  shop = await openShop(env);
  pods = await watchPods(env.kube, 'shop');
}, 60_000);
afterAll(async () => {
  pods.stop();
  await env.stop();
});

async function deployments(): Promise<Record<string, number>> {
  const all = (await shop.objects('Deployment')).map(asDeployment);
  return Object.fromEntries(all.map((each) => [each.metadata.name, each.spec.replicas ?? 1]));
}

test('a good push goes out as a canary; its promotion restarts no pod and never takes a ready endpoint away', async () => {
  pods.mark();
  const revision = await shop.push({ image: 'v2' });
  const status = await shop.settled(revision);
  expect(status.state.history[0]).toMatchObject({ revision, result: 'promoted' });
  expect(await deployments()).toEqual({ web: 4 });
  const v2 = [...pods.pods.values()].filter((pod) => JSON.stringify(pod).includes('web:v2'));
  expect(v2).toHaveLength(4); // every pod of the new version was started once
  expect(pods.readyPods()).toHaveLength(4);
  expect(pods.lowest('web')).toBeGreaterThanOrEqual(4);
});

test('a broken push is rolled back, Git gets exactly one revert commit, and the application is Healthy again', async () => {
  const good = await shop.head();
  const before = pods.readyPods();
  pods.mark();
  const bad = await shop.push({ image: 'v3-broken' });
  const pushedAt = Date.now();
  const status = await shop.waitFor(
    'it is back',
    ({ state, health, operation }) =>
      state.lastFailure?.revision === bad && health === 'Healthy' && operation === undefined,
  );
  expect(Date.now() - pushedAt).toBeLessThan(10_000);
  expect((status.state.lastFailure?.at ?? 0) - pushedAt).toBeLessThan(5_000);

  const head = await shop.head();
  expect(status).toMatchObject({ sync: 'Synced', health: 'Healthy', held: false });
  expect(status.state.synced).toBe(head);
  expect(await shop.repo.git('rev-list', '--count', `${bad}..${head}`)).toBe('1');
  expect(await shop.repo.git('rev-parse', `${head}:k8-manifests`)).toBe(
    await shop.repo.git('rev-parse', `${good}:k8-manifests`),
  );
  const trailers = await shop.repo.git('log', '-1', '--format=%(trailers:only,unfold)', head);
  expect(trailers).toContain(`Belay-Bad-Revision: ${bad}`);
  expect(trailers).toContain('Belay-Application: shop');

  expect(await deployments()).toEqual({ web: 4 });
  expect([...pods.readyPods()].sort()).toEqual([...before].sort()); // stable was not touched
  expect(pods.lowest('web')).toBe(4);
  expect(await env.client.rolloutStatus('shop')).toMatchObject({
    phase: 'Degraded',
    outcome: { kind: 'failed', failure: { code: 'ImagePull' } },
  });
});

test('the bad version pushed again is not deployed again, and a fix on top goes out', async () => {
  const seen = pods.pods.size;
  await shop.push({ image: 'v3-broken' });
  const held = await shop.waitFor('it is held', (status) => status.held);
  expect(held.state.hold?.code).toBe('Quarantined');
  expect(pods.pods.size).toBe(seen);
  const fix = await shop.push({ image: 'v4' });
  const status = await shop.settled(fix);
  expect(status.held).toBe(false);
});

test('a third version keeps the history of ReplicaSets and starts no pod of an older one', async () => {
  const seen = new Set(pods.pods.keys());
  const revision = await shop.push({ image: 'v5' });
  await shop.settled(revision);
  const started = [...pods.pods.values()].filter((pod) => !seen.has(pod.metadata.name));
  expect(started).toHaveLength(4);
  expect(started.every((pod) => JSON.stringify(pod).includes('web:v5'))).toBe(true);
  const sets = (await shop.objects('ReplicaSet')).map(asReplicaSet);
  expect(sets.length).toBeGreaterThanOrEqual(4);
  const web = (await shop.objects('Deployment'))[0];
  expect(sets.every((set) => set.metadata.ownerReferences?.[0]?.uid === web?.metadata.uid)).toBe(true);
});

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };

async function healsBack(change: () => Promise<unknown>): Promise<void> {
  const before = asDeployment((await env.kube.get(web)) ?? fail());
  await change();
  await until('it is healed', async () => {
    const live = asDeployment((await env.kube.get(web)) ?? fail());
    return JSON.stringify(live.spec) === JSON.stringify(before.spec);
  });
}

test('what somebody changes by kubectl scale is healed', async () => {
  const path = '/apis/apps/v1/namespaces/shop/deployments/web/scale?fieldManager=kubectl';
  const metadata = { name: 'web', namespace: 'shop' };
  const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: 1 } };
  const credentials = await readCredentials(env.cluster.dir);
  await healsBack(() => callApi(env.cluster.server, credentials, 'PUT', path, body));
});

test('what somebody changes by kubectl edit is healed', async () => {
  const containers = [{ name: 'web', image: 'registry.example/web:hacked' }];
  await healsBack(() =>
    env.kube.patch(web, { spec: { template: { spec: { containers } } } }, { manager: 'kubectl-edit' }),
  );
});

test('what somebody deletes comes back', async () => {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' };
  await env.kube.remove(ref, { propagation: 'Background' });
  await until('the Service is back', () => env.kube.get(ref));
});

test('an object that leaves Git is pruned', async () => {
  const added = await shop.pushFiles({
    'extra.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {a: b}\n',
  });
  await shop.settled(added);
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'extra' };
  expect(await env.kube.get(ref)).toBeDefined();
  const removed = await shop.pushFiles({ 'extra.yaml': null });
  await shop.settled(removed);
  expect(await env.kube.get(ref)).toBeUndefined();
});

function fail(): never {
  throw new Error('the object is gone');
}
