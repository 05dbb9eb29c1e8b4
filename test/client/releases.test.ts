import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { BelayClient } from '../../src/client';
import type { MemberHead, ReleasesState } from '../../src/domain/release/releases-state';
import { defaultReleaseOptions, type ReleaseSpec } from '../../src/domain/release/spec';
import type { ReleaseState } from '../../src/domain/release/state';
import { releaseId, releasesId, releasesWorkflow, releaseWorkflow } from '../../src/messages/release';
import { BelayApp } from '../../src/messages/search-attributes';
import { applicationSpec, bad, good, minutesAgo } from './fixtures/statuses';
import { clientOf, startServer, startWorker } from './fixtures/temporal';

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

const specOf = (name: string, ...members: readonly string[]): ReleaseSpec => ({
  name,
  members: members.map((application, index) => ({
    application,
    dependsOn: members.slice(0, index),
    wave: 0,
  })),
  options: defaultReleaseOptions,
});

const headOf = (application: string, changes: Partial<MemberHead> = {}): MemberHead => ({
  ...{ application, cluster: '8f3c21d0', branch: 'https://git.example/shop.git#refs/heads/main' },
  ...{ head: bad, isBehind: true, isAutomated: true, at: minutesAgo(1) },
  ...changes,
});

/** A name's entity whose newest release is of this number, and under way or not. */
async function startNamed(name: string, number: number, isRunning: boolean): Promise<void> {
  const id = releaseId(name, number);
  const running = { id, since: minutesAgo(1), revisions: {} };
  const state: ReleasesState = {
    ...{ number, members: {}, problems: [], history: [] },
    ...(isRunning ? { running } : {}),
  };
  await start(releasesWorkflow, releasesId(name), name, { name, state });
}

async function startRelease(name: string, number: number): Promise<void> {
  const state: ReleaseState = {
    ...{
      id: releaseId(name, number),
      spec: specOf(name, 'web'),
      phase: 'Progressing',
      message: 'coming out',
    },
    ...{ since: minutesAgo(1), startedAt: minutesAgo(1), members: {}, log: [] },
  };
  await start(releaseWorkflow, releaseId(name, number), name, { state });
}

async function start(type: string, workflowId: string, name: string, input: object): Promise<void> {
  const typedSearchAttributes = [{ key: BelayApp, value: name }];
  await env.client.workflow.start(type, {
    ...{ workflowId, taskQueue: 'belay', args: [input], typedSearchAttributes },
  });
}

test('declares a release whose name was not known, and one that is there anew', async () => {
  for (const name of ['d-api', 'd-web']) await belay.createApplication(applicationSpec(name));
  const spec = specOf('declared', 'd-api', 'd-web');
  expect(await belay.releases.declare(spec)).toEqual({
    message: 'release declared is declared',
    recorded: false,
  });
  const other = { ...spec, options: { ...defaultReleaseOptions, rollback: 'dependents' as const } };
  await belay.releases.declare(other);
  expect((await belay.releases.status('declared')).releases?.file).toEqual(other);
  const { type, searchAttributes } = await env.client.workflow.getHandle(releasesId('declared')).describe();
  expect({ type, app: searchAttributes['BelayApp'] }).toEqual({ type: 'releases', app: ['declared'] });
});

test('does not declare what is no application, or belongs to another release', async () => {
  const release = { release: 'elsewhere', dependsOn: [], wave: 0 };
  await belay.createApplication(applicationSpec('taken', { release }));
  await expect(belay.releases.declare(specOf('wrong', 'nobody', 'taken'))).rejects.toMatchObject({
    code: 'ApplicationNotFound',
    message: 'release wrong names what is no application: nobody',
  });
  await expect(belay.releases.declare(specOf('wrong', 'taken'))).rejects.toMatchObject({
    code: 'Rejected',
    message: 'taken belongs to release elsewhere already, and an application is in one only',
  });
  await expect(belay.releases.status('wrong')).rejects.toMatchObject({ code: 'ReleaseNotFound' });
});

test('asks a name with who asks, and says why it refuses', async () => {
  await startNamed('asked', 0, false);
  const { message } = await belay.releases.start('asked', { reason: 'friday' });
  expect(message).toBe('start by ada@laptop: friday');
  expect((await belay.releases.undo('asked')).message).toBe('undo');
  await expect(belay.releases.retry('asked')).rejects.toMatchObject({
    code: 'Rejected',
    message: 'the newest release did not fail',
    remedy: '`belay release get asked` says how it stands',
  });
  expect((await belay.releases.drop('asked')).message).toBe('release asked is dropped');
});

test('shows the release under way, and one by its number', async () => {
  await startNamed('shown', 2, true);
  await startRelease('shown', 1);
  await startRelease('shown', 2);
  const status = await belay.releases.status('shown');
  expect(status).toMatchObject({
    name: 'shown',
    releases: { number: 2 },
    release: { id: 'release/shown/2' },
  });
  expect(await belay.releases.status('shown/1')).toMatchObject({ release: { id: 'release/shown/1' } });
  await expect(belay.releases.status('shown/9')).rejects.toMatchObject({
    code: 'ReleaseNotFound',
    message: 'there is no release shown/9, or Temporal has forgotten it',
  });
  await expect(belay.releases.status('shown/x')).rejects.toMatchObject({
    message: 'shown/x names no release',
  });
});

