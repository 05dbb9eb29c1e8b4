import type { StepPlan } from '../../src/domain/revision-plan';
import * as messages from '../../src/messages/application';
import { joinReleaseSignal, leaveReleaseSignal, memberGoneSignal } from '../../src/messages/release';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { forbidden, revisionOf } from '../support/workflow-fakes';
import { openMember } from '../support/workflow-member';
import { openGoodShop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    workflowsPath: require.resolve('../support/workflow-member-bundle'),
    git: { resolveBranch: async () => revisionOf('v3') },
  });
});
afterAll(() => environment.stop());

const by = { requestedBy: 'ann' };

/* Where the server does not skip a time that a test waits for, it takes that time: two tests below may take longer than others. */

function step(wave: number, more: Partial<StepPlan>): StepPlan {
  return { phase: 'Sync', wave, objects: 1, hooks: [], workloads: [], ...more };
}

describe('a member that comes out in steps', () => {
  const steps = [
    step(0, { objects: 0, hooks: ['Job shop/migrate'], undoable: ['Job shop/migrate'] }),
    step(1, { workloads: ['db'] }),
    step(2, { workloads: ['web'] }),
  ];

  test('leaves earlier workloads at their gate while later steps go on, and applies the rest when the release is good', async () => {
    const member = await openMember(environment, { first: { web: 'web-1', db: 'db-1' } });
    const { shop } = member;
    shop.more = { steps, content: 'content of v2' };
    await shop.push('v2', { web: 'web-2', db: 'db-2' });
    await member.ready();
    expect((await shop.status()).rollouts).toHaveLength(2);
    await member.tell('commit');
    await member.reported('committed');
    expect(shop.news()).toEqual([
      'applyRevision try v2',
      'runSyncHooks Sync 0 v2',
      'applyRevision Sync 1 before v2',
      'awaitStep Sync 1 v2',
      'applyRevision Sync 2 before v2',
      'deleteSyncHooks Sync 0 v2',
      'applyRevision after v2',
    ]);
  });

  test('goes back as a whole when a later step fails, and undoes what its hooks have done', async () => {
    const member = await openMember(environment, { first: { web: 'web-1', db: 'db-1' } });
    const { shop } = member;
    shop.more = { steps, content: 'content of v2' };
    await shop.push('v2', { web: 'web-2-bad', db: 'db-2' });
    await member.tell('deliver');
    expect((await member.reported('failed')).failure?.workload).toBe('web');
    expect(await member.heard('db')).toEqual([expect.stringContaining('abort')]);
    shop.more = { content: 'content of v1' };
    await member.tell('restore');
    await member.reported('restored');
    const [began] = shop.cluster.inputs('runSyncHooks').map(({ startedAt }) => startedAt);
    expect(shop.cluster.inputs('undoSyncHooks')).toEqual([
      expect.objectContaining({ revision: revisionOf('v2'), startedAt: began }),
    ]);
    expect(shop.news().slice(-2)).toEqual(['applyRevision after v1', 'undoSyncHooks v2']);
  });

  test('begins no step while the release is paused, and passes a pause on to its rollouts', async () => {
    const member = await openMember(environment, { first: { web: 'web-1', db: 'db-1' } });
    const { shop } = member;
    shop.more = { steps: steps.slice(1), content: 'content of v2' };
    await shop.push('v2', { web: 'web-2', db: 'db-2-slow' });
    await member.tell('deliver', 'v2', { isPaused: true });
    await shop.asked('applyRevision try v2');
    await shop.drift('Service shop/web'); // news at which it could go on
    await member.tell('deliver', 'v2', { isPaused: true });
    await eventually(
      () => member.reports(),
      (reports) => reports.length > 2,
    );
    expect(shop.news()).toEqual(['applyRevision try v2']);
    await member.tell('deliver');
    await shop.until(({ rollouts }) => rollouts.length > 0);
    await member.tell('deliver', 'v2', { isPaused: true });
    await eventually(
      () => member.heard('db'),
      (heard) => heard.includes(`pause by ${member.release}`),
    );
    await member.tell('deliver');
    await eventually(
      () => member.heard('db'),
      (heard) => heard.includes(`resume by ${member.release}`),
    );
  });
});

