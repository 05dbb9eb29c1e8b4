import type { StepPlan } from '../../src/domain/revision-plan';
import * as messages from '../../src/messages/application';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { failed, forbidden, revisionOf, untilCancelled } from '../support/workflow-fakes';
import { openGoodShop, openShop, revert, type Shop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

function step(phase: StepPlan['phase'], wave: number, more: Partial<StepPlan> = {}): StepPlan {
  return { phase, wave, objects: 1, hooks: [], workloads: [], ...more };
}
const migrate = step('PreSync', 0, { objects: 0, hooks: ['Job shop/migrate'] });
const page = step('SyncFail', 0, { objects: 0, hooks: ['Job shop/page'] });
const waves = [
  migrate,
  step('Sync', 0, { workloads: ['db'] }),
  step('Sync', 5, { workloads: ['web'] }),
  step('PostSync', 0, { objects: 0, hooks: ['Job shop/smoke'] }),
  page,
];

async function pushWaves(shop: Shop, short = 'v2'): Promise<void> {
  shop.more = { steps: waves, content: `content of ${short}` };
  await shop.push(short, { db: 'db-2', web: 'web-2' });
}

/** The revert has the content of `v1` from the moment that it can be read. */
function revertToV1(request: Parameters<typeof revert>[0], shop: Shop) {
  shop.more = { content: 'content of v1' };
  return revert(request, shop);
}

const out = ['startCanary', 'reachWeight 20', 'reachWeight 100', 'handOver', 'adoptCanary', 'retireOld'];

describe('a sync of several phases and waves', () => {
  test('tries everything first, then does step after step, each when the one before is healthy', async () => {
    const shop = await openGoodShop(environment);
    shop.more = { content: 'content of v1b' };
    await shop.push('v1b', { db: 'db-1', web: 'web-1' });
    await shop.synced('v1b');
    shop.news();
    await pushWaves(shop);
    const { state } = await shop.synced('v2');
    expect(shop.news()).toEqual([
      'applyRevision try v2',
      'runSyncHooks PreSync 0 v2',
      'applyRevision Sync 0 before v2',
      ...out,
      'applyRevision Sync 0 after v2',
      'awaitStep Sync 0 v2',
      'applyRevision Sync 5 before v2',
      ...out,
      'applyRevision Sync 5 after v2',
      'awaitStep Sync 5 v2',
      'runSyncHooks PostSync 0 v2',
      'deleteSyncHooks PreSync 0 v2',
      'deleteSyncHooks PostSync 0 v2',
      'applyRevision after v2',
    ]);
    expect(state.history[0]).toMatchObject({ result: 'promoted', message: 'db, web' });
    await record('sync-in-steps', shop.handle);
  });

  test('a failed hook before the sync: nothing is applied, Git goes back, and the same content is not tried again', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        runSyncHooks: ({ step }) =>
          step.phase === 'PreSync'
            ? { kind: 'failed', hook: 'Job shop/migrate', sentence: 'exit code 1' }
            : { kind: 'done' },
      },
      restore: revertToV1,
    });
    await pushWaves(shop);
    const { state } = await shop.synced('r1');
    expect(shop.news()).toEqual([
      'applyRevision try v2',
      'runSyncHooks PreSync 0 v2',
      'runSyncHooks SyncFail 0 v2',
      'deleteSyncHooks PreSync 0 v2',
      'requestRestore v1',
      'applyRevision after r1',
    ]);
    expect(state.lastFailure).toMatchObject({
      code: 'HookFailed',
      sentence: 'Job shop/migrate failed: exit code 1',
      workload: 'Job shop/migrate',
    });
    shop.more = { steps: waves, content: 'content of v2' };
    await shop.push('v3', { db: 'db-2', web: 'web-2' });
    const held = await shop.settled('v3');
    expect(held.state.hold).toMatchObject({ code: 'Quarantined' });
    expect(shop.news()).toEqual([]);
    await record('hook-failed', shop.handle);
  });

  test('a hook that may not be made fails the sync, and the application lives on', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        runSyncHooks: () => {
          throw forbidden();
        },
      },
      restore: revertToV1,
    });
    await pushWaves(shop);
    const { state } = await shop.synced('r1');
    expect(state.lastFailure).toMatchObject({
      code: 'HookFailed',
      sentence: 'Job shop/migrate failed: deployments.apps "web" is forbidden',
    });
  });

  test('hooks that may not be deleted stay, and the sync ends as it would', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        deleteSyncHooks: () => {
          throw forbidden();
        },
      },
    });
    await pushWaves(shop);
    const { state } = await shop.synced('v2');
    const told = state.events.map(({ text }) => text);
    expect(told).toContain('Job shop/smoke could not be deleted: deployments.apps "web" is forbidden');
  });

  test('a wave that cannot be looked at shows why, and is tried again', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        awaitStep: (_input, times) => {
          if (times === 1) throw forbidden();
          return { kind: 'healthy' };
        },
      },
    });
    shop.more = { steps: [step('Sync', 0), step('Sync', 1)], content: 'content of v2' };
    await shop.push('v2', { web: 'web-1' });
    const { state } = await shop.until(({ state: { problems } }) => problems.length > 0);
    expect(state.problems).toMatchObject([{ code: 'Forbidden' }]);
    await environment.env.sleep('10s');
    await shop.synced('v2');
  });

  test('a later wave that fails takes the earlier ones back before Git', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        reachWeight: ({ spec }) =>
          spec.name === 'web' && spec.version === 'web-2' ? failed() : { kind: 'done' },
      },
    });
    shop.more = { content: 'content of v1b' };
    await shop.push('v1b', { db: 'db-1', web: 'web-1' });
    await shop.synced('v1b');
    shop.news();
    shop.more = { steps: waves };
    shop.contents['v2'] = { db: 'db-2', web: 'web-2' };
    await shop.head('v2');
    await shop.until(({ state }) => state.lastRevert !== undefined);
    const news = shop.news();
    const back = news.indexOf('applyRevision before v1b');
    expect(back).toBeGreaterThan(news.indexOf('removeCanary'));
    expect(news.indexOf('requestRestore v1b')).toBeGreaterThan(back);
    const { state } = await shop.synced('r1');
    expect(state.workloads).toMatchObject({ db: { version: 'db-1' }, web: { version: 'web-1' } });
  });

  test('a wave that does not get healthy fails the sync', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        awaitStep: () => ({ kind: 'unhealthy', object: 'PersistentVolumeClaim shop/data', sentence: 'Lost' }),
      },
    });
    shop.more = { steps: [step('Sync', 0), step('Sync', 1)], content: 'content of v2' };
    await shop.push('v2', { web: 'web-1' });
    await shop.until(({ state }) => state.lastFailure !== undefined);
    const { state } = await shop.status();
    expect(state.lastFailure).toMatchObject({
      code: 'Unhealthy',
      sentence: 'PersistentVolumeClaim shop/data: Lost',
    });
  });

  test('a newer commit supersedes a hook that hangs', async () => {
    const shop = await openGoodShop(environment, { scripts: { runSyncHooks: untilCancelled } });
    await pushWaves(shop);
    await shop.asked('runSyncHooks PreSync 0 v2');
    expect((await shop.status()).message).toMatch(/^PreSync wave 0 of [^ ]+: waiting for Job shop\/migrate$/);
    shop.more = { content: 'content of v3' };
    await shop.push('v3', { web: 'web-3' });
    const { state } = await shop.synced('v3');
    expect(shop.news()).toContain('runSyncHooks PreSync 0 v2 cancelled');
    expect(state.history.map(({ result }) => result)).toEqual(['promoted', 'superseded', 'promoted']);
    expect(shop.restores).toEqual([]);
    expect(state.quarantine).toEqual({});
  });

  test('says that a wave waits until its objects are healthy, and a newer commit supersedes that', async () => {
    const shop = await openGoodShop(environment, { scripts: { awaitStep: untilCancelled } });
    shop.more = { steps: [step('Sync', 0), step('Sync', 1)], content: 'content of v2' };
    await shop.push('v2', { web: 'web-1' });
    await shop.asked('awaitStep Sync 0 v2');
    const { message } = await shop.status();
    expect(message).toMatch(/^Sync wave 0 of [^ ]+: waiting until its objects are healthy$/);
    shop.more = { content: 'content of v3' };
    await shop.push('v3', { web: 'web-1' });
    expect((await shop.synced('v3')).state.history.map(({ result }) => result)).toContain('superseded');
  });

  test('a sync that takes too long fails', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        runSyncHooks: ({ step }) => (step.phase === 'PreSync' ? untilCancelled() : { kind: 'done' }),
      },
      spec: { syncTimeoutMs: 2_000 },
    });
    await pushWaves(shop);
    await shop.asked('runSyncHooks PreSync 0 v2');
    await shop.until(({ state }) => state.lastFailure !== undefined);
    expect((await shop.status()).state.lastFailure).toMatchObject({
      code: 'SyncTimeout',
      sentence: 'the sync took longer than 2 s',
    });
  });
});

