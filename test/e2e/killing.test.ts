import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerProcess } from '../../tools/local/worker';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { watchPods, type PodWatch } from '../support/pod-watch';
import { openShop, type Shop } from '../support/shop';
import { serviceYaml } from '../support/sync-yaml';
import { until } from '../support/until';

/** Services with roles of their own: pinned to one version each while a rollout runs. */
const services = ['web-stable', 'web-canary'].map(serviceYaml).join('---\n');

let env: Environment;
let worker: WorkerProcess;
let shop: Shop;
let pods: PodWatch;

beforeAll(async () => {
  env = await startEnvironment();
  worker = await env.startWorker();
  shop = await openShop(env, {
    canary: '\n      stableService: web-stable\n      canaryService: web-canary',
    files: { 'services.yaml': services },
  });
  pods = await watchPods(env.kube, 'shop');
  await until('the endpoints are listed', () => {
    pods.mark();
    return pods.lowest('web') === 4;
  });
}, 60_000);
afterAll(async () => {
  pods.stop();
  await env.stop();
});

async function killed(): Promise<void> {
  worker.kill('SIGKILL');
  await worker.gone();
  worker = await env.startWorker();
}

/** Waits until the rollout of `revision` says something that fits. */
async function rolloutSays(revision: string, words: RegExp): Promise<void> {
  await until(`the rollout says ${words.source}`, async () => {
    const status = await env.client.rolloutStatus(shop.name).catch(() => undefined);
    return status?.spec.target.revision === revision && words.test(status.message);
  });
}

async function isBack(bad: string): Promise<void> {
  await reverted(shop, bad, 60_000);
  expect((await shop.objects('Deployment')).map((each) => each.metadata.name)).toEqual(['web']);
}

test.each([
  ['while the canary gets its pods', /setWeight 50: waiting/],
  ['while it is promoted', /promoting/],
])('a worker killed %s: the rollout goes on with another, and no pod starts twice', async (moment, words) => {
  const image = `good-${moment.replace(/\W+/g, '-')}`;
  pods.mark();
  const revision = await shop.push({ image });
  await rolloutSays(revision, words);
  await killed();
  const back = Date.now();
  await shop.settled(revision, 60_000);
  expect(Date.now() - back).toBeLessThan(20_000);
  const started = [...pods.pods.values()].filter((pod) => JSON.stringify(pod['spec']).includes(image));
  expect(started).toHaveLength(4);
  expect(pods.lowest('web')).toBeGreaterThanOrEqual(4);
});

test('a worker killed at the moment of the verdict: one revert commit, nothing lost', async () => {
  const bad = await shop.push({ image: 'v3-broken' });
  await rolloutSays(bad, /rolling back|rolled back/);
  await killed();
  await isBack(bad);
});

test('a worker killed just after the revert was pushed: still one revert commit', async () => {
  const bad = await shop.push({ image: 'v4-broken' });
  await until('the revert is pushed', async () => (await shop.head()) !== bad);
  await killed();
  await isBack(bad);
});

test('a worker that freezes in the middle and wakes up after the rollback changes nothing', async () => {
  const bad = await shop.push({ image: 'frozen', behavior: 'slow-ready' });
  await rolloutSays(bad, /setWeight \d+: waiting/);
  worker.kill('SIGSTOP');
  const frozenAt = Date.now();
  const frozen = worker;
  worker = await env.startWorker();
  await until(
    'the other worker answers',
    async () => (await env.client.rolloutStatus(shop.name).catch(() => undefined)) !== undefined,
  );
  await env.client.abort(shop.name, { reason: 'the test' });
  await isBack(bad);
  expect(Date.now() - frozenAt).toBeLessThan(45_000);
  const before = JSON.stringify(await specs());
  frozen.kill('SIGCONT');
  await sleep(3_000);
  expect(JSON.stringify(await specs())).toBe(before);
  expect(await shop.repo.git('rev-list', '--count', `${bad}..main`)).toBe('1');
  // After a short freeze it goes on working beside the other one; the next test wants to know who is alive.
  frozen.kill('SIGKILL');
  await frozen.gone();
}, 120_000);

async function specs(): Promise<unknown> {
  const kinds = ['Deployment', 'ReplicaSet'] as const;
  const objects = (await Promise.all(kinds.map((kind) => shop.objects(kind)))).flat();
  return objects.map(({ metadata, spec }) => [metadata.name, spec]).sort();
}

test('abort and pause are recorded with no worker alive, and carried out when one is back', async () => {
  pods.stop();
  shop = await openShop(env, { name: 'other' }); // the first one is held by now: three reverts within an hour
  const bad = await shop.push({ image: 'v9', behavior: 'slow-ready' });
  await rolloutSays(bad, /setWeight \d+: waiting/);
  worker.kill('SIGKILL');
  await worker.gone();
  const answer = await env.client.abort(shop.name, { reason: 'nobody is there' });
  expect(answer).toMatchObject({ recorded: true });
  worker = await env.startWorker();
  await isBack(bad);
}, 90_000);
