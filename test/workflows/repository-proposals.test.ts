import { ApplicationFailure } from '@temporalio/common';
import type { RestoreDelayed, RestoreEnded } from '../../src/messages/application';
import { restoreSignal, type QueuedRestoreMessage } from '../../src/messages/repository';
import { workflowQueue } from '../../src/messages/queues';
import type { PullRequest, PullRequestAsk, UnknownForge } from '../../src/ports/forge';
import type { RestoreRequest, RestoreResult } from '../../src/ports/git';
import { listener, toldQuery } from '../support/workflow-bundle';
import { record } from '../support/workflow-histories';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { revisionOf } from '../support/workflow-fakes';

let write: (request: RestoreRequest) => Promise<RestoreResult>;
let open: (ask: PullRequestAsk) => Promise<PullRequest | UnknownForge>;
const written: RestoreRequest[] = [];
const asked: PullRequestAsk[] = [];
let environment: WorkflowEnvironment;

beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    git: {
      restorePath: async (request) => {
        written.push(request);
        return write(request);
      },
      openPullRequest: async (ask) => {
        asked.push(ask);
        return open(ask);
      },
    },
  });
});
afterAll(() => environment.stop());

const pullRequest: PullRequest = {
  ...{ kind: 'pull-request', number: 3, url: 'https://git.example/shop/pulls/3', state: 'open', remarks: [] },
};
const pushed: RestoreResult = { kind: 'pushed', revision: revisionOf('r1'), alsoReverted: [] };
const refusedAs = (why: 'protected' | 'forbidden' | 'hook' | 'unsigned'): RestoreResult => ({
  kind: 'refused',
  why,
  problem: { code: 'Forbidden', message: `refused as ${why}` },
});

let replyTo = '';
let tests = 0;
beforeEach(async () => {
  written.length = 0;
  asked.length = 0;
  tests += 1;
  replyTo = `app/proposer-${tests}`;
  write = async ({ onto }) => (onto === undefined ? refusedAs('protected') : pushed);
  open = async () => pullRequest;
  await environment.client.start(listener, { workflowId: replyTo, taskQueue: workflowQueue });
});

function message(more: Partial<QueuedRestoreMessage> = {}, name = 'k8s'): QueuedRestoreMessage {
  const request: RestoreRequest = {
    repoUrl: 'https://git.example/shop.git',
    branch: 'refs/heads/main',
    paths: [name],
    goodRevision: revisionOf('v1'),
    badRevision: revisionOf('v2'),
    subject: `Revert ${name}`,
    body: 'It failed.',
    trailers: {},
  };
  const proposal = {
    when: 'if-refused',
    head: 'belay/revert/shop-1',
    title: 'Revert shop',
    body: 'It failed.',
    labels: ['rollback'],
    reviewers: ['ada'],
    autoMerge: true,
  } as const;
  return { requestId: `request-${name}`, replyTo, request, proposal, ...more };
}

async function ask(...messages: readonly QueuedRestoreMessage[]) {
  const workflowId = `repo/git.example/shop#main-${tests}`;
  const options = { workflowId, taskQueue: workflowQueue, args: [] };
  let handle;
  for (const each of messages)
    handle = await environment.client.signalWithStart('repository', {
      ...options,
      signal: restoreSignal,
      signalArgs: [each],
    });
  if (handle === undefined) throw new Error('nothing was asked');
  return handle;
}

async function answers(): Promise<readonly (RestoreEnded | RestoreDelayed)[]> {
  return (await environment.client.getHandle(replyTo).query(toldQuery)) as readonly (
    RestoreEnded | RestoreDelayed
  )[];
}

