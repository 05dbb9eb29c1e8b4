import { WithStartWorkflowOperation } from '@temporalio/client';
import {
  declareUpdate,
  dropUpdate,
  memberGoneSignal,
  memberSignal,
  releaseNowUpdate,
  releasesId,
  releasesQuery,
  retryReleaseUpdate,
  undoReleaseUpdate,
} from '../../src/messages/release';
import { workflowQueue } from '../../src/messages/queues';
import type { MemberHead, ReleasesState } from '../../src/domain/release/releases-state';
import { defaultReleaseOptions, type ReleaseOptions } from '../../src/domain/release/spec';
import { headOf, memberOf, ReleaseLab, restoreOf } from '../support/release-lab';
import { heardQuery, type Script } from '../support/release-bundle';
import { whyNot } from '../support/release-scene';
import { until } from '../support/until';
import { revisionOf } from '../support/workflow-fakes';
import { record } from '../support/workflow-histories';

let lab: ReleaseLab;
beforeAll(async () => {
  lab = await ReleaseLab.start();
}, 120_000);
afterAll(() => lab.stop());

jest.setTimeout(180_000);
let name = '';
beforeEach(() => {
  name = lab.newName();
});

const person = { requestedBy: 'anna' };

function app(short: string): string {
  return `${name}-${short}`;
}

/** A member by annotations; `dependsOn` are short names. */
function head(short: string, dependsOn: readonly string[] = [], more: Partial<MemberHead> = {}): MemberHead {
  const membership = { release: name, dependsOn: dependsOn.map(app), wave: 0 };
  return headOf(app(short), { membership, ...more });
}

/** As an application tells it: the entity is started if it is not there. */
async function tell(...heads: readonly MemberHead[]): Promise<void> {
  for (const each of heads)
    await lab.client.signalWithStart('releases', {
      ...{ workflowId: releasesId(name), taskQueue: workflowQueue, args: [{ name }] },
      ...{ signal: memberSignal, signalArgs: [each] },
    });
}

function entity() {
  return lab.client.getHandle(releasesId(name));
}

function status(): Promise<ReleasesState> {
  return entity().query(releasesQuery);
}

function reaches(fits: (state: ReleasesState) => boolean): Promise<ReleasesState> {
  const look = async (): Promise<ReleasesState | undefined> => {
    const state = await status();
    return fits(state) ? state : undefined;
  };
  return until(`${name} is so far`, look, 60_000);
}

/** So many releases have ended. */
function ended(count: number): Promise<ReleasesState> {
  return reaches(({ history, running }) => history.length === count && running === undefined);
}

async function answering(...scripts: readonly Script[]): Promise<void> {
  await lab.members(scripts);
}

function release(number: number) {
  return `${releasesId(name)}/${number}`;
}

test('members of one branch that tell the same commit come out as one release, in order', async () => {
  await answering({ application: app('web') }, { application: app('api') });
  await tell(head('web', ['api'], { isBehind: false }), head('api', [], { isBehind: false }));
  const next = { head: revisionOf('v3') };
  await tell(head('web', ['api'], next), head('api', [], next));
  const state = await ended(1);
  expect(state.history).toMatchObject([{ id: release(1), phase: 'Healthy' }]);
  expect((await lab.story(release(1))).filter((line) => line.startsWith('deliver'))).toEqual([
    `deliver ${app('api')}`,
    `deliver ${app('web')}`,
  ]);
  await record('good', entity());
});

test('one that does not tell within 5 s is not waited for, and comes out next', async () => {
  await answering({ application: app('web'), deliverMs: 20_000 }, { application: app('api') });
  await tell(head('web', [], { isBehind: false }), head('api', [], { isBehind: false }));
  await tell(head('web', [], { head: revisionOf('v3') }));
  await lab.environment.env.sleep('6s');
  await reaches(({ running }) => running !== undefined);
  expect((await status()).running?.revisions).toEqual({ [app('web')]: revisionOf('v3') });
  await tell(head('api', [], { head: revisionOf('v3') }));
  const waiting = await reaches(({ queued }) => queued !== undefined);
  expect(waiting.queued?.reason).toBe(`${app('api')}: the same commit; it did not tell in time`);
  await lab.environment.env.sleep('1m');
  const state = await ended(2);
  expect(state.queued).toBeUndefined();
  expect(state.history.map(({ phase }) => phase)).toEqual(['Healthy', 'Healthy']);
});

