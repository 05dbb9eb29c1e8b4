import { ApplicationFailure } from '@temporalio/common';
import * as messages from '../../src/messages/application';
import type { PullRequest } from '../../src/ports/forge';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { done, failed, revisionOf } from '../support/workflow-fakes';
import { openGoodShop, type Shop } from '../support/workflow-shop';

/** Address → its state, as the forge would tell it. */
const forge = new Map<string, PullRequest['state'] | 'gone'>();
const closed: { repoUrl: string; comment: string }[] = [];
let environment: WorkflowEnvironment;

beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    git: {
      resolveBranch: async () => revisionOf('later'),
      lookAtPullRequest: async ({ repoUrl, number }) => {
        const state = forge.get(repoUrl) ?? 'open';
        if (state === 'gone') throw ApplicationFailure.nonRetryable('no such pull request', 'NotFound');
        return { ...pullRequest(repoUrl, number), state };
      },
      closePullRequest: async ({ repoUrl, number, comment }) => {
        closed.push({ repoUrl, comment });
        return { ...pullRequest(repoUrl, number), state: 'closed' };
      },
    },
  });
});
afterAll(() => environment.stop());

function pullRequest(repoUrl: string, number = 7): PullRequest {
  return { kind: 'pull-request', number, url: `${repoUrl}/pulls/${number}`, state: 'open', remarks: [] };
}

const bad = {
  reachWeight: ({ spec }: { spec: { version: string } }) =>
    spec.version.includes('bad') ? failed('pod crashes', 'CrashLoop') : done,
};

/** An application that waits for its pull request. */
async function openProposed(more: Parameters<typeof openGoodShop>[1] = {}): Promise<Shop> {
  const shop = await openGoodShop(environment, {
    scripts: bad,
    spec: { writeBack: 'pull-request-if-protected' },
    restore: ({ repoUrl }) => ({
      kind: 'proposed',
      revision: revisionOf('p1'),
      head: 'belay/revert/x',
      pullRequest: pullRequest(repoUrl),
      why: 'the branch is protected',
    }),
    ...more,
  });
  await shop.push('v2', { web: 'web-bad' });
  await shop.until(({ state, operation }) => state.hold !== undefined && operation === undefined);
  return shop;
}

test('a revert in a pull request holds the application until it is merged; then all is well without a rollout', async () => {
  const shop = await openProposed();
  const { state, held } = await shop.status();
  expect({ held, code: state.hold?.code }).toEqual({ held: true, code: 'AwaitingPullRequest' });
  expect(state.hold?.reason).toContain('/pulls/7');
  expect(shop.cluster.inputs('requestRestore')[0]?.proposal).toMatchObject({
    when: 'if-refused',
    head: expect.stringMatching(
      new RegExp(`^belay/revert/${shop.spec.name}-${revisionOf('v2').slice(0, 12)}-[0-9a-z]+$`),
    ),
    autoMerge: false,
  });
  shop.news();
  await shop.push('merged', { web: 'web-1' });
  const after = await shop.synced('merged');
  expect(after.held).toBe(false);
  expect(after.state.proposals).toBeUndefined();
  expect(after.state.history[0]).toMatchObject({ result: 'reverted', revision: revisionOf('merged') });
  expect(shop.news()).toEqual(['applyRevision after merged']);
  expect(closed.some(({ repoUrl }) => repoUrl === shop.spec.source.repoUrl)).toBe(true);
  await record('pull-request-merged', shop.handle);
});

test('closing the pull request keeps Git as it is, and the application held', async () => {
  const shop = await openProposed();
  forge.set(shop.spec.source.repoUrl, 'closed');
  await environment.env.sleep('20s');
  const { state } = await shop.until((status) => status.state.hold?.code === 'PullRequestClosed');
  expect(state.proposals).toBeUndefined();
  expect(state.good?.revision).toBe(revisionOf('v1'));
});

test('a pull request that is gone counts as closed', async () => {
  const shop = await openProposed();
  forge.set(shop.spec.source.repoUrl, 'gone');
  await environment.env.sleep('20s');
  await shop.until((status) => status.state.hold?.code === 'PullRequestClosed');
});