test('a protected branch: the commit goes to a branch of its own, and a pull request asks to merge it', async () => {
  const handle = await ask(message());
  await handle.result();
  expect(written.map(({ onto }) => onto)).toEqual([undefined, 'refs/heads/belay/revert/shop-1']);
  expect(asked).toEqual([
    {
      repoUrl: 'https://git.example/shop.git',
      head: 'belay/revert/shop-1',
      base: 'main',
      title: 'Revert shop',
      body: 'It failed.',
      labels: ['rollback'],
      reviewers: ['ada'],
      autoMerge: true,
    },
  ]);
  expect(await answers()).toMatchObject([
    {
      requestId: 'request-k8s',
      result: { kind: 'proposed', head: 'belay/revert/shop-1', pullRequest, why: 'refused as protected' },
    },
  ]);
  await record('proposed', handle);
});

test.each<[string, 'hook' | 'unsigned' | 'forbidden', string]>([
  ['a hook that refuses leaves the way of a pull request', 'hook', 'proposed'],
  ['a rule of signatures leaves the way of a pull request', 'unsigned', 'proposed'],
  ['a missing permission leaves no way', 'forbidden', 'refused'],
])('%s', async (_name, why, kind) => {
  write = async ({ onto }) => (onto === undefined ? refusedAs(why) : pushed);
  await (await ask(message())).result();
  expect(await answers()).toMatchObject([{ result: { kind } }]);
});

test('where the policy is only to push, a refusal is the answer', async () => {
  const { proposal: _none, ...plain } = message();
  await (await ask(plain)).result();
  expect(await answers()).toMatchObject([{ result: { kind: 'refused', problem: { code: 'Forbidden' } } }]);
  expect(asked).toEqual([]);
});

test('where the policy is a pull request, no push to the branch is tried', async () => {
  const wanted = message();
  const proposal = wanted.proposal && { ...wanted.proposal, when: 'always' as const };
  await (await ask({ ...wanted, ...(proposal && { proposal }) })).result();
  expect(written.map(({ onto }) => onto)).toEqual(['refs/heads/belay/revert/shop-1']);
  expect(await answers()).toMatchObject([{ result: { kind: 'proposed' } }]);
});

test('commits of others that would go back too are for a pull request, and named', async () => {
  const others = [revisionOf('b1')];
  write = async ({ onto }) =>
    onto === undefined ? { kind: 'mixed', revision: revisionOf('v2'), others } : pushed;
  const wanted = message();
  await (await ask({ ...wanted, request: { ...wanted.request, others: 'refuse' } })).result();
  expect(await answers()).toMatchObject([
    { result: { kind: 'proposed', why: expect.stringContaining(revisionOf('b1').slice(0, 12)) } },
  ]);
  expect(written[1]).not.toHaveProperty('others');
});

test('somebody went back before the pull request was written: nothing is opened', async () => {
  write = async ({ onto }) =>
    onto === undefined ? refusedAs('protected') : { kind: 'already', revision: revisionOf('v3') };
  await (await ask(message())).result();
  expect(await answers()).toMatchObject([{ result: { kind: 'already' } }]);
  expect(asked).toEqual([]);
});

test('no forge known: refused, with what to do', async () => {
  open = async () => ({ kind: 'unknown', host: 'git.example' });
  await (await ask(message())).result();
  expect(await answers()).toMatchObject([
    { result: { kind: 'refused', problem: { message: expect.stringContaining('git.example') } } },
  ]);
});

test('what Git does not take now is told, tried again later, and lets the others pass', async () => {
  let isExpired = true;
  write = async ({ paths }) => {
    if (paths[0] === 'api' && isExpired)
      throw ApplicationFailure.create({ type: 'Unauthenticated', message: 'the token has expired' });
    return { ...pushed, revision: revisionOf(`r-${paths.join()}`) };
  };
  const handle = await ask(message({}, 'api'), message({}, 'web'));
  const [delayed] = await eventually(answers, (all) => all.length >= 2);
  expect(delayed).toMatchObject({
    requestId: 'request-api',
    problem: { code: 'Unauthenticated', message: 'the token has expired' },
  });
  expect((await answers())[1]).toMatchObject({ requestId: 'request-web', result: { kind: 'pushed' } });
  isExpired = false;
  await handle.result();
  expect((await answers()).at(-1)).toMatchObject({ requestId: 'request-api', result: { kind: 'pushed' } });
  await record('delayed', handle);
});