test('a newer commit waits for the release under way, with the reason', async () => {
  await answering({ application: app('web'), deliverMs: 60_000 });
  await tell(head('web'));
  await reaches(({ running }) => running !== undefined);
  await tell(head('web', [], { head: revisionOf('v3') }));
  const state = await reaches(({ queued }) => queued !== undefined);
  expect(state.queued?.reason).toBe(`${app('web')}: a newer commit; ${release(1)} is under way`);
  await lab.environment.env.sleep('5m');
  await ended(2);
  const heard = await lab.client.getHandle(`app/${app('web')}`).query(heardQuery);
  expect(heard.filter(({ want }) => want === 'commit').map(({ revision }) => revision)).toEqual([
    revisionOf('v2'),
    revisionOf('v3'),
  ]);
});

test('or ends it and takes its place, where the members ask for that: no revert, and the new one comes out', async () => {
  await answering({ application: app('web'), hasRollout: true }, { application: app('api') });
  const options: Partial<ReleaseOptions> = { newCommit: 'restart' };
  const member = { release: name, dependsOn: [], wave: 0, options };
  await tell(head('web', [], { membership: member }), head('api'));
  await reaches(({ running }) => running !== undefined);
  await lab.client.getHandle(`app/${app('web')}`).signal('rolled');
  await tell(head('web', [], { membership: member, head: revisionOf('v3') }));
  await tell(head('api', [], { head: revisionOf('v3') }));
  const state = await ended(2);
  expect(state.history[0]).toMatchObject({ id: release(2), phase: 'Healthy' });
  expect(lab.asked).toEqual([]);
});

test('a cycle is shown with its path and nothing is started; mended, it comes out', async () => {
  await answering({ application: app('web') }, { application: app('api') });
  await tell(head('web', ['api']), head('api', ['web']));
  const state = await reaches(({ problems, queued }) => problems.length > 0 && queued !== undefined);
  expect(state.problems[0]?.message).toContain(' → ');
  expect(state.number).toBe(0);
  await tell(head('api'));
  expect((await ended(1)).problems).toEqual([]);
});

test('a dependency in a cluster without a worker is shown, and the release starts when there is one', async () => {
  await answering({ application: app('web') }, { application: app('db') });
  lab.unserved = ['c2'];
  await tell(head('web', ['db'], { isBehind: false }));
  await tell(head('db', [], { cluster: 'c2' }), head('web', ['db']));
  const state = await reaches(({ queued }) => queued !== undefined);
  expect(state.queued?.reason).toContain(`(${app('web')} → ${app('db')})`);
  lab.unserved = [];
  await lab.environment.env.sleep('1m');
  await ended(1);
});

test('what went back does not come out again by itself; retry brings Git forward and says so to the members', async () => {
  await answering({ application: app('web'), answers: { deliver: 'failed' } });
  await tell(head('web'));
  expect((await ended(1)).history[0]).toMatchObject({ phase: 'Degraded' });
  // An application that still sees the failed commit as its head.
  await tell(head('web'));
  await lab.environment.env.sleep('1m');
  expect((await status()).number).toBe(1);
  lab.answer = () => ({ kind: 'pushed', revision: revisionOf('again'), alsoReverted: [] });
  await entity().executeUpdate(retryReleaseUpdate, { args: [person] });
  await until('Git was asked', () => lab.asked.length === 2);
  expect(lab.asked[1]).toMatchObject({
    replyTo: releasesId(name),
    request: {
      goodRevision: revisionOf('v2'),
      badRevision: revisionOf('revert'),
      trailers: { 'Belay-Reason': 'Retry' },
    },
  });
  await tell(head('web', [], { head: revisionOf('again') }));
  await ended(2);
  const heard = await lab.client.getHandle(`app/${app('web')}`).query(heardQuery);
  const retried = heard.filter(({ release: id, want }) => id === release(2) && want === 'deliver');
  expect(retried[0]).toMatchObject({ isRetry: true, revision: revisionOf('again') });
  await record('retry', entity());
});

