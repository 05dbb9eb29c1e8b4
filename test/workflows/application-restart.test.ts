import * as messages from '../../src/messages/application';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { done, forbidden, revisionOf, untilCancelled } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';
import { openGoodShop, type Shop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const past = '2020-01-01T00:00:00Z';
const restarts = (shop: Shop): readonly object[] => shop.cluster.inputs('restartPods');
const restarted = (stamp: string) => (status: Awaited<ReturnType<Shop['status']>>) =>
  status.operation === undefined && status.state.workloads['web']?.restartedAt === stamp;

describe('spec.restartAt', () => {
  test('is carried out once after the sync that brings it, and kept in the mirror', async () => {
    const shop = await openGoodShop(environment);
    await pushRestart(shop, past);
    const { state } = await shop.until(restarted(past));
    expect(shop.news()).toEqual(['applyRevision after v2', 'restartPods']);
    expect(restarts(shop)).toEqual([
      {
        namespace: 'shop',
        kind: 'Deployment',
        name: 'web',
        restartAt: past,
        maxUnavailable: expect.anything(),
        project: 'default',
      },
    ]);
    expect(state.events.at(-1)?.text).toBe(`restarted the pods of web that were older than ${past}`);
    expect(JSON.stringify(shop.cluster.inputs('mirrorState').at(-1))).toContain(`restartedAt`);
    await shop.push('v3', { web: 'web-1' });
    await shop.synced('v3');
    await shop.push('v4', { web: 'web-4' });
    await shop.synced('v4');
    expect(restarts(shop)).toHaveLength(1);
    expect((await shop.status()).state.workloads['web']).toMatchObject({
      version: 'web-4',
      restartedAt: past,
    });
  });

  test('waits for the rollout of its workload', async () => {
    const shop = await openGoodShop(environment);
    shop.workload.restartAt = past;
    await shop.push('v2', { web: 'web-2' });
    await shop.until(restarted(past));
    expect(shop.news().slice(-2)).toEqual(['applyRevision after v2', 'restartPods']);
  });

  test('says what is in the way, once, and waits there', async () => {
    const why = 'PodDisruptionBudget web lets no pod go now';
    const shop = await openGoodShop(environment, {
      scripts: {
        restartPods: ({ told }) =>
          told === undefined ? { kind: 'blocked' as const, why } : untilCancelled(),
      },
    });
    await pushRestart(shop, past);
    const { operation, message } = await shop.until((status) => status.message.includes(why));
    expect(operation).toMatchObject({ kind: 'restart', message: `restarting the pods of web: ${why}` });
    expect(message).toBe(operation?.message);
    expect(restarts(shop)).toMatchObject([{}, { told: why }]);
    await environment.terminate(shop.handle);
  });

  test('gives way to a newer revision and is taken up again after it', async () => {
    let isStuck = true;
    const shop = await openGoodShop(environment, {
      scripts: { restartPods: () => (isStuck ? untilCancelled() : done) },
    });
    await pushRestart(shop, past);
    await shop.asked('restartPods');
    isStuck = false;
    await shop.push('v3', { web: 'web-3' });
    await shop.until(restarted(past));
    const lines = shop.news();
    expect(lines.slice(1, 4)).toEqual(['restartPods', 'restartPods cancelled', 'applyRevision before v3']);
    expect(lines.slice(-2)).toEqual(['applyRevision after v3', 'restartPods']);
    expect((await shop.status()).state.synced).toBe(revisionOf('v3'));
    await record('restarted', shop.handle);
  });

  test('gives way to self-heal and goes on after it', async () => {
    let isStuck = true;
    const shop = await openGoodShop(environment, {
      scripts: { restartPods: () => (isStuck ? untilCancelled() : done) },
    });
    await pushRestart(shop, past);
    await shop.asked('restartPods');
    isStuck = false;
    await shop.drift('Service shop/web');
    await shop.until(restarted(past));
    expect(shop.news().slice(1)).toEqual([
      'restartPods',
      'restartPods cancelled',
      'applyRevision heal v2',
      'restartPods',
    ]);
  });

  test('ends with its application', async () => {
    const shop = await openGoodShop(environment, { scripts: { restartPods: untilCancelled } });
    await pushRestart(shop, past);
    await shop.asked('restartPods');
    await shop.handle.executeUpdate(messages.deleteUpdate, { args: [{ requestedBy: 'ada', cascade: true }] });
    await shop.handle.result();
    expect(shop.news().slice(-3)).toEqual(['restartPods cancelled', 'deleteObjects', 'forgetSources']);
  });

  test('is tried again after a minute when it is refused', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        restartPods: (_input, times) => {
          if (times === 1) throw forbidden();
          return done;
        },
      },
    });
    await pushRestart(shop, past);
    const { health } = await shop.until(({ message }) =>
      message.startsWith('the pods of web are not restarted'),
    );
    expect(health).toBe('Healthy');
    expect(restarts(shop)).toHaveLength(1);
    await environment.env.sleep('61s');
    await shop.until(restarted(past));
    expect(restarts(shop)).toHaveLength(2);
  });

  test('waits for a moment that is to come, idle', async () => {
    const shop = await openGoodShop(environment);
    const stamp = new Date((await environment.env.currentTimeMs()) + 3_600_000).toISOString();
    await pushRestart(shop, stamp);
    await shop.synced('v2');
    expect(restarts(shop)).toEqual([]);
    await environment.env.sleep('59 minutes');
    expect((await shop.status()).operation).toBeUndefined();
    expect(restarts(shop)).toEqual([]);
    await environment.env.sleep('2 minutes');
    await shop.until(restarted(stamp));
    expect(restarts(shop)).toHaveLength(1);
  });
});

/** The next revision changes nothing but `restartAt`. */
async function pushRestart(shop: Shop, restartAt: string): Promise<void> {
  shop.workload.restartAt = restartAt;
  await shop.push('v2', { web: 'web-1' });
}