describe('what stands in the way', () => {
  test('of the way out is told, and it is tried again', async () => {
    let times = 0;
    const member = await openMember(environment, {
      scripts: {
        applyRevision: ({ stage }) => {
          times += stage === 'before' ? 1 : 0;
          if (stage === 'before' && times === 2) throw forbidden();
          return { applied: [], pruned: [], differing: [], unpruned: [], problems: [] };
        },
      },
    });
    await member.shop.push('v2', { web: 'web-2' });
    await member.tell('deliver');
    await member.reported('delivering', ({ message }) => message.includes('forbidden'));
    await member.reported('ready');
  });

  test('of the way back is told, and it is tried until it is done', async () => {
    const member = await openMember(environment, {
      scripts: {
        applyRevision: ({ stage, revision }, times) => {
          if (stage === 'after' && revision === revisionOf('v1') && times > 3 && times < 5) throw forbidden();
          return { applied: [], pruned: [], differing: [], unpruned: [], problems: [] };
        },
      },
    });
    await member.shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.tell('restore');
    await member.reported('trafficBack', ({ message }) => message.includes('cannot go back'));
    await member.reported('restored');
  });
});

describe('its Git', () => {
  test('is told to its releases, also in the middle of one, and it does not act by itself', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    const said = { release: member.name, application: shop.spec.name, isAutomated: true };
    await eventually(
      () => member.told.at(-1),
      (told) => told?.head === revisionOf('v2'),
    );
    expect(member.told.at(-1)).toMatchObject({ ...said, isBehind: true, cluster: shop.cluster.id });
    expect((await shop.status()).message).toBe(`v2---------- waits for the release ${member.name}`);
    await member.ready();
    await shop.push('v3', { web: 'web-3' });
    await eventually(
      () => member.told.at(-1),
      (told) => told?.head === revisionOf('v3'),
    );
    expect((await shop.status()).rollouts).toHaveLength(1);
    expect(shop.news()).toEqual(['applyRevision before v2']);
    await member.tell('commit');
    await member.reported('committed');
    await member.tell('free');
    await shop.until(({ state }) => state.release === undefined);
    expect(shop.cluster.inputs('planRevision').at(-1)?.revision).toBe(revisionOf('v2'));
    expect(member.told.at(-1)).toMatchObject({ isBehind: true, head: revisionOf('v3') });
  });

  test('may have moved on when the revert is taken in: the newer commit is not lost, and not brought out', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await shop.push('v3', { web: 'web-3' });
    await member.tell('restore');
    await member.reported('restored');
    shop.contents['r1'] = { web: 'web-1' };
    await member.tell('settle', 'r1');
    await member.reported('settled');
    await member.tell('free', 'r1');
    const { state } = await shop.until((now) => now.state.release === undefined);
    expect(state).toMatchObject({ head: revisionOf('v3'), synced: revisionOf('r1') });
    expect(state.workloads).toMatchObject({ web: { version: 'web-1' } });
  });

  test('with a fix on top instead of the revert is left to the next release', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.tell('restore');
    await member.reported('restored');
    shop.news();
    await shop.push('v3', { web: 'web-3' });
    await member.tell('settle', 'v3');
    await member.reported('settled');
    expect(shop.news()).toEqual([]);
  });

  test('that must not be written holds a member that failed', async () => {
    const member = await openMember(environment, { spec: { writeBack: 'off' } });
    const { shop } = member;
    await shop.push('v2', { web: 'web-2-bad' });
    await member.tell('deliver');
    expect(await member.reported('failed')).toMatchObject({
      unwritable: 'Git is not written: write-back is off for this application',
    });
    await member.tell('restore');
    await member.reported('restored');
    await member.tell('free');
    const { state } = await shop.until((now) => now.state.release === undefined);
    expect(state.hold).toMatchObject({
      code: 'RevertRefused',
      reason: expect.stringContaining('write-back is off'),
    });
    await member.next();
    await member.tell('deliver', 'v2', { isRetry: true });
    expect((await member.reported('failed')).failure?.code).toBe('CrashLoop');
  });
});