test('undo takes the last good release back in Git, and the members follow as a release', async () => {
  await answering({ application: app('web') });
  await tell(head('web', [], { isBehind: false }));
  const early = entity().executeUpdate(undoReleaseUpdate, { args: [person] });
  expect(await whyNot(early)).toContain('no release has ended well yet');
  await tell(head('web'));
  await ended(1);
  await entity().executeUpdate(undoReleaseUpdate, { args: [person] });
  await until('Git was asked', () => lab.asked.length === 1);
  const { paths, goodRevision, badRevision } = lab.asked[0]?.request ?? {};
  const { paths: all, good, bad } = restoreOf(app('web'));
  expect({ paths, goodRevision, badRevision }).toEqual({ paths: all, goodRevision: good, badRevision: bad });
  await tell(head('web', [], { head: revisionOf('revert') }));
  expect((await ended(2)).history[0]).toMatchObject({ phase: 'Healthy' });
});

test('members without automated sync come out when somebody asks', async () => {
  await answering({ application: app('web') }, { application: app('api') });
  await tell(head('web', ['api']), head('api', [], { isAutomated: false }));
  const state = await reaches(({ queued }) => queued !== undefined);
  expect(state.queued?.reason).toContain(app('api'));
  await entity().executeUpdate(releaseNowUpdate, { args: [person] });
  await ended(1);
  expect(await whyNot(entity().executeUpdate(releaseNowUpdate, { args: [person] }))).toContain(
    'no member is behind',
  );
});

test('a release file declares it: refused with the path of a cycle, members are told, and told when it is dropped', async () => {
  const file = (...members: ReturnType<typeof memberOf>[]) => ({
    name,
    members,
    options: defaultReleaseOptions,
  });
  await answering({ application: app('web') }, { application: app('api') });
  const declare = (spec: ReturnType<typeof file>) =>
    lab.client.executeUpdateWithStart(declareUpdate, {
      args: [spec],
      startWorkflowOperation: new WithStartWorkflowOperation('releases', {
        ...{ workflowId: releasesId(name), taskQueue: workflowQueue, args: [{ name }] },
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
  const good = file(memberOf(app('web'), app('api')), memberOf(app('api')));
  await declare(good);
  const broken = file(memberOf(app('web'), app('api')), memberOf(app('api'), app('web')));
  expect(await whyNot(declare(broken))).toContain(`${app('web')} → ${app('api')} → ${app('web')}`);
  await reaches(({ problems }) => problems.length === 2); // nobody has told
  await tell(headOf(app('web')), headOf(app('api')));
  expect((await ended(1)).problems).toEqual([]);
  await entity().executeUpdate(dropUpdate, { args: [person] });
  for (const each of ['web', 'api']) await entity().signal(memberGoneSignal, { application: app(each) });
  await until('it has ended', async () => (await entity().describe()).status.name === 'COMPLETED');
});

test('a release that was terminated is given up, and does not come out again by itself', async () => {
  await answering({ application: app('web'), hasRollout: true });
  await tell(head('web'));
  const { running } = await reaches((state) => state.running !== undefined);
  await lab.environment.terminate(lab.client.getHandle(running?.id ?? ''));
  await lab.environment.env.sleep('2m');
  const state = await ended(1);
  expect(state.history[0]).toMatchObject({ phase: 'Held', message: expect.stringContaining('terminated') });
  expect(state.number).toBe(1);
});
