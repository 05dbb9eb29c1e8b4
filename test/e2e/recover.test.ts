import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { asDeployment } from '../../src/domain/apps';
import { startTemporal, type LocalTemporal } from '../../tools/local/temporal-server';
import { launchWorker, type WorkerProcess } from '../../tools/local/worker';
import { connectBelay, type BelayClient } from '../../src/client';
import { belay, type Spawned } from '../cli/spawn-belay';
import { isBackFrom } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { openShop, type Shop, type ShopOptions } from '../support/shop';
import { until } from '../support/until';

/** A life whose Temporal can be taken away: everything that a shop reaches Temporal through is that of the newest one. */
interface Life {
  readonly env: Environment;
  /** Kills the worker and Temporal. */
  down(): Promise<void>;
  /** Starts both again; `lost`: with an empty database. */
  up(lost: boolean): Promise<void>;
  belay(line: string): Promise<Spawned>;
}

let base: Environment;
let life: Life;

/** Waits that end at once when their end is there; a slow machine gets its time. */
const patience = 120_000;
const longSteps = '\n      - setWeight: 50\n      - pause: {}\n      - setWeight: 100';

beforeAll(async () => {
  base = await startEnvironment();
  life = await begin(base);
}, 120_000);
afterAll(async () => {
  await life.down();
  await base.stop();
});

async function begin(env: Environment): Promise<Life> {
  await env.temporal.stop();
  let lives = 0;
  let temporal: LocalTemporal | undefined;
  let worker: WorkerProcess | undefined;
  let client: BelayClient | undefined;
  const dir = join(env.dir, 'life');
  const made: Life = {
    env: new Proxy(env, {
      get: (target, name) => (name === 'client' ? client : Reflect.get(target, name)) as unknown,
    }),
    async down() {
      worker?.kill('SIGKILL');
      await worker?.gone();
      await client?.close();
      await temporal?.stop();
      worker = client = temporal = undefined;
    },
    async up(lost) {
      if (lost) rmSync(dir, { recursive: true, force: true });
      temporal = await startTemporal({ dir });
      const temporalAddress = temporal.address;
      const { kubeconfig } = env.cluster;
      worker = await launchWorker({ dir: env.dir, name: `life-${++lives}`, kubeconfig, temporalAddress });
      client = await connectBelay({
        env: { ...process.env, TEMPORAL_ADDRESS: temporalAddress },
        cwd: env.dir,
        requestedBy: 'tester',
      });
    },
    belay: (line) =>
      belay(`${line} --context belay-local --kubeconfig ${env.cluster.kubeconfig}`, {
        TEMPORAL_ADDRESS: temporal?.address ?? '127.0.0.1:1',
      }),
  };
  await made.up(true);
  return made;
}

function open(name: string, options: ShopOptions = {}): Promise<Shop> {
  return openShop(life.env, { name, ...options });
}

async function web(shop: Shop, name = 'web') {
  const found = (await shop.objects('Deployment')).find((each) => each.metadata.name === name);
  return found === undefined ? undefined : asDeployment(found);
}

async function imageOf(shop: Shop): Promise<string> {
  return JSON.stringify((await web(shop))?.spec.template.spec);
}

/** The canary has its share of the pods, and waits for a person. */
async function canaryWaits(shop: Shop, revision: string): Promise<void> {
  await until(
    'the canary waits',
    async () => {
      const status = await life.env.client.rolloutStatus(shop.name).catch(() => undefined);
      return status?.spec.target.revision === revision && status.phase === 'Paused';
    },
    patience,
  );
  expect(await web(shop, 'web-canary')).toBeDefined();
}

