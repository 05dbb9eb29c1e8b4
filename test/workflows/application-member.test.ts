import { WorkflowEnvironment } from '../support/workflow-environment';
import { revisionOf } from '../support/workflow-fakes';
import { openMember } from '../support/workflow-member';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    workflowsPath: require.resolve('../support/workflow-member-bundle'),
  });
});
afterAll(() => environment.stop());

test('a revision comes out up to the gate, and becomes the good one when the release is good', async () => {
  const member = await openMember(environment);
  const { shop } = member;
  await shop.push('v2', { web: 'web-2' });
  const { restores, message } = await member.ready();
  expect(message).toBe('all traffic is on the new version, the old one stands by');
  expect(restores).toEqual([
    {
      repoUrl: shop.spec.source.repoUrl,
      branch: 'refs/heads/main',
      paths: ['k8s'],
      good: revisionOf('v1'),
      bad: revisionOf('v2'),
    },
  ]);
  expect((await shop.status()).state.good?.revision).toBe(revisionOf('v1'));
  await member.tell('commit');
  await member.reported('committed');
  await member.tell('free');
  const { state } = await shop.synced('v2');
  expect(await member.stages()).toEqual(['delivering', 'ready', 'committed']);
  expect(state.release).toBeUndefined();
  expect(state.workloads).toMatchObject({ web: { version: 'web-2', healthy: true } });
  expect(shop.news()).toEqual(['applyRevision before v2', 'applyRevision after v2']);
});

test('it goes back when another member fails: traffic, then objects, then it takes in the revert', async () => {
  const member = await openMember(environment);
  const { shop } = member;
  await shop.push('v2', { web: 'web-2' });
  await member.ready();
  await member.tell('back', 'v2', { reason: 'cart failed' });
  await member.reported('trafficBack');
  expect(await member.heard()).toEqual([expect.stringContaining('cart failed')]);
  await member.tell('restore');
  await member.reported('restored');
  expect(shop.news()).toEqual(['applyRevision before v2', 'applyRevision after v1']);
  await shop.push('r1', { web: 'web-1' });
  await member.tell('settle', 'r1');
  await member.reported('settled');
  await member.tell('free');
  const { state } = await shop.synced('r1');
  expect(await member.stages()).toEqual(['delivering', 'ready', 'trafficBack', 'restored', 'settled']);
  expect(state).toMatchObject({
    quarantine: {},
    lastRevert: { revision: revisionOf('r1'), bad: revisionOf('v2'), good: revisionOf('v1') },
  });
  expect(state.history[0]).toMatchObject({ result: 'reverted' });
  expect(shop.restores).toEqual([]);
});

const crash = { kind: 'failed', failure: { code: 'CrashLoop', sentence: 'web crashed', at: 0 } } as const;

describe('a member that fails', () => {
  test('on its way tells why when its traffic is back, and waits with its objects; the version stays out', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2-bad' });
    await member.tell('deliver');
    const { failure, restores } = await member.reported('failed');
    expect(failure).toMatchObject({
      code: 'CrashLoop',
      sentence: 'web-2-bad does not start',
      workload: 'web',
    });
    expect(restores).toHaveLength(1);
    expect(await member.heard()).toEqual([]);
    await member.tell('back');
    await member.tell('restore');
    await member.reported('restored');
    expect(await member.heard()).toEqual(['pass trafficBack']);
    await shop.push('r1', { web: 'web-1' });
    await member.tell('settle', 'r1');
    await member.reported('settled');
    await member.tell('free', 'r1');
    const { state } = await shop.synced('r1');
    expect(Object.keys(state.quarantine)).toEqual(['web-2-bad']);
    await shop.until((now) => now.state.release === undefined);
    await member.next();
    await shop.push('v3', { web: 'web-2-bad' });
    await member.tell('deliver', 'v3');
    const again = await member.reported('failed');
    expect(again.failure).toMatchObject({
      code: 'Quarantined',
      sentence: 'v3---------- holds the version that failed in v2----------: web-2-bad does not start',
    });
  });

  test.each([
    ['crashes while it stands by', crash, { code: 'CrashLoop', sentence: 'web crashed' }],
    [
      'is aborted by a person while it stands by',
      { kind: 'aborted', by: 'ann', reason: 'odd' } as const,
      { code: 'Aborted', sentence: 'aborted by ann: odd' },
    ],
  ])('after it was ready: it %s', async (_what, outcome, failure) => {
    const member = await openMember(environment);
    await member.shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.play(outcome);
    expect((await member.reported('failed')).failure).toMatchObject(failure);
    expect(Object.keys((await member.shop.status()).state.quarantine)).toEqual(['web-2']);
  });

  test('in one of its workloads takes the others back as well', async () => {
    const member = await openMember(environment, { first: { web: 'web-1', db: 'db-1' } });
    const { shop } = member;
    await shop.push('v2', { web: 'web-2', db: 'db-2-bad' });
    await member.tell('deliver');
    expect((await member.reported('failed')).failure?.workload).toBe('db');
    expect(await member.heard()).toEqual(['abort: another workload of the same revision failed']);
    await member.tell('restore');
    await member.reported('restored');
    expect((await shop.status()).state.workloads).toMatchObject({
      web: { version: 'web-1' },
      db: { version: 'db-1' },
    });
  });

  test('before anything is written tells what a person must mend', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', [{ code: 'InvalidYaml', message: 'not valid YAML', file: 'k8s/a.yaml' }]);
    await member.tell('deliver');
    const { failure } = await member.reported('failed');
    expect(failure).toMatchObject({ code: 'InvalidYaml', sentence: 'k8s/a.yaml: not valid YAML' });
    await member.tell('restore');
    await member.reported('restored');
    expect(shop.news()).toEqual([]);
    expect((await shop.status()).state.quarantine).toEqual({});
  });
});