test('a merged pull request is not asked about again, and its content is awaited', async () => {
  const shop = await openProposed();
  forge.set(shop.spec.source.repoUrl, 'merged');
  await environment.env.sleep('20s');
  const { state } = await shop.until((status) => status.state.proposals?.[0]?.nextLook === undefined);
  expect(state.hold?.code).toBe('AwaitingPullRequest');
  await shop.push('squashed', { web: 'web-1' });
  expect((await shop.synced('squashed')).state.history[0]?.result).toBe('reverted');
});

test('a fix that gets healthy closes the pull request and says why', async () => {
  const shop = await openProposed();
  await shop.push('fix', { web: 'web-2' });
  const { state } = await shop.synced('fix');
  expect(state.proposals).toBeUndefined();
  const comment = closed.find(({ repoUrl }) => repoUrl === shop.spec.source.repoUrl)?.comment;
  expect(comment).toContain(`${shop.spec.name} runs ${revisionOf('fix').slice(0, 12)}`);
});

test('a README on top changes nothing about the wait', async () => {
  const shop = await openProposed();
  await shop.push('readme', { web: 'web-bad' });
  const { state } = await shop.settled('readme');
  expect(state.hold?.code).toBe('AwaitingPullRequest');
  expect(state.proposals).toHaveLength(1);
  expect(shop.restores).toHaveLength(1);
});

test('a retry while the pull request is open tries the bad version again', async () => {
  let isFixed = false;
  const shop = await openProposed({
    scripts: { reachWeight: ({ spec }) => (spec.version === 'web-bad' && !isFixed ? failed() : done) },
  });
  isFixed = true;
  await shop.handle.executeUpdate(messages.retryUpdate, { args: [{ requestedBy: 'ada' }] });
  const { state } = await shop.synced('v2');
  expect(state.proposals).toBeUndefined();
  expect(state.hold).toBeUndefined();
});

test('an undo on a protected branch waits in a pull request, and the cluster with it', async () => {
  const shop = await openGoodShop(environment, {
    restore: ({ repoUrl }) => ({
      kind: 'proposed',
      revision: revisionOf('p1'),
      head: 'belay/revert/x',
      pullRequest: pullRequest(repoUrl),
    }),
  });
  await shop.push('v2', { web: 'web-2' });
  await shop.synced('v2');
  await shop.handle.executeUpdate(messages.undoUpdate, { args: [{ requestedBy: 'ada' }] });
  const { state } = await shop.until((status) => status.state.hold?.code === 'AwaitingPullRequest');
  expect(state.synced).toBe(revisionOf('v2'));
  await shop.push('merged', { web: 'web-1' });
  expect((await shop.synced('merged')).state.proposals).toBeUndefined();
});

describe('a restore that Git does not take now', () => {
  test('is shown with its reason until the writer has answered', async () => {
    const shop = await openGoodShop(environment, {
      scripts: bad,
      restore: () => undefined,
    });
    await shop.push('v2', { web: 'web-bad' });
    await shop.asked('requestRestore v1');
    const [asked] = shop.cluster.inputs('requestRestore');
    const requestId = asked?.requestId ?? '';
    await shop.handle.signal(messages.restoreDelayedSignal, {
      requestId,
      problem: { code: 'Unauthenticated', message: 'the token has expired', remedy: 'renew it' },
    });
    const { operation } = await shop.until(
      (status) => status.operation?.message.includes('expired') === true,
    );
    expect(operation?.message).toContain(
      'Git cannot be written now and is tried again: the token has expired; renew it',
    );
    shop.contents['r1'] = { web: 'web-1' };
    await shop.handle.signal(messages.restoreEndedSignal, {
      requestId,
      result: { kind: 'pushed', revision: revisionOf('r1') },
    });
    await shop.synced('r1');
  });
});

test('a branch that moved while it was written is asked where it is', async () => {
  const shop = await openGoodShop(environment, { scripts: bad, restore: () => undefined });
  await shop.push('v2', { web: 'web-bad' });
  await shop.asked('requestRestore v1');
  const [asked] = shop.cluster.inputs('requestRestore');
  shop.contents['r1'] = { web: 'web-1' };
  shop.contents['later'] = { web: 'web-1' };
  await shop.head('later');
  await shop.handle.signal(messages.restoreEndedSignal, {
    requestId: asked?.requestId ?? '',
    result: { kind: 'pushed', revision: revisionOf('r1') },
  });
  await shop.synced('later');
});
