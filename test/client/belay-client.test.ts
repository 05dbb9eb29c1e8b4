import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { BelayClient } from '../../src/client';
import { applicationId } from '../../src/messages/application';
import { applicationSpec, rolloutSpec } from './fixtures/statuses';
import { clientOf, startRollout, startServer, startWorker } from './fixtures/temporal';

let env: TestWorkflowEnvironment;
let stopWorker: () => Promise<void>;
let belay: BelayClient;

beforeAll(async () => {
  env = await startServer();
  stopWorker = await startWorker(env);
  belay = await clientOf(env);
});
afterAll(async () => {
  await belay.close();
  await stopWorker();
  await env.teardown();
});

/** Lists until the server's list has caught up. */
async function listed(name: string) {
  for (;;) {
    const found = (await belay.listApplications()).find((one) => one.name === name);
    if (found !== undefined) return found;
  }
}

describe('applications', () => {
  test('starts an application that its workflow id, memo and search attribute make known', async () => {
    const source = { ...applicationSpec().source, repoUrl: 'https://bot:secret@git.example/shop.git' };
    const created = await belay.createApplication(applicationSpec('made', { source }));
    expect(created).toEqual({ created: true, message: 'application made created' });
    const described = await env.client.workflow.getHandle(applicationId('made')).describe();
    expect(described).toMatchObject({
      type: 'application',
      taskQueue: 'belay',
      searchAttributes: { BelayApp: ['made'] },
    });
    expect(described.memo).toEqual({
      application: 'made',
      repo: 'https://git.example/shop.git',
      namespace: 'shop',
    });
  });

  test('gives an application that runs already its new specification', async () => {
    await belay.createApplication(applicationSpec('twice'));
    const again = await belay.createApplication(applicationSpec('twice', { writeBack: 'hold' }));
    expect(again).toEqual({ created: false, message: 'application twice configured' });
    expect((await belay.applicationStatus('twice')).spec.writeBack).toBe('hold');
  });

  test('lists applications with their status', async () => {
    await belay.createApplication(applicationSpec('listed'));
    expect(await listed('listed')).toMatchObject({
      repo: 'https://git.example/shop.git',
      namespace: 'shop',
      status: { sync: 'Synced' },
    });
  });

  test('sends requests with the name of who asks', async () => {
    await belay.createApplication(applicationSpec('asked'));
    const answer = await belay.sync('asked', { revision: 'v2', prune: true });
    expect(answer).toEqual({ message: 'sync v2 by ada@laptop', recorded: false });
    expect((await belay.undo('asked', { toRevision: 'v1' })).message).toBe('undo to v1');
  });

  test('says why a request is refused, and what to do', async () => {
    await belay.createApplication(applicationSpec('refusing'));
    const refusal = {
      code: 'Rejected',
      message: 'refusing has nothing to retry',
      remedy: 'push a new commit',
    };
    await expect(belay.retry('refusing')).rejects.toMatchObject(refusal);
  });

  test('forgets an application that was deleted', async () => {
    await belay.createApplication(applicationSpec('gone'));
    expect((await belay.delete('gone', { cascade: true })).message).toBe('gone deleted with its objects');
    await expect(belay.sync('gone')).rejects.toMatchObject({ code: 'ApplicationNotFound' });
  });

  test('says that an application does not exist', async () => {
    const missing = { code: 'ApplicationNotFound', message: 'there is no application nobody' };
    await expect(belay.applicationStatus('nobody')).rejects.toMatchObject(missing);
    await expect(belay.abort('nobody')).rejects.toMatchObject(missing);
  });

  test('waits for a status, and gives up in time', async () => {
    await belay.createApplication(applicationSpec('awaited'));
    const healthy = await belay.waitFor('awaited', ({ health }) => health === 'Healthy', {
      timeoutMs: 5_000,
    });
    expect(healthy.spec.name).toBe('awaited');
    const never = belay.waitFor('awaited', () => false, { timeoutMs: 300, everyMs: 100 });
    await expect(never).rejects.toMatchObject({
      code: 'TimedOut',
      message: expect.stringContaining('after 0.3 s'),
    });
  });
});

describe('rollouts', () => {
  test('finds the rollout in progress by the application', async () => {
    await startRollout(env, rolloutSpec({ application: 'one', name: 'one' }));
    expect((await belay.rolloutStatus('one')).spec.name).toBe('one');
    expect(await belay.pause('one', { reason: 'errors' })).toEqual({
      message: 'one: pause accepted',
      recorded: false,
    });
    expect((await belay.resume('one')).message).toBe('one: resume accepted');
    expect((await belay.promote('one')).message).toBe('one: promote accepted');
    expect((await belay.promoteFull('one')).message).toBe('one: promoteFull accepted');
    const { log } = await belay.rolloutStatus('one');
    expect(log[0]?.text).toBe('pause by ada@laptop: errors');
  });

  test('wants the workload named when several rollouts are in progress', async () => {
    await startRollout(env, rolloutSpec({ application: 'many', name: 'api' }));
    const id = await startRollout(env, rolloutSpec({ application: 'many', name: 'cart' }));
    const several = { code: 'SeveralRollouts', remedy: 'name one of them: many/api, many/cart' };
    await expect(belay.pause('many')).rejects.toMatchObject(several);
    expect((await belay.pause('many/api')).message).toBe('api: pause accepted');
    expect((await belay.pause(id)).message).toBe('cart: pause accepted');
  });

  test('still shows a rollout that has ended, and has nothing to abort then', async () => {
    await belay.createApplication(applicationSpec('over'));
    await startRollout(env, rolloutSpec({ application: 'over', name: 'over' }));
    expect((await belay.abort('over')).message).toBe('over: abort accepted');
    await expect(belay.abort('over')).rejects.toMatchObject({
      code: 'NoRollout',
      message: 'over has no rollout in progress',
    });
    expect((await belay.rolloutStatus('over')).outcome).toEqual({ kind: 'aborted', by: 'ada@laptop' });
  });

  test('says why a rollout refuses a request', async () => {
    await startRollout(env, rolloutSpec({ application: 'calm', name: 'calm' }));
    await expect(belay.resume('calm')).rejects.toMatchObject({
      code: 'Rejected',
      message: 'calm is not paused',
    });
  });
});