describe('what a release wants counts whenever it is heard', () => {
  test('twice: it is answered, and done once', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.tellAndHear('deliver');
    expect((await member.reports()).at(-1)?.stage).toBe('ready');
    await member.tell('back');
    await member.tell('back');
    await member.reported('trafficBack');
    await member.tell('restore');
    await member.tell('restore');
    await member.reported('restored');
    await member.tell('restore');
    expect(shop.news()).toEqual(['applyRevision before v2', 'applyRevision after v1']);
    expect(await member.stages()).toEqual(['delivering', 'ready', 'trafficBack', 'restored']);
  });

  test('without what comes before it: objects, or all of it, while it is ready', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    shop.contents['r1'] = { web: 'web-1' };
    await member.tell('settle', 'r1');
    await member.reported('settled');
    expect(await member.stages()).toEqual(['delivering', 'ready', 'trafficBack', 'restored', 'settled']);
    expect((await shop.status()).state.head).toBe(revisionOf('r1'));
  });

  test('commit before it was delivered: it is delivered on the way', async () => {
    const member = await openMember(environment);
    await member.shop.push('v2', { web: 'web-2' });
    await member.tell('commit');
    await member.reported('committed');
    expect(await member.stages()).toEqual(['delivering', 'ready', 'committed']);
  });

  test('the way back before anything came out: at once', async () => {
    const member = await openMember(environment);
    await member.shop.push('v2', { web: 'web-2' });
    await member.tell('back');
    expect((await member.reported('trafficBack')).message).toBe('it had brought nothing out');
    await member.tell('restore');
    await member.reported('restored');
    expect(member.shop.news()).toEqual([]);
  });

  test('the way back while it is on its way: what is coming out is called off', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2-slow' });
    await member.tell('deliver');
    await shop.until(({ rollouts }) => rollouts.length > 0);
    await member.tell('back', 'v2', { reason: 'cart failed' });
    await member.reported('trafficBack');
    const { state } = await shop.status();
    expect(state.quarantine).toEqual({});
    expect(state.history[0]).toMatchObject({
      result: 'aborted',
      message: `${member.release} goes back: cart failed`,
    });
  });

  test('the way back after it was committed: it goes by rollouts, to what was good before', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.tell('commit');
    await member.reported('committed');
    await member.tell('back');
    expect((await member.reported('trafficBack')).message).toContain('it goes back by rollouts');
    await member.tell('restore');
    await member.reported('restored');
    const { state } = await shop.status();
    expect(state.workloads).toMatchObject({ web: { version: 'web-1' } });
    expect(state.good?.revision).toBe(revisionOf('v1'));
  });
});

describe('members without a gate', () => {
  test('one that changes configuration only applies it at once, and takes it back', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    shop.more = { content: 'content of v2' };
    await shop.push('v2', { web: 'web-1' });
    expect((await member.ready()).message).toBe('all of it is out');
    expect(shop.news()).toEqual(['applyRevision before v2']);
    await member.tell('back');
    await member.reported('trafficBack');
    await member.tell('restore');
    await member.reported('restored');
    expect(shop.news()).toEqual(['applyRevision after v1']);
  });

  test('a revision that brings nothing new is told as that, and taken over', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    shop.more = { content: 'same' };
    await shop.push('v2', { web: 'web-1' });
    await member.ready();
    await member.tell('commit');
    await member.reported('committed');
    await member.tell('free');
    await shop.synced('v2');
    await member.next();
    await shop.push('v3', { web: 'web-1' });
    await member.tell('deliver', 'v3');
    await member.reported('unchanged');
    await member.tell('commit', 'v3');
    await member.reported('committed');
    expect((await shop.status()).state.synced).toBe(revisionOf('v3'));
  });

  test('a workload that has none is out before the member is ready, and goes back by a rollout, at once', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    shop.workload = { strategy: { kind: 'rolling' } };
    await shop.push('v2', { web: 'web-2' });
    expect((await member.ready()).message).toBe('all of it is out');
    expect((await shop.status()).state.workloads).toMatchObject({ web: { version: 'web-2' } });
    await member.tell('back');
    await member.reported('trafficBack');
    expect((await shop.status()).state.workloads).toMatchObject({ web: { version: 'web-1' } });
    await member.tell('restore');
    await member.reported('restored');
    expect((await shop.status()).state.workloads).toMatchObject({ web: { version: 'web-1' } });
  });

  test('a first deployment has nothing to go back to: its objects stay', async () => {
    const shop = await openMember(environment, { isNew: true });
    await shop.shop.push('v1', { web: 'web-1' });
    expect((await shop.ready('v1')).unwritable).toContain('first deployment');
    await shop.tell('back', 'v1');
    await shop.reported('trafficBack');
    await shop.tell('restore', 'v1');
    expect((await shop.reported('restored')).message).toBe(
      'its first deployment has nothing to go back to: its objects stay',
    );
  });
});