describe('a revision with the same manifests', () => {
  test('asks nothing of the cluster', async () => {
    const shop = await openGoodShop(environment);
    shop.more = { content: 'content' };
    await shop.push('v2', { web: 'web-1' });
    await shop.synced('v2');
    shop.news();
    await shop.push('v3', { web: 'web-1' });
    const { state } = await shop.synced('v3');
    expect(shop.news()).toEqual([]);
    expect(state.good).toMatchObject({ revision: revisionOf('v3') });
  });

  test('is applied when what was written last is something else', async () => {
    const shop = await openGoodShop(environment, { spec: { writeBack: 'hold' } });
    shop.more = { content: 'content' };
    await shop.push('v2', { web: 'web-1' });
    await shop.synced('v2');
    shop.more = { content: 'other', steps: [step('Sync', 0), step('Sync', 1)] };
    shop.cluster.trace.length = 0;
    await shop.push('v3', { web: 'web-1' });
    await shop.synced('v3');
    shop.news();
    shop.more = { content: 'content' };
    await shop.push('v4', { web: 'web-1' });
    await shop.synced('v4');
    expect(shop.news()).toEqual(['applyRevision after v4']);
  });
});

describe('an application of several sources', () => {
  const other = {
    repoUrl: 'https://git.example/values.git',
    path: '.',
    targetRevision: 'main',
    recurse: false,
  };

  test('waits until all are known, and follows each', async () => {
    const shop = await openShop(environment, { spec: { otherSources: [other] } });
    await shop.push('v1', { web: 'web-1' });
    const pin = (short: string) =>
      shop.handle.signal(messages.gitChangedSignal, {
        kind: 'revision',
        revision: revisionOf(short),
        source: 1,
      });
    await environment.env.sleep('1s');
    expect(shop.news()).toEqual([]);
    await pin('p1');
    await shop.synced('v1');
    expect(shop.cluster.inputs('planRevision').at(-1)?.pins).toEqual([revisionOf('p1')]);
    shop.news();
    await pin('p2');
    const { state } = await shop.until(({ state: { good } }) => good?.pins?.[0] === revisionOf('p2'));
    expect(state.synced).toBe(revisionOf('v1'));
    expect(shop.news()).toEqual(['applyRevision after v1']);
  });

  test('when the other one brings what fails, the cluster goes back and Git is left alone', async () => {
    const shop = await openShop(environment, {
      spec: { otherSources: [other] },
      scripts: { reachWeight: ({ spec }) => (spec.version === 'web-2' ? failed() : { kind: 'done' }) },
    });
    const pin = (short: string) =>
      shop.handle.signal(messages.gitChangedSignal, {
        kind: 'revision',
        revision: revisionOf(short),
        source: 1,
      });
    await shop.push('v1', { web: 'web-1' });
    await pin('p1');
    await shop.synced('v1');
    shop.contents['v1'] = { web: 'web-2' };
    await pin('p2');
    const { state } = await shop.until(({ held }) => held);
    expect(state.hold).toMatchObject({ code: 'OtherSource' });
    expect(shop.restores).toEqual([]);
  });
});