test('with the database lost, `app recover` brings back good, quarantined and healed', async () => {
  const shop = await open('lost');
  const bad = await shop.push({ image: 'v2-broken' });
  await shop.waitFor('it is back', isBackFrom(bad), patience);
  const good = await shop.head();
  await shop.settled(good, patience);
  await life.down();
  await shop.push({ image: 'v2-broken' }, { 'more.yaml': moreYaml });
  await life.up(true);
  const tried = await life.belay('app recover --all --dry-run');
  expect(tried).toMatchObject({ code: 0, out: expect.stringContaining('lost: would be recovered') });
  expect(tried.out).toContain(good.slice(0, 7));
  expect(await life.belay('app recover --all')).toMatchObject({
    code: 0,
    out: expect.stringContaining('lost: recovered'),
  });
  const held = await shop.waitFor('it is held', ({ state }) => state.hold?.code === 'Quarantined', patience);
  expect([held.state.good?.revision, held.state.synced]).toEqual([good, good]);
  expect(await imageOf(shop)).toContain('web:v1');
  await life.env.kube.patch(
    { apiVersion: 'v1', kind: 'Service', namespace: 'lost', name: 'web' },
    { spec: { selector: { app: 'nobody' } } },
    { manager: 'kubectl-edit' },
  );
  await until(
    'the drift is healed',
    async () => {
      const [service] = await shop.objects('Service', 'v1');
      return JSON.stringify(service?.['spec']).includes('"selector":{"app":"web"}');
    },
    patience,
  );
  const fixed = await shop.push({ image: 'v3' });
  await shop.settled(fixed, patience);
  expect(await imageOf(shop)).toContain('web:v3');
  expect(await life.belay('app recover lost')).toMatchObject({
    code: 0,
    out: expect.stringContaining('lost: runs already, left alone'),
  });
}, 400_000);

const moreYaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {a: b}\n';

test('with the database lost in the middle of a canary, it is taken back and brought out again', async () => {
  const shop = await open('middle', { steps: longSteps });
  const next = await shop.push({ image: 'v2' });
  await canaryWaits(shop, next);
  const before = fenceOf(await web(shop));
  await life.down();
  await life.up(true);
  expect(await life.belay('app recover middle')).toMatchObject({
    code: 0,
    out: expect.stringContaining('the rollout of web'),
  });
  await shop.waitFor('it was taken back', toldOf(/web is back at its stable version/), patience);
  await canaryWaits(shop, next);
  expect(fenceOf(await web(shop))).toBeGreaterThan(before + 10_000);
  await life.env.client.promote(shop.name);
  await shop.settled(next, patience);
  expect(await imageOf(shop)).toContain('web:v2');
}, 400_000);

describe('broken off with neither Temporal nor a worker', () => {
  test.each([
    ['and Temporal comes back as it was', 'kept', false],
    ['and the database is lost, too', 'gone', true],
  ])(
    '%s: the traffic is back, and nothing goes forward by itself',
    async (_words, name, lost) => {
      const shop = await open(name, { steps: longSteps, spec: { writeBack: 'hold' } });
      const good = await shop.head();
      const next = await shop.push({ image: 'v2' });
      await canaryWaits(shop, next);
      await life.down();
      const ended = await life.belay(`abort ${name} --break-glass --reason slow`);
      expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('all traffic is back') });
      const stable = await web(shop);
      expect([
        stable?.spec.paused ?? false,
        stable?.spec.replicas,
        stable?.status?.availableReplicas,
      ]).toEqual([false, 4, 4]);
      expect((await shop.objects('Deployment')).map((each) => each.metadata.name)).toEqual(['web']);
      expect(await life.belay(`abort ${name} --break-glass`)).toMatchObject({ code: 1 });
      await life.up(lost);
      if (lost) expect(await life.belay(`app recover ${name}`)).toMatchObject({ code: 0 });
      const held = await shop.waitFor('it is held', isHeldFor(next), patience);
      expect(held.state.good?.revision).toBe(good);
      expect(held.state.lastFailure?.sentence).toContain('--break-glass');
      expect(await imageOf(shop)).toContain('web:v1');
      expect(await web(shop, 'web-canary')).toBeUndefined();
      await life.env.client.retry(name);
      await canaryWaits(shop, next);
      await life.env.client.promote(name);
      await shop.settled(next, patience);
    },
    400_000,
  );
});

function isHeldFor(revision: string) {
  return ({ state, operation }: Awaited<ReturnType<Shop['status']>>): boolean =>
    state.hold !== undefined && state.lastFailure?.revision === revision && operation === undefined;
}

function toldOf(words: RegExp) {
  return ({ state }: Awaited<ReturnType<Shop['status']>>): boolean =>
    state.events.some(({ text }) => words.test(text));
}

function fenceOf(object: Awaited<ReturnType<typeof web>>): number {
  return Number(object?.metadata.annotations?.['belay.dev/fence'] ?? 0);
}