test('shows a name whose last release Temporal has forgotten', async () => {
  await startNamed('old', 4, false);
  expect(await belay.releases.status('old')).not.toHaveProperty('release');
});

test('steers the release under way, and says its name', async () => {
  await startNamed('steered', 3, true);
  await startRelease('steered', 3);
  expect(await belay.releases.pause('steered', { reason: 'errors' })).toEqual({
    message: 'steered/3: pause accepted',
    recorded: false,
  });
  await expect(belay.releases.resume('steered')).rejects.toMatchObject({
    code: 'Rejected',
    message: 'steered/3: it is not paused',
    remedy: '`belay release get steered` says how it stands',
  });
  expect((await belay.releases.promote('steered/3')).message).toBe('steered/3: promote accepted');
  expect((await belay.releases.abort('steered')).message).toBe('steered/3: abort accepted');
  await expect(belay.releases.abort('steered/3')).rejects.toMatchObject({
    code: 'NoRelease',
    message: 'release steered/3 is not under way',
  });
  const { release } = await belay.releases.status('steered');
  expect(release?.log[0]?.text).toBe('pause by ada@laptop: errors');
});

test('has nothing to steer where no release is under way, or none is known', async () => {
  await startNamed('idle', 0, false);
  await expect(belay.releases.pause('idle')).rejects.toMatchObject({ code: 'NoRelease' });
  await expect(belay.releases.pause('unknown')).rejects.toMatchObject({
    code: 'ReleaseNotFound',
    message: 'there is no release unknown',
  });
});

test('plans what a release would do from what its members have told and what they run', async () => {
  for (const name of ['p-api', 'p-web', 'p-old']) await belay.createApplication(applicationSpec(name));
  await belay.releases.declare(specOf('planned', 'p-api', 'p-web', 'p-old'));
  const entity = env.client.workflow.getHandle(releasesId('planned'));
  await entity.signal('member', headOf('p-api'));
  await entity.signal('member', headOf('p-web', { isAutomated: false }));
  await entity.signal('member', headOf('p-old', { isBehind: false }));
  expect(await belay.releases.plan('planned')).toEqual({
    name: 'planned',
    problems: [],
    options: defaultReleaseOptions,
    members: [
      {
        ...{ application: 'p-api', wave: 0, dependsOn: [], from: good, to: bad, isAutomated: true },
        goesBack: ['p-web', 'p-api'],
      },
      {
        ...{ application: 'p-web', wave: 1, dependsOn: ['p-api'], from: good, to: bad, isAutomated: false },
        goesBack: ['p-web', 'p-api'],
      },
    ],
    unchanged: ['p-old'],
  });
});

test('plans nothing where members have not told about themselves', async () => {
  await belay.createApplication(applicationSpec('q-api'));
  await belay.releases.declare(specOf('silent', 'q-api'));
  const { problems, members } = await belay.releases.plan('silent');
  expect(members).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual(['no application q-api has told about itself']);
});

test('waits for a release, and gives up in time', async () => {
  await startNamed('awaited', 1, true);
  await startRelease('awaited', 1);
  const isOut = ({ release }: { readonly release?: ReleaseState }) => release?.phase === 'Progressing';
  expect((await belay.releases.waitFor('awaited', isOut, { timeoutMs: 10_000 })).name).toBe('awaited');
  const never = belay.releases.waitFor('awaited', () => false, { timeoutMs: 300, everyMs: 100 });
  await expect(never).rejects.toMatchObject({
    code: 'TimedOut',
    message: 'release awaited was not there after 0.3 s: coming out',
  });
});

test('lists releases by name', async () => {
  await startNamed('listed', 0, false);
  let names: readonly string[] = [];
  while (!names.includes('listed')) names = (await belay.releases.list()).map(({ name }) => name);
  expect(names).toEqual([...names].sort());
});

test('records an abort while no worker is alive, and a worker carries it out later', async () => {
  await startNamed('lonely', 1, true);
  await startRelease('lonely', 1);
  const query = "WorkflowId='release/lonely/1' AND ExecutionStatus='Running'";
  while ((await env.client.workflow.count(query)).count === 0) await belay.releases.list();
  await stopWorker();
  const hasty = await clientOf(env, { answerWithinMs: 2_000 });
  const answer = await hasty.releases.abort('lonely', { reason: 'outage' });
  await hasty.close();
  expect(answer).toEqual({
    recorded: true,
    message:
      'no worker answers: the abort of release/lonely/1 is recorded and will be carried out when a worker is back',
  });
  stopWorker = await startWorker(env);
  await env.client.workflow.getHandle('release/lonely/1').result();
});
