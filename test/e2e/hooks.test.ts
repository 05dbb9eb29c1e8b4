import type { WorkerProcess } from '../../tools/local/worker';
import { reverted } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { watchPods, type PodWatch } from '../support/pod-watch';
import { openShop, type Shop } from '../support/shop';
import { jobYaml } from '../support/sync-yaml';
import { until } from '../support/until';

let env: Environment;
let worker: WorkerProcess;
let shop: Shop;
let pods: PodWatch;

beforeAll(async () => {
  env = await startEnvironment();
  worker = await env.startWorker();
  shop = await openShop(env, { name: 'shop', replicas: 2, files: { 'hooks.yaml': hooksYaml() } });
  pods = await watchPods(env.kube, 'shop');
}, 90_000);
afterAll(async () => {
  pods.stop();
  await env.stop();
});

/** A migration before each rollout, and the Job that takes it back; the simulated kubelet ends them as told. */
function hooksYaml({ migrate = 'ready', undo = 'ready' } = {}): string {
  const more = ', envFrom: [{configMapRef: {name: web-config}}]';
  const job = (name: string, annotation: string, behavior: string): string =>
    jobYaml(`{name: ${name}, annotations: {${annotation}}}`, { name, behavior, more });
  return [
    job('migrate', 'belay.dev/hook: pre', migrate),
    job('migrate-back', 'belay.dev/undoes: migrate', undo),
  ].join('---\n');
}

/** The Jobs whose pods ever ran for the rollout to `revision`, one entry for each pod: `migrate`, `migrate-undo`. */
function ranFor(revision: string): readonly string[] {
  const ran = [...pods.pods.values()].filter((pod) => {
    const { containers } = pod['spec'] as { readonly containers: readonly Container[] };
    return containers[0]?.env?.some(({ name, value }) => name === 'BELAY_REVISION' && value === revision);
  });
  const jobs = ran.map(({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-name'] ?? '');
  return jobs.map((name) => name.replace(/-r\d+-[0-9a-f]+/, '')).sort();
}

interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

function hasPodOf(image: string): boolean {
  return [...pods.pods.values()].some((pod) => JSON.stringify(pod['spec']).includes(`/web:${image}"`));
}

async function isBack(bad: string): Promise<void> {
  await reverted(shop, bad);
  expect((await shop.objects('Deployment')).map((each) => each.metadata.name)).toEqual(['web']);
}

async function killedWhen(revision: string, words: RegExp): Promise<void> {
  await until(`the rollout says ${words.source}`, async () => {
    const status = await env.client.rolloutStatus(shop.name).catch(() => undefined);
    return status?.spec.target.revision === revision && words.test(status.message);
  });
  worker.kill('SIGKILL');
  await worker.gone();
  worker = await env.startWorker();
}

test('a good version runs its migration once, and nothing takes it back', async () => {
  const revision = await shop.push({ image: 'v2' }, { 'hooks.yaml': hooksYaml() });
  await shop.settled(revision);
  expect(ranFor(revision)).toEqual(['migrate']);
  const jobs = await shop.objects('Job', 'batch/v1');
  expect(jobs.map(({ metadata }) => metadata.name)).not.toContain('migrate');
});

test('a bad version: its migration is taken back exactly once, and the application is as before', async () => {
  const bad = await shop.push({ image: 'v3-broken' }, { 'hooks.yaml': hooksYaml() });
  await isBack(bad);
  expect(ranFor(bad)).toEqual(['migrate', 'migrate-undo']);
});

test('a migration that fails: the new version never gets a pod, and the migration is taken back', async () => {
  const bad = await shop.push({ image: 'v4' }, { 'hooks.yaml': hooksYaml({ migrate: 'crash' }) });
  await isBack(bad);
  expect(ranFor(bad)).toEqual(['migrate', 'migrate-undo']);
  expect(hasPodOf('v4')).toBe(false);
  const { state } = await shop.status();
  expect(state.lastFailure).toMatchObject({ code: 'HookFailed' });
});

test('the worker killed in the middle of the migration and of taking it back: each still runs exactly once', async () => {
  const slow = hooksYaml({ migrate: 'slow-ready', undo: 'slow-ready' });
  const bad = await shop.push({ image: 'v5-broken' }, { 'hooks.yaml': slow });
  await killedWhen(bad, /running hook migrate/);
  await killedWhen(bad, /taking back hook migrate/);
  await isBack(bad);
  expect(ranFor(bad)).toEqual(['migrate', 'migrate-undo']);
}, 120_000);