describe('syncPolicy.retry', () => {
  test('tries a refused revision again, so often and no more', async () => {
    const retry = { limit: 2, durationMs: 5_000, factor: 2, maxDurationMs: 60_000, refresh: false };
    const problem = { code: 'Invalid' as const, message: 'webhook says no' };
    const shop = await openGoodShop(environment, {
      spec: { retry },
      scripts: {
        applyRevision: ({ revision }) => ({
          applied: [],
          pruned: [],
          differing: [],
          unpruned: [],
          problems: revision === revisionOf('v2') ? [problem] : [],
        }),
      },
    });
    await shop.push('v2', { web: 'web-1' });
    await environment.env.sleep('5m');
    expect(shop.news()).toEqual(Array<string>(3).fill('applyRevision after v2'));
  });
});

describe('a selective sync', () => {
  test('applies only what is asked for, rolls its workloads, and is no entry of the history', async () => {
    const shop = await openShop(environment, {
      scripts: {
        applyRevision: ({ only }) => ({
          applied: [],
          pruned: [],
          differing: [],
          unpruned: [],
          problems: [],
          ...(only === undefined ? {} : { rolling: ['web'] }),
        }),
      },
    });
    await shop.push('v1', { web: 'web-1', db: 'db-1' });
    await shop.synced('v1');
    shop.news();
    const spec = { ...shop.spec };
    const { automated: _automated, ...manual } = spec;
    await shop.handle.executeUpdate(messages.configureUpdate, { args: [manual] });
    await shop.push('v2', { web: 'web-2', db: 'db-2' });
    const resources = ['apps:Deployment:shop/web'];
    await shop.handle.executeUpdate(messages.syncUpdate, { args: [{ requestedBy: 'ada', resources }] });
    const { state } = await shop.until(({ state: { workloads } }) => workloads['web']?.version === 'web-2');
    expect(state.workloads['db']).toMatchObject({ version: 'db-1' });
    await shop.until(({ operation }) => operation === undefined);
    expect(shop.cluster.inputs('applyRevision').at(-1)).toMatchObject({ only: resources, stage: 'after' });
    expect((await shop.status()).state.history).toHaveLength(1);
  });
});

