import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../src/domain/kube-object';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import type { WorkerProcess } from '../../tools/local/worker';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { openShop, rolloutYaml, type Shop } from '../support/shop';
import { concurrentStories } from '../support/stories';
import { serviceYaml } from '../support/sync-yaml';
import { until } from '../support/until';

let env: Environment;
const workers: WorkerProcess[] = [];

const roles = `${serviceYaml('web-stable')}---\n${serviceYaml('web-canary')}`;
/** No controller is there to give it an address, which its health would wait for. */
const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {argocd.argoproj.io/ignore-healthcheck: 'true'}}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web-stable, port: {number: 80}}}}
`;
const nginx = `
      stableService: web-stable
      canaryService: web-canary
      scaleDownDelaySeconds: 3
      abortScaleDownDelaySeconds: 1
      trafficRouting: {nginx: {stableIngress: web}}`;

const blueGreen = `
    blueGreen:
      activeService: web-active
      previewService: web-preview
      previewReplicaCount: 2
      autoPromotionEnabled: false
      scaleDownDelaySeconds: 1
      abortScaleDownDelaySeconds: 1`;

/** `pod-template-hash` of the ReplicaSets that have pods. */
async function hashesOf(shop: Shop): Promise<readonly string[]> {
  const sets = await shop.objects('ReplicaSet');
  const running = sets.filter((each) => (each['spec'] as { replicas: number }).replicas > 0);
  return running.map((each) => each.metadata.labels?.['pod-template-hash'] ?? '');
}

async function weightOf(shop: Shop): Promise<string | undefined> {
  const ingresses = await shop.objects('Ingress', 'networking.k8s.io/v1');
  const canary = ingresses.find((each) => each.metadata.name === 'web-web-canary');
  return canary?.metadata.annotations?.['nginx.ingress.kubernetes.io/canary-weight'];
}

async function replicasOf(shop: Shop): Promise<Readonly<Record<string, number>>> {
  const deployments = await shop.objects('Deployment');
  return Object.fromEntries(
    deployments.map((each) => [each.metadata.name, (each['spec'] as { replicas: number }).replicas]),
  );
}

async function atWeight(shop: Shop, weight: number): Promise<void> {
  let seen: RolloutStatus | undefined;
  await until(`the canary has ${weight} %`, async () => {
    seen = await env.client.rolloutStatus(shop.name).catch(() => undefined);
    return seen?.phase === 'Paused' && seen.weight === weight && seen.outcome === undefined;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; last seen: ${JSON.stringify({ ...seen, spec: undefined })}`);
  });
}

/** Pods that came without a rollout, or with one. */
async function podsOf(shop: Shop, which: 'first' | 'new'): Promise<readonly KubeObject[]> {
  const pods = await shop.objects('Pod', 'v1');
  return pods.filter(
    ({ metadata }) =>
      (metadata.labels?.['belay.dev/rollout'] === undefined) === (which === 'first') &&
      metadata.deletionTimestamp === undefined,
  );
}

async function dataOf(shop: Shop, name: string): Promise<unknown> {
  return (await shop.objects('ConfigMap', 'v1')).find((each) => each.metadata.name === name)?.['data'];
}

async function selectorsOf(shop: Shop): Promise<Readonly<Record<string, unknown>>> {
  const services = await shop.objects('Service', 'v1');
  return Object.fromEntries(
    services.map((each: KubeObject) => [
      each.metadata.name,
      (each['spec'] as { selector?: unknown }).selector,
    ]),
  );
}

