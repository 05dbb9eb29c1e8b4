import * as messages from '../../src/messages/application';
import { abortUpdate } from '../../src/messages/rollout';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { done, failed, revisionOf, untilCancelled } from '../support/workflow-fakes';
import { openGoodShop, openShop, revert, type Shop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const ada = { requestedBy: 'ada' };

/** Fails every version whose key says so. */
const bad = {
  reachWeight: ({ spec }: { spec: { version: string } }) =>
    spec.version.includes('bad') ? failed(`pod ${spec.version} crashes`, 'CrashLoop') : done,
};

async function pushBad(shop: Shop, short = 'v2'): Promise<void> {
  await shop.push(short, { web: 'web-bad' });
}

describe('a failed rollout', () => {
  test('brings traffic back, then Git, then syncs to the revert without a rollout', async () => {
    const shop = await openGoodShop(environment, { scripts: bad });
    await pushBad(shop);
    const { state, held } = await shop.synced('r1');
    expect(shop.news()).toEqual([
      'applyRevision before v2',
      'startCanary',
      'reachWeight 20',
      'returnTraffic',
      'removeCanary',
      'requestRestore v1',
      'applyRevision after r1',
    ]);
    expect(held).toBe(false);
    expect(state.history.map(({ result }) => result)).toEqual(['reverted', 'failed', 'promoted']);
    expect(state.lastRevert).toMatchObject({
      revision: revisionOf('r1'),
      bad: revisionOf('v2'),
      good: revisionOf('v1'),
    });
    expect(state.reverts).toHaveLength(1);
    await record('reverted', shop.handle);
  });

  test('asks for one commit that says what failed and how to redeploy', async () => {
    const shop = await openGoodShop(environment, { scripts: bad });
    await pushBad(shop);
    await shop.synced('r1');
    expect(shop.restores).toHaveLength(1);
    const [request] = shop.restores;
    expect(request).toMatchObject({
      paths: ['k8s'],
      branch: 'refs/heads/main',
      goodRevision: revisionOf('v1'),
      badRevision: revisionOf('v2'),
      subject: `Revert ${shop.spec.name} to v1----------: CrashLoop`,
      trailers: {
        'Belay-Application': shop.spec.name,
        'Belay-Bad-Revision': revisionOf('v2'),
        'Belay-Good-Revision': revisionOf('v1'),
        'Belay-Reason': 'CrashLoop',
      },
    });
    expect(request?.trailers['Belay-Run']).toMatch(new RegExp(`^app/${shop.spec.name}/`));
    expect(request?.body).toContain('pod web-bad crashes');
  });

  test('mirrors the quarantine before it asks for the revert', async () => {
    const shop = await openGoodShop(environment, { scripts: bad });
    await pushBad(shop);
    await shop.synced('r1');
    const { trace } = shop.cluster;
    const mirrored = trace.lastIndexOf('mirrorState', trace.indexOf('requestRestore v1'));
    expect(mirrored).toBeGreaterThan(trace.indexOf('removeCanary'));
  });

  test('asks the writer of the branch again until it has answered', async () => {
    const shop = await openGoodShop(environment, {
      scripts: bad,
      restore: (request, each) => (each.restores.length === 1 ? undefined : revert(request, each)),
    });
    await pushBad(shop);
    await shop.asked('requestRestore v1');
    await environment.env.sleep('31s');
    await shop.synced('r2');
    const [first, second] = shop.cluster.inputs('requestRestore');
    expect(second?.requestId).toBe(first?.requestId);
  });

  test('is not deployed again by the same version in a later commit', async () => {
    const shop = await openGoodShop(environment, { scripts: bad });
    await pushBad(shop);
    await shop.synced('r1');
    shop.news();
    await pushBad(shop, 'v3');
    const { state, health, sync, message } = await shop.settled('v3');
    expect(shop.news()).toEqual([]);
    expect({ code: state.hold?.code, health, sync }).toEqual({
      code: 'Quarantined',
      health: 'Healthy',
      sync: 'OutOfSync',
    });
    expect(message).toContain('holds the version that failed in v2----------: pod web-bad crashes');
  });

  test('with a hotfix on top is not reverted: the hotfix is tried', async () => {
    const shop = await openGoodShop(environment, {
      scripts: bad,
      restore: (_request, each) => {
        each.contents['v3'] = { web: 'web-3' };
        return { kind: 'superseded', revision: revisionOf('v3') };
      },
    });
    await pushBad(shop);
    const { state } = await shop.synced('v3');
    expect(shop.restores).toHaveLength(1);
    expect(state.reverts).toEqual([]);
    expect(state.history.map(({ result }) => result)).toEqual(['promoted', 'failed', 'promoted']);
    await record('hotfix', shop.handle);
  });

  test('with a hotfix that fails too goes back to the last good revision', async () => {
    const shop = await openGoodShop(environment, {
      scripts: bad,
      restore: (request, each) => {
        if (each.restores.length > 1) return revert(request, each);
        each.contents['v3'] = { web: 'web-bad-too' };
        return { kind: 'superseded', revision: revisionOf('v3') };
      },
    });
    await pushBad(shop);
    await shop.synced('r2');
    expect(shop.restores[1]).toMatchObject({ goodRevision: revisionOf('v1'), badRevision: revisionOf('v3') });
  });

  test('with a commit on top that still holds the bad version is reverted with that commit', async () => {
    const shop = await openGoodShop(environment, {
      scripts: bad,
      restore: (request, each) => {
        if (each.restores.length > 1) return revert(request, each);
        each.contents['v3'] = { web: 'web-bad' }; // somebody edited the README beside it
        return { kind: 'superseded', revision: revisionOf('v3') };
      },
    });
    await pushBad(shop);
    const { held } = await shop.synced('r2');
    expect(held).toBe(false);
    expect(shop.restores[1]).toMatchObject({ goodRevision: revisionOf('v1'), badRevision: revisionOf('v3') });
  });

  test('that somebody has reverted already needs no commit', async () => {
    const shop = await openGoodShop(environment, {
      scripts: bad,
      restore: (_request, each) => {
        each.contents['v3'] = { web: 'web-1' };
        return { kind: 'already', revision: revisionOf('v3') };
      },
    });
    await pushBad(shop);
    const { state } = await shop.synced('v3');
    expect(state.reverts).toEqual([]);
    expect(state.history[0]).toMatchObject({ result: 'reverted' });
  });

  test('is an abort when a person asked for it', async () => {
    const shop = await openGoodShop(environment, {
      scripts: { reachWeight: (_input, times) => (times === 1 ? untilCancelled() : done) },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await shop.rollout().executeUpdate(abortUpdate, { args: [{ ...ada, reason: 'errors' }] });
    const { state } = await shop.synced('r1');
    expect(shop.restores[0]).toMatchObject({
      subject: `Revert ${shop.spec.name} to v1----------: aborted`,
      trailers: { 'Belay-Reason': 'Aborted' },
    });
    expect(state.history[1]).toMatchObject({ result: 'aborted', message: 'aborted by ada: errors' });
  });

  test('by cancellation of the application goes back, and the application goes on', async () => {
    const shop = await openGoodShop(environment, {
      scripts: { reachWeight: (_input, times) => (times === 1 ? untilCancelled() : done) },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await shop.handle.cancel();
    await shop.synced('r1');
    await shop.push('v3', { web: 'web-3' });
    await shop.synced('v3');
  });
});

describe('what holds', () => {
  const cases: [string, object, (shop: Shop) => Promise<unknown>, string][] = [
    ['the policy hold', { spec: { writeBack: 'hold' } }, () => Promise.resolve(), 'WriteBackHold'],
    ['the policy off', { spec: { writeBack: 'off' } }, () => Promise.resolve(), 'WriteBackOff'],
    [
      'a tag instead of a branch',
      {},
      (shop) =>
        shop.handle.signal(messages.gitChangedSignal, { kind: 'revision', revision: revisionOf('v1') }),
      'NotABranch',
    ],
  ];

  test.each(cases)('%s keeps Git as it is, and says so', async (_name, options, prepare, code) => {
    const shop = await openGoodShop(environment, { scripts: bad, ...options });
    await prepare(shop);
    const isBranch = code !== 'NotABranch';
    shop.contents['v2'] = { web: 'web-bad' };
    if (isBranch) await shop.head('v2');
    else
      await shop.handle.signal(messages.gitChangedSignal, { kind: 'revision', revision: revisionOf('v2') });
    const { held, health, sync, state } = await shop.settled('v2');
    expect({ held, health, sync, code: state.hold?.code }).toEqual({
      held: true,
      health: 'Healthy',
      sync: 'OutOfSync',
      code,
    });
    expect(shop.restores).toEqual([]);
    expect(shop.news().slice(-2)).toEqual(['returnTraffic', 'removeCanary']);
    await shop.push('v3', { web: 'web-3' });
    expect((await shop.synced('v3')).held).toBe(false);
  });

  test('a refused revert keeps it held with the reason, until a fix arrives', async () => {
    const problem = {
      code: 'Forbidden',
      message: 'main is protected',
      remedy: 'allow the bot to push',
    } as const;
    const shop = await openGoodShop(environment, {
      scripts: bad,
      restore: () => ({ kind: 'refused', problem }),
    });
    await pushBad(shop);
    const { state } = await shop.settled('v2');
    expect(state.hold).toMatchObject({
      code: 'RevertRefused',
      reason: 'Git refused the revert: main is protected',
      remedy: 'allow the bot to push',
    });
    await shop.push('v3', { web: 'web-3' });
    expect((await shop.synced('v3')).held).toBe(false);
    await record('revert-refused', shop.handle);
  });

  test('too many reverts within an hour', async () => {
    const shop = await openGoodShop(environment, { scripts: bad });
    for (const number of [1, 2, 3]) {
      await shop.push(`b${number}`, { web: `web-bad-${number}` });
      await shop.synced(`r${number}`);
    }
    await shop.push('b4', { web: 'web-bad-4' });
    const { state } = await shop.settled('b4');
    expect(state.hold?.code).toBe('TooManyReverts');
    expect(shop.restores).toHaveLength(3);
    shop.news();
    await shop.push('v5', { web: 'web-5' });
    await shop.settled('v5');
    expect(shop.news()).toEqual([]);
    await shop.handle.executeUpdate(messages.retryUpdate, { args: [ada] });
    await shop.synced('v5');
  });

  test('a first deployment that fails: Degraded, and Git is not written', async () => {
    const shop = await openShop(environment, {
      scripts: { rollWorkload: ({ spec }) => (spec.version.includes('bad') ? failed() : done) },
    });
    await pushBad(shop, 'v1');
    const { health, state } = await shop.settled('v1');
    expect({ health, code: state.hold?.code }).toEqual({ health: 'Degraded', code: 'FirstDeploymentFailed' });
    expect(shop.restores).toEqual([]);
    await shop.push('v2', { web: 'web-2' });
    await shop.synced('v2');
    expect(shop.cluster.effects.filter((line) => line === 'rollWorkload target')).toHaveLength(2);
  });

  test('a good version that fails too: Degraded, and Git is not written', async () => {
    const shop = await openGoodShop(environment, {
      workload: { strategy: { kind: 'rolling' } },
      scripts: {
        rollWorkload: ({ spec, to }) => (spec.version.includes('bad') ? failed(`${to} fails`) : done),
      },
    });
    await pushBad(shop);
    const { health, state } = await shop.settled('v2');
    expect(health).toBe('Degraded');
    expect(state.hold).toMatchObject({
      code: 'GoodFailsToo',
      reason: 'the last good version fails too: good fails',
    });
    expect(shop.restores).toEqual([]);
  });
});

describe('retry', () => {
  test('is refused when nothing has failed', async () => {
    const shop = await openGoodShop(environment);
    await expect(shop.handle.executeUpdate(messages.retryUpdate, { args: [ada] })).rejects.toMatchObject({
      cause: { message: 'nothing has failed, so there is nothing to retry' },
    });
  });

  test('before the revert deploys the same revision again, without a commit', async () => {
    let isMended = false;
    const shop = await openGoodShop(environment, {
      spec: { writeBack: 'hold' },
      scripts: { reachWeight: () => (isMended ? done : failed()) },
    });
    await pushBad(shop);
    await shop.settled('v2');
    isMended = true;
    await shop.handle.executeUpdate(messages.retryUpdate, { args: [ada] });
    const { state } = await shop.synced('v2');
    expect(shop.restores).toEqual([]);
    expect(state.quarantine).toEqual({});
  });

  test("after the revert commits the revert of the revert, in the person's name", async () => {
    let isMended = false;
    const shop = await openGoodShop(environment, {
      scripts: { reachWeight: () => (isMended ? done : failed()) },
    });
    await pushBad(shop);
    await shop.synced('r1');
    isMended = true;
    await shop.handle.executeUpdate(messages.retryUpdate, {
      args: [{ ...ada, reason: 'the registry is back' }],
    });
    await shop.synced('r2');
    expect(shop.restores[1]).toMatchObject({
      goodRevision: revisionOf('v2'),
      badRevision: revisionOf('r1'),
      subject: `Retry ${shop.spec.name} at v2----------`,
      body: 'ada asked to deploy again what r1---------- reverted: the registry is back.',
      trailers: { 'Belay-Reason': 'Retry' },
    });
    await record('retried', shop.handle);
  });

  test('that fails again goes back again', async () => {
    const shop = await openGoodShop(environment, { scripts: bad });
    await pushBad(shop);
    await shop.synced('r1');
    await shop.handle.executeUpdate(messages.retryUpdate, { args: [ada] });
    const { state } = await shop.synced('r3');
    expect(shop.restores[2]).toMatchObject({ goodRevision: revisionOf('r1'), badRevision: revisionOf('r2') });
    expect(Object.keys(state.quarantine)).toEqual(['web-bad']);
  });
});

describe('undo', () => {
  test('brings Git and the cluster back to the earlier good revision, without steps', async () => {
    const shop = await openGoodShop(environment);
    await shop.push('v2', { web: 'web-2' });
    await shop.synced('v2');
    shop.news();
    await shop.handle.executeUpdate(messages.undoUpdate, { args: [{ ...ada, reason: 'a customer called' }] });
    await shop.synced('r1');
    expect(shop.restores).toMatchObject([
      {
        goodRevision: revisionOf('v1'),
        badRevision: revisionOf('v2'),
        subject: `Undo ${shop.spec.name}: back to v1----------`,
        trailers: { 'Belay-Reason': 'Undo' },
      },
    ]);
    expect(shop.news()).not.toContain('reachWeight 20');
    await record('undone', shop.handle);
  });

  test('is refused for a revision that is not in the history, and during a rollout', async () => {
    const shop = await openGoodShop(environment, { scripts: { reachWeight: () => untilCancelled() } });
    const undo = (toRevision?: string): Promise<unknown> =>
      shop.handle.executeUpdate(messages.undoUpdate, {
        args: [{ ...ada, ...(toRevision === undefined ? {} : { toRevision }) }],
      });
    await expect(undo('v9')).rejects.toMatchObject({
      cause: {
        message: `revision v9 is not in the history of ${shop.spec.name}, whose good ones are v1----------`,
      },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await expect(undo()).rejects.toMatchObject({ cause: { message: 'a rollout is in progress; use abort' } });
    await shop.rollout().executeUpdate(abortUpdate, { args: [ada] });
    await shop.synced('r1');
  });
});

describe('two workloads', () => {
  const both = { web: 'web-1', api: 'api-1' };

  test('of which one fails: the other is aborted, and Git goes back once', async () => {
    const shop = await openShop(environment, {
      scripts: {
        reachWeight: ({ spec }) => {
          if (spec.version === 'web-bad') return failed();
          return spec.version === 'api-2' ? untilCancelled() : done;
        },
      },
    });
    await shop.push('v1', both);
    await shop.synced('v1');
    await shop.push('v2', { web: 'web-bad', api: 'api-2' });
    const { state } = await shop.synced('r1');
    expect(shop.restores).toHaveLength(1);
    expect(Object.keys(state.quarantine)).toEqual(['web-bad']);
    expect(state.workloads['api']).toMatchObject({ version: 'api-1', healthy: true });
  });

  test('of which one fails when the other is promoted already: that one is rolled back too', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const shop = await openShop(environment, {
      scripts: {
        reachWeight: async ({ spec }) => {
          if (spec.version !== 'web-bad') return done;
          await held;
          return failed();
        },
      },
    });
    await shop.push('v1', both);
    await shop.synced('v1');
    await shop.push('v2', { web: 'web-bad', api: 'api-2' });
    await shop.until(({ state }) => state.workloads['api']?.version === 'api-2');
    letGo();
    const { state } = await shop.synced('r1');
    expect(state.workloads).toMatchObject({
      web: { version: 'web-1' },
      api: { version: 'api-1', healthy: true },
    });
    const fast = shop.cluster.inputs('handOver').at(-1);
    expect(fast?.spec).toMatchObject({ name: 'api', version: 'api-1', pace: 'fast' });
    await record('two-workloads', shop.handle);
  });
});

describe('a rollout that was terminated', () => {
  test('is noticed, cleaned up above its fences, and Git goes back', async () => {
    const shop = await openGoodShop(environment, {
      scripts: {
        reachWeight: (_input, times) => (times === 1 ? untilCancelled() : done),
        describeWorkflow: () => 'terminated',
      },
    });
    await shop.push('v2', { web: 'web-2' });
    await shop.asked('reachWeight 20');
    await environment.terminate(shop.rollout());
    await environment.env.sleep('61s');
    const { state } = await shop.synced('r1');
    expect(shop.news().filter((line) => !line.endsWith('cancelled'))).toEqual([
      'applyRevision before v2',
      'startCanary',
      'reachWeight 20',
      'inspectCanary',
      'returnTraffic',
      'removeCanary',
      'requestRestore v1',
      'applyRevision after r1',
    ]);
    const [started, reached, ...recovered] = shop.cluster.fences.slice(1);
    expect([started, reached]).toEqual([20_001, 20_002]);
    expect(recovered).toEqual([30_001, 30_002, 30_003]);
    expect(state.history[1]).toMatchObject({
      result: 'aborted',
      message: 'aborted by termination of its workflow',
    });
    expect(state.workloads['web']).toMatchObject({ version: 'web-1', number: 3 });
    await record('rollout-terminated', shop.handle);
  });
});