describe('what people may ask of a member', () => {
  test('sync, undo, retry and deletion are refused with what to use instead', async () => {
    const member = await openMember(environment);
    const { shop, name } = member;
    const refused = async (asked: Promise<unknown>): Promise<string> =>
      asked.then(
        () => 'accepted',
        (error: { cause?: Error }) => error.cause?.message ?? '',
      );
    const { handle } = shop;
    await shop.push('v2', { web: 'web-2' });
    await shop.until(({ state }) => state.head === revisionOf('v2'));
    expect(await refused(handle.executeUpdate(messages.syncUpdate, { args: [by] }))).toContain(
      `belay release start ${name}`,
    );
    expect(await refused(handle.executeUpdate(messages.undoUpdate, { args: [by] }))).toContain(
      `belay release undo ${name}`,
    );
    expect(await refused(handle.executeUpdate(messages.retryUpdate, { args: [by] }))).toContain(
      `belay release retry ${name}`,
    );
    await member.ready();
    const gone = { ...by, cascade: false };
    expect(await refused(handle.executeUpdate(messages.syncUpdate, { args: [by] }))).toContain(
      `${member.release} is under way`,
    );
    expect(await refused(handle.executeUpdate(messages.deleteUpdate, { args: [gone] }))).toContain('--now');
    await handle.executeUpdate(messages.deleteUpdate, { args: [{ ...gone, now: true }] });
    await member.reported('gone');
    await eventually(
      () => handle.describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
    expect(await member.heard()).toEqual(['abort: the application is deleted', 'pass trafficBack']);
  });

  test('sync of what is delivered is done, as drift and pruning need it', async () => {
    const { shop } = await openMember(environment);
    await shop.handle.executeUpdate(messages.syncUpdate, { args: [{ ...by, prune: true }] });
    await shop.asked('applyRevision after v1');
    await shop.synced('v1');
    expect(shop.cluster.inputs('applyRevision').at(-1)).toMatchObject({ prune: true });
  });
});

describe('the release itself', () => {
  test('that was terminated: a member that is ready goes back by itself, with Git', async () => {
    const member = await openMember(environment, {
      scripts: { describeWorkflow: () => 'terminated' },
    });
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await environment.env.sleep('61 seconds');
    const { state } = await shop.synced('r1');
    expect(state.release).toBeUndefined();
    expect(state.events.map(({ text }) => text)).toContain(
      `${member.release} is gone (terminated): going back without it`,
    );
    expect(shop.restores).toEqual([
      expect.objectContaining({ goodRevision: revisionOf('v1'), badRevision: revisionOf('v2') }),
    ]);
  }, 150_000);

  test('whose next one tells its member to deliver has ended: what is out goes back first', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.next();
    await shop.push('v3', { web: 'web-3' });
    await member.tell('deliver', 'v3');
    await member.reported('ready');
    expect((await shop.status()).rollouts).toHaveLength(1);
    await member.tell('commit', 'v3');
    await member.reported('committed');
    expect((await shop.status()).state.workloads).toMatchObject({ web: { version: 'web-3' } });
  });

  test('that is not the one it is in is not heard, but for deliver', async () => {
    const member = await openMember(environment);
    await member.shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.tell('back', 'v2', { release: `${member.release}0` });
    await member.tell('free', 'v2', { release: `${member.release}0` });
    await member.tell('commit');
    await member.reported('committed');
  });

  test('a file may name any application, and leave it again', async () => {
    const shop = await openGoodShop(environment);
    await shop.handle.signal(joinReleaseSignal, { release: 'autumn' });
    const told = () =>
      shop.cluster.inputs('tellReleases').map(({ release, member }) => ({ release, ...member }));
    await eventually(told, (all) => all.length > 0);
    expect(told()[0]).toMatchObject({ release: 'autumn', isBehind: false });
    expect(told()[0]).not.toHaveProperty('membership');
    await shop.push('v2', { web: 'web-2' });
    await eventually(told, (all) => all.at(-1)?.isBehind === true);
    await shop.handle.signal(leaveReleaseSignal, { release: 'autumn' });
    await shop.synced('v2');
    const { events } = await shop.handle.fetchHistory();
    const sent = events?.map(
      (each) => each.signalExternalWorkflowExecutionInitiatedEventAttributes?.signalName,
    );
    expect(sent).toContain(memberGoneSignal.name);
  });
});

test('a rollout whose workflow is terminated at its gate is cleaned up after, and the member has failed', async () => {
  const member = await openMember(environment, {
    scripts: {
      describeWorkflow: ({ workflowId }) => (workflowId.startsWith('rollout/') ? 'terminated' : 'running'),
    },
  });
  await member.shop.push('v2', { web: 'web-2' });
  await member.ready();
  // Not by a termination: on this server time may stand still after one.
  await member.vanish();
  await environment.env.sleep('61 seconds');
  expect((await member.reported('failed')).failure?.code).toBe('Aborted');
}, 150_000);