const stories = concurrentStories({
  'a router carries the weight: stable stays whole, and the canary Ingress goes with the promotion':
    async () => {
      const shop = await openShop(env, {
        name: 'routed',
        canary: nginx,
        steps:
          '\n      - setWeight: 25\n      - pause: {}\n      - setCanaryScale: {replicas: 3}\n      - setWeight: 50\n      - pause: {}',
        files: { 'roles.yaml': roles, 'ingress.yaml': ingress },
      });
      const revision = await shop.push({ image: 'v2' });
      await atWeight(shop, 25);
      expect(await weightOf(shop)).toBe('25');
      expect(await replicasOf(shop)).toEqual({ web: 4, 'web-canary': 1 });
      await env.client.promote(shop.name);
      await atWeight(shop, 50);
      expect(await weightOf(shop)).toBe('50');
      expect(await replicasOf(shop)).toEqual({ web: 4, 'web-canary': 3 });
      await env.client.promote(shop.name);
      await until('the old pods have their delay', async () => {
        const status = await env.client.rolloutStatus(shop.name).catch(() => undefined);
        return status?.message.includes('scaleDownDelaySeconds');
      });
      const fresh = (await podsOf(shop, 'new'))[0]?.metadata.labels?.['pod-template-hash'];
      for (const end = Date.now() + 2_000; Date.now() < end; await sleep(100))
        expect(await selectorsOf(shop)).toMatchObject({ 'web-stable': { 'pod-template-hash': fresh } });
      await shop.settled(revision, 60_000);
      expect(await weightOf(shop)).toBeUndefined();
      expect(await selectorsOf(shop)).toMatchObject({
        'web-stable': { app: 'web' },
        'web-canary': { app: 'web' },
      });
      expect(await replicasOf(shop)).toEqual({ web: 4 });
    },

  'somebody who changes the weight or the size in a pause is corrected at once': async () => {
    const shop = await openShop(env, {
      name: 'kept',
      canary: nginx,
      steps: '\n      - setWeight: 50\n      - pause: {}',
      files: { 'roles.yaml': roles, 'ingress.yaml': ingress },
    });
    const bad = await shop.push({ image: 'v2' });
    await atWeight(shop, 50);
    const ref = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      namespace: 'kept',
      name: 'web-web-canary',
    };
    const annotations = { 'nginx.ingress.kubernetes.io/canary-weight': '90' };
    await env.kube.patch(ref, { metadata: { annotations } }, { manager: 'kubectl-edit' });
    const canary = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kept', name: 'web-canary' };
    await env.kube.patch(canary, { spec: { replicas: 1 } }, { manager: 'kubectl-edit' });
    await until('both are put right', async () => {
      return (await weightOf(shop)) === '50' && (await replicasOf(shop))['web-canary'] === 2;
    });
    await env.client.abort(shop.name, { reason: 'the test' });
    await reverted(shop, bad);
    expect(await weightOf(shop)).toBeUndefined();
    expect(await replicasOf(shop)).toEqual({ web: 4 });
  },

  'with a router, the size that an autoscaler gives stable is followed by the canary and kept by the promotion':
    async () => {
      const shop = await openShop(env, {
        name: 'autoscaled',
        canary: nginx,
        steps: '\n      - setWeight: 50\n      - pause: {}',
        files: { 'roles.yaml': roles, 'ingress.yaml': ingress },
        withoutCount: true,
      });
      const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'autoscaled', name: 'web' };
      const scale = (replicas: number) =>
        env.kube.patch(web, { spec: { replicas } }, { manager: 'kube-controller-manager' });
      await scale(4);
      const revision = await shop.push({ image: 'v2' });
      await atWeight(shop, 50);
      expect(await replicasOf(shop)).toEqual({ web: 4, 'web-canary': 2 });
      await scale(8);
      await until('the canary has grown too', async () => (await replicasOf(shop))['web-canary'] === 4);
      await env.client.promote(shop.name);
      await shop.settled(revision, 60_000);
      expect(await replicasOf(shop)).toEqual({ web: 8 });
    },

  'spec.paused holds a new version before its first pod; without it the version goes out': async () => {
    const shop = await openShop(env, { name: 'paused' });
    const version = { image: 'v2' };
    const held = await shop.pushFiles({
      'rollout.yaml': rolloutYaml(4, { rollout: '\n  paused: true' }, version),
    });
    await until('it is held', async () => {
      const status = await env.client.rolloutStatus(shop.name).catch(() => undefined);
      return status?.spec.target.revision === held && status.message.startsWith('manually paused');
    });
    expect(await replicasOf(shop)).toEqual({ web: 4 });
    const { rolloutId } = (await env.client.rolloutStatus(shop.name)).spec;
    const freed = await shop.pushFiles({ 'rollout.yaml': rolloutYaml(4, {}, version) });
    await shop.settled(freed, 60_000);
    expect((await shop.status()).state.workloads['web']?.rolloutId).toBe(rolloutId);
  },

  'an experiment compares both versions beside the rollout, and leaves nothing behind': async () => {
    const shop = await openShop(env, {
      name: 'compared',
      steps: `
      - experiment:
          duration: 3s
          scaleDownDelaySeconds: 0
          templates:
          - {name: old, specRef: stable}
          - {name: new, specRef: canary, replicas: 2}
      - setWeight: 50`,
    });
    const revision = await shop.push({ image: 'v2' });
    await until('both versions run beside it', async () => {
      const sizes = await replicasOf(shop);
      return sizes['web-1-old'] === 1 && sizes['web-1-new'] === 2 && sizes['web-canary'] === 0;
    });
    await shop.settled(revision, 60_000);
    expect(await replicasOf(shop)).toEqual({ web: 4 });
  },

  'a stable pod that restarts while a bad configuration is out starts with the old one': async () => {
    const shop = await openShop(env, {
      name: 'oldvalue',
      steps: '\n      - setWeight: 25\n      - pause: {}',
    });
    const bad = await shop.push({ image: 'v1', config: 'GREETING: broken' });
    await atWeight(shop, 25);
    const before = await podsOf(shop, 'first');
    const [lost] = before;
    await env.kube.remove(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'oldvalue', name: lost?.metadata.name ?? '' },
      { propagation: 'Background' },
    );
    const fresh = await until('a new stable pod is there', async () => {
      const now = await podsOf(shop, 'first');
      const isNew = (pod: KubeObject): boolean =>
        !before.some((each) => each.metadata.uid === pod.metadata.uid);
      return now.length === 3 ? now.find(isNew) : undefined;
    });
    expect(JSON.stringify(fresh['spec'])).toContain('"configMapRef":{"name":"web-config"}');
    expect(await dataOf(shop, 'web-config')).toEqual({ GREETING: 'hello' });
    await env.client.abort(shop.name, { reason: 'the test' });
    await reverted(shop, bad);
    expect(await dataOf(shop, 'web-config')).toEqual({ GREETING: 'hello' });
    const copies = (await shop.objects('ConfigMap', 'v1')).filter((each) =>
      each.metadata.name.startsWith('web-config-'),
    );
    expect(copies.filter((each) => JSON.stringify(each['data']).includes('broken'))).toEqual([]);
  },

  'a commit that changes only the count is taken over by the rollout in progress': async () => {
    const steps = '\n      - setWeight: 50\n      - pause: {}';
    const shop = await openShop(env, { name: 'resized', steps });
    await shop.push({ image: 'v2' });
    await atWeight(shop, 50);
    const rolloutId = (await env.client.rolloutStatus(shop.name)).spec.rolloutId;
    const revision = await shop.pushFiles({ 'rollout.yaml': rolloutYaml(8, { steps }, { image: 'v2' }) });
    await until('both sides have grown', async () => {
      const { web, 'web-canary': canary } = await replicasOf(shop);
      return web === 4 && canary === 4;
    });
    expect((await env.client.rolloutStatus(shop.name)).spec.rolloutId).toBe(rolloutId);
    await env.client.promote(shop.name);
    await shop.settled(revision, 60_000);
    expect(await replicasOf(shop)).toEqual({ web: 8 });
  },

  'blue-green: the preview beside the active version, the switch by a person, and the switch back':
    async () => {
      const shop = await openShop(env, {
        name: 'bluegreen',
        strategy: blueGreen,
        files: { 'roles.yaml': `${serviceYaml('web-active')}---\n${serviceYaml('web-preview')}` },
      });
      const before = await hashesOf(shop);
      const revision = await shop.push({ image: 'v2' });
      await until('it waits for the switch', async () => {
        const status = await env.client.rolloutStatus(shop.name).catch(() => undefined);
        return status?.phase === 'Paused' && status.message.startsWith('BlueGreenPause');
      });
      expect(await replicasOf(shop)).toEqual({ web: 4, 'web-canary': 2 });
      const { 'web-active': active, 'web-preview': preview } = await selectorsOf(shop);
      expect(active).toEqual({ app: 'web', 'pod-template-hash': before[0] });
      expect(preview).not.toEqual(active);
      await env.client.promote(shop.name);
      await shop.settled(revision, 60_000);
      expect(await replicasOf(shop)).toEqual({ web: 4 });
      expect(await hashesOf(shop)).not.toEqual(before);
      const bad = await shop.push({ image: 'v3-broken' });
      await reverted(shop, bad);
      expect(await selectorsOf(shop)).toMatchObject({
        'web-active': { app: 'web' },
        'web-preview': { app: 'web' },
      });
    },
});

beforeAll(async () => {
  env = await startEnvironment();
  workers.push(await env.startWorker());
  stories.begin();
}, 60_000);
afterAll(() => env.stop());

stories.defineTests(120_000);
