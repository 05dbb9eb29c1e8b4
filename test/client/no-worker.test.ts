import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { BelayClient } from '../../src/client';
import { applicationSpec, rolloutSpec } from './fixtures/statuses';
import { clientOf, startRollout, startServer, startWorker } from './fixtures/temporal';

let env: TestWorkflowEnvironment;
let belay: BelayClient;
let stopWorker = async () => {};

beforeAll(async () => {
  env = await startServer();
  belay = await clientOf(env, { answerWithinMs: 700 });
});
afterAll(async () => {
  await belay.close();
  await stopWorker();
  await env.teardown();
});

test('says that no worker answers where a request cannot be recorded', async () => {
  await startRollout(env, rolloutSpec({ application: 'shop', name: 'shop' }));
  const noWorker = {
    code: 'NoWorker',
    message:
      'no worker answered for rollout/8f3c21d0/shop/deployment/shop within 0.7 s; the request may still be carried out when one is back',
    remedy: 'start one with `belay worker` (or `belay dev`), then look before you ask again',
  };
  await expect(belay.promote('shop')).rejects.toMatchObject(noWorker);
  await expect(belay.rolloutStatus('shop')).rejects.toMatchObject({ code: 'NoWorker' });
});

test('creates an application with no worker alive, lists it as unknown, and cannot change it', async () => {
  expect(await belay.createApplication(applicationSpec('new'))).toMatchObject({ created: true });
  await expect(belay.createApplication(applicationSpec('new'))).rejects.toMatchObject({ code: 'NoWorker' });
  const [row] = await belay.listApplications();
  expect(row).toMatchObject({
    name: 'new',
    namespace: 'shop',
    problem: expect.stringContaining('no worker answered'),
  });
  expect(row?.status).toBeUndefined();
  const waiting = belay.waitFor('new', () => true, { timeoutMs: 1_000 });
  await expect(waiting).rejects.toMatchObject({
    code: 'TimedOut',
    message: expect.stringContaining('no worker answered'),
  });
});

test('names a missing namespace', async () => {
  const elsewhere = await clientOf(env, {
    env: { TEMPORAL_ADDRESS: env.address, TEMPORAL_NAMESPACE: 'nowhere' },
  });
  await expect(elsewhere.listApplications()).rejects.toMatchObject({
    code: 'NamespaceNotFound',
    message: 'Temporal has no namespace nowhere',
  });
  await elsewhere.close();
});

test('records an abort and a pause while no worker is alive, and a worker carries them out later', async () => {
  const aborted = await startRollout(env, rolloutSpec({ application: 'web', name: 'web' }));
  const paused = await startRollout(env, rolloutSpec({ application: 'api', name: 'api' }));
  expect(await belay.abort('web', { reason: 'outage' })).toEqual({
    recorded: true,
    message: `no worker answers: the abort of ${aborted} is recorded and will be carried out when a worker is back`,
  });
  expect(await belay.pause('api')).toMatchObject({ recorded: true });

  stopWorker = await startWorker(env);
  const patient = await clientOf(env);
  expect(await env.client.workflow.getHandle(aborted).result()).toBeUndefined();
  expect((await patient.rolloutStatus('web')).outcome).toEqual({ kind: 'aborted', by: 'ada@laptop' });
  expect((await patient.rolloutStatus(paused)).pausedBy?.by).toBe('ada@laptop');
  await patient.close();
});
