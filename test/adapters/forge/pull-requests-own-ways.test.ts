import { createForge } from '../../../src/adapters/forge';
import type { ForgeKind } from '../../../src/adapters/forge/source';
import type { Forge, PullRequestAsk } from '../../../src/ports/forge';
import { startFakeBitbucketCloud } from './support/fake-bitbucket-cloud';
import { startFakeBitbucketServer } from './support/fake-bitbucket-server';
import { addPull, type FakeForge } from './support/fake-forge';
import { startFakeGitea } from './support/fake-gitea';

/** What only one kind of forge does. */
const tokenVariable = 'BELAY_TEST_OWN_WAYS_TOKEN';
beforeEach(() => (process.env[tokenVariable] = 't0ken-sentinel'));
afterEach(() => delete process.env[tokenVariable]);

let fake: FakeForge;
let forge: Forge;
afterEach(() => fake.close());

const head = 'belay/revert/web';
const ask: PullRequestAsk = {
  ...{
    repoUrl: 'https://forge.example/acme/shop.git',
    head,
    base: 'main',
    title: 'Restore',
    body: 'It failed.',
  },
  ...{ labels: [], reviewers: [], autoMerge: false },
};
async function start(kind: ForgeKind, starting: Promise<FakeForge>): Promise<void> {
  fake = await starting;
  fake.state.branches.set(head, 'b'.repeat(40));
  forge = createForge([{ repo: 'https://forge.example', kind, apiUrl: fake.apiUrl, tokenVariable }]);
}
const asked = () => fake.seen.map(({ method, path }) => `${method} ${path}`);
const refused = (status: number) => ({ status, body: { message: 'No' } });

describe('Gitea', () => {
  beforeEach(() => start('gitea', startFakeGitea()));

  test('is asked for all pages of what is open, also where it gives less than asked for', async () => {
    const { number } = addPull(fake.state);
    for (let index = 0; index < 45; index++) addPull(fake.state, { head: `other-${index}` });
    fake.state.pulls.reverse();
    expect(await forge.openPullRequest(ask)).toMatchObject({ number });
    expect(asked().filter((each) => each.endsWith('/pulls'))).toHaveLength(3);
  });

  test('gets a label that it does not know', async () => {
    expect(await forge.openPullRequest({ ...ask, labels: ['belay'] })).toMatchObject({ remarks: [] });
    expect(fake.state.pulls[0]?.labels).toEqual(['belay']);
  });

  test('that takes no new labels is told about the others only', async () => {
    fake.state.mayCreateLabels = false;
    expect(await forge.openPullRequest({ ...ask, labels: ['belay', 'revert'] })).toMatchObject({
      remarks: [expect.stringMatching(/^label belay could not be set: .*its token may not create labels$/)],
    });
    expect(fake.state.pulls[0]?.labels).toEqual(['revert']);
  });

  test('that looks for conflicts is asked again to merge', async () => {
    await forge.openPullRequest({ ...ask, autoMerge: true });
    const merges = fake.seen.filter(({ path }) => path.endsWith('/merge'));
    const wish = { Do: 'squash', merge_when_checks_succeed: true, delete_branch_after_merge: true };
    expect(merges.map(({ body }) => body)).toEqual([wish, wish]);
  });

  test('that is away while a label is set is an error, and then all is made good', async () => {
    fake.faults.push({ on: /^POST .*\/issues\/\d+\/labels$/, reply: { status: 503 } });
    const wish = { ...ask, labels: ['revert'] };
    await expect(forge.openPullRequest(wish)).rejects.toMatchObject({ code: 'Unreachable', retry: 'later' });
    expect(await forge.openPullRequest(wish)).toMatchObject({ remarks: [] });
    expect(fake.state.pulls).toEqual([expect.objectContaining({ labels: ['revert'] })]);
  });
});

describe('Bitbucket Cloud', () => {
  beforeEach(() => start('bitbucket-cloud', startFakeBitbucketCloud()));

  test('keeps the reviewers that people have added, and takes ids of both forms', async () => {
    addPull(fake.state, { reviewers: ['bob'] });
    await forge.openPullRequest({ ...ask, reviewers: ['{ada}'] });
    expect(fake.state.pulls).toEqual([
      expect.objectContaining({ title: ask.title, body: ask.body, reviewers: ['bob', 'ada'] }),
    ]);
  });

  test('removes the branch after a merge, and says what it has not', async () => {
    const wish = { ...ask, labels: ['revert', 'belay'], autoMerge: true };
    expect(await forge.openPullRequest(wish)).toMatchObject({
      remarks: [
        'labels revert, belay could not be set: Bitbucket has none',
        'auto-merge could not be enabled: Bitbucket Cloud has none in its API',
      ],
    });
    const [opening] = fake.seen.filter(({ method }) => method === 'POST');
    expect(opening?.body).toMatchObject({ close_source_branch: true });
  });

  test('that cannot decline is an error', async () => {
    const { number } = addPull(fake.state);
    const on = /^POST .*\/decline$/;
    fake.faults.push({ on, reply: refused(409) }, { on, reply: refused(409) });
    const closing = forge.closePullRequest(ask.repoUrl, number, 'x');
    await expect(closing).rejects.toMatchObject({ code: 'Invalid', retry: 'never' });
  });
});

describe('Bitbucket Data Center', () => {
  beforeEach(() => start('bitbucket-server', startFakeBitbucketServer()));
  const put = /^PUT .*\/pull-requests\/\d+$/;

  test('is asked again from the latest version when somebody else was quicker', async () => {
    addPull(fake.state, { reviewers: ['bob'] });
    fake.faults.push({ on: put, reply: refused(409) });
    expect(await forge.openPullRequest(ask)).toMatchObject({ state: 'open' });
    expect(asked().filter((each) => put.test(each))).toHaveLength(2);
    expect(fake.state.pulls).toEqual([expect.objectContaining({ title: ask.title, reviewers: ['bob'] })]);
  });

  test('that says so for ever is an error', async () => {
    addPull(fake.state);
    for (let times = 0; times < 4; times++) fake.faults.push({ on: put, reply: refused(409) });
    await expect(forge.openPullRequest(ask)).rejects.toMatchObject({ code: 'Invalid', retry: 'never' });
  });

  test('is asked for branches beside the rest of its API', async () => {
    const { number } = addPull(fake.state);
    await forge.closePullRequest(ask.repoUrl, number, 'x');
    expect(asked()).toContain('DELETE /rest/branch-utils/latest/projects/ACME/repos/shop/branches');
  });

  test('that answers 401 for a lack of permission keeps the pull request', async () => {
    fake.faults.push({ on: /\/participants$/, reply: refused(401) });
    expect(await forge.openPullRequest({ ...ask, reviewers: ['ada'] })).toMatchObject({
      state: 'open',
      remarks: [expect.stringContaining('reviewer ada could not be asked')],
    });
  });
});
