import * as messages from '../../src/messages/application';
import { record } from '../support/workflow-histories';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { forbidden, revisionOf, untilCancelled, done } from '../support/workflow-fakes';
import { openGoodShop, openShop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };
const canaryOut = [
  'startCanary',
  'reachWeight 20',
  'reachWeight 100',
  'handOver',
  'adoptCanary',
  'retireOld',
];

describe('a sync', () => {
  test('tries and applies, brings the workloads out, then applies the rest', async () => {
    const shop = await openShop(environment);
    await shop.push('v1', { web: 'web-1' });
    const { state, message } = await shop.synced('v1');
    expect(shop.news()).toEqual(['applyRevision before v1', 'rollWorkload target', 'applyRevision after v1']);
    expect(message).toBe('synced to v1----------: web');
    expect(state).toMatchObject({
      good: { revision: revisionOf('v1') },
      branch: 'refs/heads/main',
      history: [{ id: 1, result: 'promoted', versions: { web: 'web-1' } }],
      workloads: { web: { version: 'web-1', healthy: true, number: 1 } },
    });
  });

  test('watches its sources before anything else, and mirrors its state at the end', async () => {
    const shop = await openGoodShop(environment);
    expect(shop.cluster.trace.slice(0, 3)).toEqual(['recallState', 'watchSources', 'planRevision v1']);
    expect(shop.cluster.trace.slice(-2)).toEqual(['applyRevision after v1', 'mirrorState']);
    const { state } = shop.cluster.inputs('mirrorState').at(-1) ?? { state: '{}' };
    expect(JSON.parse(state)).toMatchObject({
      good: { revision: revisionOf('v1') },
      spec: { name: shop.spec.name },
    });
  });

  test('of a new version goes through the canary, once', async () => {
    const shop = await openGoodShop(environment);
    await shop.push('v2', { web: 'web-2' });
    const { state } = await shop.synced('v2');
    expect(shop.news()).toEqual(['applyRevision before v2', ...canaryOut, 'applyRevision after v2']);
    expect(state.history.map(({ result }) => result)).toEqual(['promoted', 'promoted']);
    expect(state.workloads['web']?.rolloutId).toMatch(/^r2-/);
    await shop.head('v2');
    await shop.drift();
    await shop.settled('v2');
    expect(shop.news()).toEqual([]);
  });

  test('without a changed workload rolls nothing', async () => {
    const shop = await openGoodShop(environment);
    await shop.push('v2', { web: 'web-1' });
    const { state } = await shop.synced('v2');
    expect(shop.news()).toEqual(['applyRevision after v2']);
    expect(state.history[0]).toMatchObject({ result: 'synced', message: 'no workload changed' });
  });

  test('back to a version that was good needs no steps', async () => {
    const shop = await openGoodShop(environment);
    await shop.push('v2', { web: 'web-2' });
    await shop.synced('v2');
    await shop.push('v3', { web: 'web-1' });
    await shop.synced('v3');
    expect(shop.news().filter((line) => line.startsWith('reachWeight'))).toEqual([
      'reachWeight 20',
      'reachWeight 100',
      'reachWeight 100',
    ]);
  });

  test('to a revision without objects deletes everything only when a person asks', async () => {
    const shop = await openGoodShop(environment);
    await shop.push('v2', {});
    const { sync, message, state } = await shop.settled('v2');
    expect(shop.news()).toEqual([]);
    expect([sync, state.synced]).toEqual(['OutOfSync', revisionOf('v1')]);
    expect(message).toContain(
      'revision v2---------- holds no object, so pruning would delete everything; ' +
        'set it to true, or delete them by `belay app sync',
    );
    await shop.handle.executeUpdate(messages.syncUpdate, { args: [{ ...ada, prune: true }] });
    await shop.synced('v2');
    expect(shop.cluster.inputs('applyRevision').at(-1)).toMatchObject({ stage: 'after', prune: true });
  });

  test('to a revision without objects deletes everything where that is allowed', async () => {
    const automated = { prune: true, selfHeal: true, allowEmpty: true };
    const shop = await openGoodShop(environment, { spec: { automated } });
    await shop.push('v2', {});
    expect((await shop.synced('v2')).state.problems).toEqual([]);
  });

  test('waits for a person where it is not automated', async () => {
    const shop = await openShop(environment, { spec: { automated: undefined } as never });
    await shop.push('v1', { web: 'web-1' });
    await shop.until(({ state }) => state.head === revisionOf('v1'));
    expect(shop.news()).toEqual([]);
    const { message } = await shop.handle.executeUpdate(messages.syncUpdate, { args: [ada] });
    expect(message).toBe(`${shop.spec.name} syncs`);
    await shop.synced('v1');
    expect(shop.cluster.inputs('applyRevision').map(({ prune }) => prune)).toEqual([false, false]);
  });
});