describe('a sync window', () => {
  test('that is closed holds an automated sync back until it opens; a person may sync where it says so', async () => {
    const shop = await openGoodShop(environment);
    const closed = {
      open: false,
      manual: true,
      overrun: true,
      why: 'deny window "0 22 * * *" of project shop',
    };
    shop.window = { ...closed, until: Date.now() + 3_600_000 };
    await shop.push('v2', { web: 'web-1' });
    const { state, sync } = await shop.settled('v2');
    expect({ window: state.window?.why, sync }).toEqual({ window: closed.why, sync: 'OutOfSync' });
    expect(shop.news()).toEqual([]);
    await shop.handle.executeUpdate(messages.syncUpdate, { args: [{ requestedBy: 'ada' }] });
    await shop.synced('v2');
    expect(shop.news()).toEqual(['applyRevision after v2']);
    await shop.push('v3', { web: 'web-1' });
    await shop.settled('v3');
    shop.window = { open: true, manual: true, overrun: true, why: 'no window is closed' };
    await environment.env.sleep('61m');
    await shop.synced('v3');
    expect((await shop.status()).state.window).toBeUndefined();
  });

  test('is waited for no more when Git is back at what runs', async () => {
    const shop = await openGoodShop(environment);
    shop.more = { content: 'content' };
    await shop.push('v2', { web: 'web-1' });
    await shop.synced('v2');
    shop.window = { open: false, manual: false, overrun: false, why: 'inside a deny window' };
    shop.more = { content: 'other' };
    await shop.push('v3', { web: 'web-1' });
    expect((await shop.settled('v3')).state.window).toBeDefined();
    shop.more = { content: 'content' };
    await shop.push('v4', { web: 'web-1' });
    expect((await shop.synced('v4')).state.window).toBeUndefined();
  });
});
