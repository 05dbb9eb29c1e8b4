import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { join } from 'node:path';
import type { WorkerProcess } from '../../tools/local/worker';
import { startEnvironment, type Environment } from '../support/environment';
import { otherBuild } from '../support/other-build';
import { openShop, type Shop } from '../support/shop';
import { until } from '../support/until';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** What a version of Belay changes: with the guard it may, without it workflows that are under way cannot go on. */
const guarded = `
  const outcome = await original(input);
  if (workflow.patched('one-more-pause')) await workflow.sleep(10);
  return outcome;`;
const unguarded = `
  await workflow.sleep(10);
  return original(input);`;

/** A person ends the pause, so that a test knows where the rollout is. */
const steps = '\n      - setWeight: 50\n      - pause: {}\n      - setWeight: 100';

let env: Environment;
let connection: Connection;
let temporal: Client;
let worker: WorkerProcess;
let shop: Shop;

beforeAll(async () => {
  env = await startEnvironment();
  connection = await Connection.connect({ address: env.temporal.address });
  temporal = new Client({ connection });
  worker = await env.startWorker();
  shop = await openShop(env, { steps });
}, 180_000);
afterAll(async () => {
  await connection.close();
  await env.stop();
});

/** How long a loaded machine may take for any of this. Milliseconds. */
const patience = 120_000;

/** A worker that has just begun may take longer than a question waits. */
function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch(() => undefined);
}

/** A person promotes it as soon as the worker answers; a request whose answer came too late was carried out all the same. */
async function promoted(revision: string): Promise<void> {
  await until(
    'the worker promotes it',
    async () => {
      if ((await orNothing(env.client.promote(shop.name))) !== undefined) return true;
      const { phase = 'Paused' } = (await orNothing(env.client.rolloutStatus(shop.name))) ?? {};
      return phase !== 'Paused';
    },
    patience,
  );
  await shop.settled(revision, patience);
}

/** Pushes an image and waits until its rollout pauses in the middle; answers the revision and the workflow. */
async function paused(image: string): Promise<{ readonly revision: string; readonly id: string }> {
  const revision = await shop.push({ image });
  const id = await until(
    `the rollout of ${image} pauses`,
    async () => {
      const { rollouts = [] } = (await orNothing(env.client.applicationStatus(shop.name))) ?? {};
      const status = await orNothing(env.client.rolloutStatus(shop.name));
      const isThere = status?.spec.target.revision === revision && status.phase === 'Paused';
      return isThere ? rollouts[0] : undefined;
    },
    patience,
  );
  return { revision, id };
}

async function replaceWorker(
  options: Parameters<Environment['startWorker']>[0],
  how: NodeJS.Signals,
): Promise<void> {
  worker.kill(how);
  await worker.gone();
  worker = await env.startWorker(options);
}

/** Kinds of events in the history of the last run, and the patches in it. */
async function historyOf(id: string): Promise<{ readonly failures: number; readonly patches: number }> {
  const { events = [] } = await temporal.workflow.getHandle(id).fetchHistory();
  return {
    failures: (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length,
    patches: (events ?? []).filter(
      (event) => event.markerRecordedEventAttributes?.markerName === 'core_patch',
    ).length,
  };
}

test.each<[string, NodeJS.Signals]>([
  ['killed', 'SIGKILL'],
  ['stopped', 'SIGTERM'],
])(
  'a worker is %s in the middle of a canary, and one of the next version ends it',
  async (image, how) => {
    const next = await otherBuild(join(env.dir, `next-${image}`), guarded);
    await replaceWorker({}, 'SIGTERM');
    const { revision, id } = await paused(image);
    await replaceWorker({ launcher: next }, how);
    await promoted(revision);
    expect(await historyOf(id)).toEqual({ failures: 0, patches: 1 });
    expect((await env.client.doctor(Date.now())).findings).toEqual([]);
  },
  400_000,
);

test('a version that forgot its guard stands still and is named; the one before goes on, and nothing is lost', async () => {
  const careless = await otherBuild(join(env.dir, 'careless'), unguarded);
  await replaceWorker({}, 'SIGTERM');
  const { revision, id } = await paused('careless');
  await replaceWorker({ launcher: careless }, 'SIGKILL');
  await env.client.resume(shop.name).catch(() => undefined); // gives it something to do
  const finding = await until(
    'the doctor names it',
    async () => {
      const { findings } = await env.client.doctor(Date.now());
      return findings.find(({ check }) => check === 'workflowTasks');
    },
    120_000,
  );
  expect(finding).toMatchObject({ affects: [shop.name], why: expect.stringMatching(/nondeterminism/i) });
  expect(finding.what).toContain(id);
  await replaceWorker({}, 'SIGTERM');
  await promoted(revision);
}, 500_000);

test('where workers have versions, a rollout ends on its own while the next one begins on the new one', async () => {
  const asVersion = (buildId: string) => ({ args: ['--deployment', 'belay', '--build-id', buildId] });
  const makeCurrent = (buildId: string) =>
    until(`${buildId} is current`, async () => {
      const asked = { namespace: 'default', deploymentName: 'belay', buildId, identity: 'test' };
      return connection.workflowService.setWorkerDeploymentCurrentVersion(asked).then(
        () => true,
        () => false,
      );
    });
  const versionOf = async (id: string): Promise<string | null | undefined> =>
    (await temporal.workflow.getHandle(id).describe()).raw.workflowExecutionInfo?.versioningInfo
      ?.deploymentVersion?.buildId;
  await replaceWorker(asVersion('1'), 'SIGTERM');
  await makeCurrent('1');
  const first = await paused('under-1');
  const old = worker;
  worker = await env.startWorker(asVersion('2'));
  await makeCurrent('2');
  await promoted(first.revision);
  expect(await versionOf(first.id)).toBe('1');
  old.kill('SIGTERM');
  await old.gone();
  const second = await paused('under-2');
  expect(await versionOf(second.id)).toBe('2');
  await promoted(second.revision);
}, 500_000);