describe('a newer commit during a rollout', () => {
  test('supersedes it when it changes what is brought out, without blame', async () => {
    const shop = await openGoodShop(environment, {
      scripts: { reachWeight: ({ spec }) => (spec.version === 'web-2' ? untilCancelled() : done) },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await shop.push('v3', { web: 'web-3' });
    const { state } = await shop.synced('v3');
    expect(shop.news()).toEqual([
      'applyRevision before v2',
      'startCanary',
      'reachWeight 20',
      'reachWeight 20 cancelled',
      'returnTraffic',
      'removeCanary',
      'applyRevision before v3',
      ...canaryOut,
      'applyRevision after v3',
    ]);
    expect(state).toMatchObject({ quarantine: {}, reverts: [] });
    expect(state.history.map(({ result }) => result)).toEqual(['promoted', 'superseded', 'promoted']);
    expect(shop.restores).toEqual([]);
    await record('superseded', shop.handle);
  });

  test('leaves it alone when it changes something else', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const shop = await openGoodShop(environment, {
      scripts: {
        handOver: async () => {
          await held;
          return done;
        },
      },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('handOver');
    await shop.push('v3', { web: 'web-2' });
    await shop.asked('planRevision v3');
    letGo();
    await shop.synced('v3');
    expect(shop.news()).toEqual([
      'applyRevision before v2',
      ...canaryOut,
      'applyRevision after v2',
      'applyRevision after v3',
    ]);
  });

  test('that is taken away again does not leave the first one out', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const shop = await openGoodShop(environment, {
      scripts: {
        reachWeight: (_input, times) => (times === 1 ? untilCancelled() : done),
        returnTraffic: async () => {
          await held;
          return done;
        },
      },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await shop.push('v3', { web: 'web-3' });
    await shop.asked('returnTraffic');
    await shop.head('v2');
    letGo();
    await shop.synced('v2');
  });
});

describe('a problem', () => {
  const problem = { code: 'InvalidYaml', message: 'a tab', file: 'k8s/web.yaml', line: 3 } as const;

  test('in a revision leaves the good one running, and the next good commit recovers', async () => {
    const shop = await openGoodShop(environment);
    await shop.push('v2', [problem]);
    const { sync, health, message, state } = await shop.settled('v2');
    expect({ sync, health, message }).toEqual({
      sync: 'OutOfSync',
      health: 'Healthy',
      message: 'k8s/web.yaml:3: a tab',
    });
    expect(state.good?.revision).toBe(revisionOf('v1'));
    expect(shop.news()).toEqual([]);
    await shop.push('v3', { web: 'web-3' });
    expect((await shop.synced('v3')).state.problems).toEqual([]);
  });

  test('that the trial of a revision finds stops it before any workload moves', async () => {
    const refusal = { code: 'Forbidden', message: 'may not patch', object: 'Service shop/web' } as const;
    const shop = await openGoodShop(environment, {
      scripts: {
        applyRevision: ({ revision }) => ({
          applied: [],
          pruned: [],
          differing: [],
          unpruned: [],
          problems: revision === revisionOf('v2') ? [refusal] : [],
        }),
      },
    });
    await shop.push('v2', { web: 'web-2' });
    const { state } = await shop.settled('v2');
    expect(state.problems).toEqual([refusal]);
    expect(shop.news()).toEqual(['applyRevision before v2']);
    await shop.push('v3', { web: 'web-3' });
    await shop.synced('v3');
  });

  test('of the source is shown until it is gone', async () => {
    const shop = await openGoodShop(environment);
    const gone = { code: 'RevisionNotFound', message: 'branch main is gone' } as const;
    await shop.handle.signal(messages.gitChangedSignal, { kind: 'problem', problem: gone });
    expect(await shop.until(({ sync }) => sync === 'Unknown')).toMatchObject({
      message: 'held: branch main is gone; bring the branch back, or point the application at another one',
      health: 'Healthy',
    });
    await shop.head('v1');
    await shop.synced('v1');
  });

  test('to reach Git for a while is shown and tried again', async () => {
    let isUp = true;
    const shop = await openGoodShop(environment, {
      scripts: {
        applyRevision: () => {
          if (!isUp) throw forbidden();
          return { applied: [], pruned: [], differing: [], unpruned: [], problems: [] };
        },
      },
    });
    isUp = false;
    await shop.push('v2', { web: 'web-2' });
    const { state } = await shop.until(
      ({ operation, state: { problems } }) => operation === undefined && problems.length > 0,
    );
    expect(state.problems).toMatchObject([{ code: 'Forbidden' }]);
    isUp = true;
    await environment.env.sleep('10s');
    await shop.synced('v2');
    await record('obstructed', shop.handle);
  });
});

describe('drift', () => {
  const heals = {
    applyRevision: ({ stage }: { readonly stage: string }) => ({
      applied: stage === 'heal' ? ['Deployment shop/web'] : [],
      pruned: [],
      differing: [],
      unpruned: [],
      problems: [],
    }),
  };

  test('is healed at once, then after 2 s, then after 6 s', async () => {
    const shop = await openGoodShop(environment, { scripts: heals });
    for (const pause of [1, 3_000, 7_000]) {
      const before = (await shop.status()).state.heals.length;
      await shop.drift('Deployment shop/web');
      await environment.env.sleep(pause);
      await shop.until(
        ({ state, operation }) => state.heals.length === before + 1 && operation === undefined,
      );
    }
    expect(shop.news()).toEqual(Array(3).fill('applyRevision heal v1'));
    const { state } = await shop.status();
    const [first = 0, second = 0, third = 0] = state.heals;
    expect(second - first).toBeGreaterThanOrEqual(2_000);
    expect(third - second).toBeGreaterThanOrEqual(6_000);
  });

  test('is only reported where self-heal is off', async () => {
    const shop = await openGoodShop(environment, {
      spec: { automated: { prune: false, selfHeal: false, allowEmpty: false } },
      scripts: {
        applyRevision: ({ fix }) => ({
          applied: [],
          pruned: [],
          differing: fix ? [] : ['Deployment shop/web'],
          unpruned: [],
          problems: [],
        }),
      },
    });
    await shop.drift('Deployment shop/web');
    const { state } = await shop.until(({ sync }) => sync === 'OutOfSync');
    expect(state.drift).toEqual(['Deployment shop/web']);
    expect(shop.cluster.inputs('applyRevision').at(-1)).toMatchObject({
      stage: 'heal',
      fix: false,
      prune: false,
    });
  });

  test('that may not be healed is shown as a problem until it is healed', async () => {
    const problem = { code: 'Forbidden', message: 'may not patch', object: 'Deployment shop/web' } as const;
    let isAllowed = false;
    const shop = await openGoodShop(environment, {
      scripts: {
        applyRevision: (input) =>
          input.stage === 'heal' && !isAllowed
            ? { applied: [], pruned: [], differing: [], unpruned: [], problems: [problem] }
            : heals.applyRevision(input),
      },
    });
    await shop.drift('Deployment shop/web');
    await shop.until(({ state }) => state.problems.length > 0);
    isAllowed = true;
    await shop.drift('Deployment shop/web');
    await shop.synced('v1');
  });

  test('of other objects is healed during a rollout, and the leased workload is left alone', async () => {
    const shop = await openGoodShop(environment, {
      scripts: { ...heals, reachWeight: (_input, times) => (times === 1 ? untilCancelled() : done) },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await shop.drift('Service shop/web');
    await shop.asked('applyRevision heal v1');
    const input = shop.cluster.inputs('applyRevision').at(-1);
    expect(input?.treatments).toEqual({ web: { kind: 'rolling', pace: 'steps' } });
    await shop.rollout().signal('abortRequested', ada);
    await shop.synced('r1');
    await record('healed', shop.handle);
  });
});

describe('the life of an application', () => {
  test('a new specification is taken over and compared at once', async () => {
    const shop = await openGoodShop(environment);
    const spec = { ...shop.spec, source: { ...shop.spec.source, path: 'deploy' } };
    await shop.handle.executeUpdate(messages.configureUpdate, { args: [spec] });
    await eventually(
      () => shop.cluster.inputs('planRevision').at(-1)?.spec.source.path,
      (path) => path === 'deploy',
    );
    await shop.synced('v1');
  });

  test('what an earlier life has mirrored in the cluster is recalled', async () => {
    const state = {
      good: { revision: revisionOf('v0'), tree: 't', at: 1 },
      quarantine: { 'web-9': { revision: 'x', workload: 'web', reason: 'crashed', at: 1 } },
    };
    const shop = await openShop(environment, { scripts: { recallState: () => JSON.stringify(state) } });
    await shop.push('v9', { web: 'web-9' });
    const { state: recalled } = await shop.until(({ held }) => held);
    expect(recalled.good?.revision).toBe(revisionOf('v0'));
    expect(recalled.hold?.code).toBe('Quarantined');
  });

  test('what cannot be recalled at once is not forgotten', async () => {
    const state = { quarantine: { 'web-9': { revision: 'x', workload: 'web', reason: 'crashed', at: 1 } } };
    let isUp = false;
    const shop = await openShop(environment, {
      scripts: {
        recallState: () => {
          if (!isUp) throw forbidden();
          return JSON.stringify(state);
        },
      },
    });
    await shop.push('v9', { web: 'web-9' });
    await shop.until(({ state: { problems, compared } }) => problems.length > 0 || compared !== undefined);
    isUp = true;
    await environment.env.sleep('10s');
    expect((await shop.settled('v9')).state.hold?.code).toBe('Quarantined');
  });

  test('delete ends the watching, and its objects if asked', async () => {
    const shop = await openGoodShop(environment);
    await shop.handle.executeUpdate(messages.deleteUpdate, { args: [{ ...ada, cascade: true }] });
    await shop.handle.result();
    expect(shop.news()).toEqual(['deleteObjects', 'forgetSources']);
  });

  test('delete goes on delivering, and says why, where the objects may not be deleted', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        deleteObjects: () => {
          throw forbidden();
        },
      },
    });
    await shop.handle.executeUpdate(messages.deleteUpdate, { args: [{ ...ada, cascade: true }] });
    await shop.until(({ state }) => state.events.at(-1)?.text.startsWith('not deleted: ') === true);
    await shop.push('v2', { web: 'web-2' });
    await shop.synced('v2');
  });

  test('delete without cascade leaves the objects', async () => {
    const shop = await openGoodShop(environment);
    await shop.handle.executeUpdate(messages.deleteUpdate, { args: [{ ...ada, cascade: false }] });
    await shop.handle.result();
    expect(shop.news()).toEqual(['forgetSources']);
  });

  test('delete during a rollout takes the traffic back first, and writes nothing to Git', async () => {
    const shop = await openGoodShop(environment, { scripts: { reachWeight: () => untilCancelled() } });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await shop.handle.executeUpdate(messages.deleteUpdate, { args: [{ ...ada, cascade: true }] });
    await shop.handle.result();
    expect(shop.news().slice(-4)).toEqual([
      'returnTraffic',
      'removeCanary',
      'deleteObjects',
      'forgetSources',
    ]);
    expect(shop.restores).toEqual([]);
    await record('deleted', shop.handle);
  });

  test('its rollouts outlive it', async () => {
    const shop = await openGoodShop(environment, {
      scripts: { keepWeight: untilCancelled },
      workload: {
        strategy: {
          kind: 'canary',
          steps: [{ kind: 'pause' }],
          maxSurge: 1,
          maxUnavailable: 0,
          scaleDownDelayMs: 0,
        },
      },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('keepWeight');
    await shop.handle.terminate();
    const { status } = await shop.rollout().describe();
    expect(status.name).toBe('RUNNING');
    await shop.rollout().executeUpdate('promoteFull', { args: [ada] });
    expect(await shop.rollout().result()).toMatchObject({ kind: 'promoted' });
  });
});
