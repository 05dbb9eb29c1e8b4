import { createForge } from '../../../src/adapters/forge';
import type { CommitAsk, Forge, PullRequestAsk } from '../../../src/ports/forge';
import { addPull, type FakeForge, type Reply } from './support/fake-forge';
import { startFakeGithub } from './support/fake-github';

const tokenVariable = 'BELAY_TEST_GITHUB_TOKEN';
const repoUrl = 'https://forge.example/acme/shop.git';
const head = 'belay/revert/web';
const ask: PullRequestAsk = {
  ...{ repoUrl, head, base: 'main', title: 'Restore web', body: 'It failed.' },
  ...{ labels: [], reviewers: [], autoMerge: false },
};
const [parent, bad, good] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];

let fake: FakeForge;
let forge: Forge;
beforeEach(async () => {
  process.env[tokenVariable] = 't0ken-sentinel';
  fake = await startFakeGithub();
  fake.state.branches.set(head, bad);
  forge = createForge([
    { repo: 'https://forge.example', kind: 'github', apiUrl: fake.apiUrl, tokenVariable },
  ]);
});
afterEach(async () => {
  delete process.env[tokenVariable];
  await fake.close();
});

describe('a pull request', () => {
  test('is not taken for another one where GitHub has not understood which was looked for', async () => {
    const others = [addPull(fake.state, { isOfFork: true }), addPull(fake.state, { head: 'other' })];
    const body = await Promise.all(others.map(({ number }) => listed(number)));
    fake.faults.push({ on: /^GET .*\/pulls$/, reply: { status: 200, body } });
    await forge.openPullRequest(ask);
    expect(fake.state.pulls.map(({ title }) => title)).toEqual(['Old', 'Old', ask.title]);
  });

  test('gets a label that the repository has not had yet', async () => {
    expect(await forge.openPullRequest({ ...ask, labels: ['ops/belay'] })).toMatchObject({ remarks: [] });
    expect(fake.state.labels).toContain('ops/belay');
    expect(fake.state.pulls[0]?.labels).toEqual(['ops/belay']);
  });

  test('does without a label that may not be made, and gets the other one', async () => {
    fake.state.mayCreateLabels = false;
    expect(await forge.openPullRequest({ ...ask, labels: ['new', 'revert'] })).toMatchObject({
      state: 'open',
      remarks: [expect.stringMatching(/^label new could not be set: .*its token may not create labels$/)],
    });
    expect(fake.state.pulls[0]?.labels).toEqual(['revert']);
  });

  test('gets a label that somebody else makes at the same moment', async () => {
    fake.faults.push({ on: /^POST .*\/labels$/, before: () => fake.state.labels.add('new') });
    expect(await forge.openPullRequest({ ...ask, labels: ['new'] })).toMatchObject({ remarks: [] });
    expect(fake.state.pulls[0]?.labels).toEqual(['new']);
  });

  test('is reviewed by a team of its organisation, once; another one is a remark', async () => {
    const reviewers = ['acme/ops', 'other/ops'];
    const expected = { remarks: ['reviewer other/ops could not be asked: it is no team of acme'] };
    expect(await forge.openPullRequest({ ...ask, reviewers })).toMatchObject(expected);
    expect(await forge.openPullRequest({ ...ask, reviewers })).toMatchObject(expected);
    expect(fake.state.pulls[0]?.reviewers).toEqual(['acme/ops']);
  });

  test('is not reviewed again by whom it was', async () => {
    addPull(fake.state, { title: ask.title, body: ask.body, reviews: ['Ada'] });
    const reviewers = ['ada', 'bob', 'acme/ops'];
    expect(await forge.openPullRequest({ ...ask, reviewers })).toMatchObject({ remarks: [] });
    expect(fake.state.pulls[0]?.reviewers).toEqual(['bob']);
  });

  test.each<[string, Reply, string]>([
    ['401', { status: 401, body: { message: 'Requires authentication' } }, 'its token is wrong'],
    ['422', { status: 422, body: { message: 'Could not add requested reviewers' } }, 'Could not add'],
  ])('of whose wishes one is answered with %s is open with a remark', async (_what, reply, remark) => {
    fake.faults.push({ on: /requested_reviewers$/, reply });
    expect(await forge.openPullRequest({ ...ask, reviewers: ['ada'] })).toMatchObject({
      state: 'open',
      remarks: [expect.stringContaining(remark)],
    });
  });

  test('whose wishes meet a limit is found again later', async () => {
    fake.faults.push({ on: /requested_reviewers$/, reply: { status: 403, headers: { 'retry-after': '9' } } });
    const wish = { ...ask, reviewers: ['ada'] };
    await expect(forge.openPullRequest(wish)).rejects.toMatchObject({ code: 'Throttled', afterMs: 9_000 });
    expect(await forge.openPullRequest(wish)).toMatchObject({ state: 'open', remarks: [] });
    expect(fake.state.pulls).toEqual([expect.objectContaining({ reviewers: ['ada'] })]);
  });

  test('that is merged by itself is merged only as it was opened', async () => {
    fake.state.merging = 'clean';
    fake.faults.push({ on: /merge$/, before: () => fake.state.branches.set(head, good) });
    expect(await forge.openPullRequest({ ...ask, autoMerge: true })).toMatchObject({
      state: 'open',
      remarks: [expect.stringContaining('Head branch was modified')],
    });
  });

  test('that GitHub will not have is an error with its reason', async () => {
    fake.state.branches.delete(head);
    await expect(forge.openPullRequest(ask)).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringContaining('Validation Failed: head is invalid'),
    });
  });

  test('of GitHub Enterprise is merged by the API beside /v3', async () => {
    const source = { repo: 'https://forge.example', kind: 'github', tokenVariable } as const;
    addPull(fake.state, { title: ask.title, body: ask.body });
    const pull = fake.state.pulls[0];
    fake.faults.push({
      on: /^GET \/v3\/repos/,
      reply: { status: 200, body: [await listed(pull?.number ?? 0)] },
    });
    const enterprise = createForge([{ ...source, apiUrl: `${fake.apiUrl}/v3` }]);
    await enterprise.openPullRequest({ ...ask, autoMerge: true });
    const asked = fake.seen.map(({ method, path }) => `${method} ${path}`);
    expect(asked.slice(-2)).toEqual(['GET /v3/repos/acme/shop/pulls', 'POST /graphql']);
  });
});

async function listed(number: number): Promise<unknown> {
  const answer = await fetch(`${fake.apiUrl}/repos/acme/shop/pulls/${number}`);
  return answer.json();
}

describe('a commit', () => {
  const commit: CommitAsk = {
    ...{ repoUrl, branch: 'main', expected: parent, parent, baseTree: '1'.repeat(40), tree: '2'.repeat(40) },
    entries: [
      { path: 'web/a.yaml', mode: '100644', id: '3'.repeat(40) },
      { path: 'web/base', mode: '040000', id: '4'.repeat(40) },
      { path: 'web/sub', mode: '160000', id: '5'.repeat(40) },
      { path: 'web/b.yaml', mode: '100755', id: undefined },
    ],
    message: 'Restore web\n\nBelay-Run: run-1\n',
  };
  const branch = (name = 'main') => fake.state.branches.get(name);
  const written = () => fake.seen.filter(({ method }) => method !== 'GET').map(({ body }) => body);

  test('follows the head, is made of what the repository has, and has no author of ours', async () => {
    const published = await forge.publishCommit(commit);
    expect(published).toEqual({ kind: 'published', revision: branch() });
    expect(written()).toEqual([
      {
        base_tree: commit.baseTree,
        tree: [
          { path: 'web/a.yaml', mode: '100644', type: 'blob', sha: '3'.repeat(40) },
          { path: 'web/base', mode: '040000', type: 'tree', sha: '4'.repeat(40) },
          { path: 'web/sub', mode: '160000', type: 'commit', sha: '5'.repeat(40) },
          { path: 'web/b.yaml', mode: '100755', type: 'blob', sha: null },
        ],
      },
      { message: commit.message, tree: commit.tree, parents: [parent] },
      { sha: branch(), force: false },
    ]);
  });

  test('makes a branch where there is to be none', async () => {
    const asked = { ...commit, branch: 'belay/revert/api', expected: undefined };
    expect(await forge.publishCommit(asked)).toEqual({
      kind: 'published',
      revision: branch('belay/revert/api'),
    });
  });

  test('replaces a branch of ours that has what was expected', async () => {
    const published = await forge.publishCommit({ ...commit, branch: head, expected: bad });
    expect(published).toEqual({ kind: 'published', revision: branch(head) });
    expect(written().at(-1)).toMatchObject({ force: true });
  });

  test.each<[string, Partial<CommitAsk>]>([
    ['has moved', { expected: bad }],
    ['is gone', { branch: 'release' }],
    ['is there', { branch: head, expected: undefined }],
  ])('is not made where the branch %s already', async (_what, more) => {
    expect(await forge.publishCommit({ ...commit, ...more })).toEqual({ kind: 'moved' });
    expect(written()).toEqual([]);
  });

  test.each<[string, Partial<CommitAsk>, (name: string) => void]>([
    ['moves', {}, (name) => fake.state.branches.set(name, good)],
    ['vanishes', {}, (name) => fake.state.branches.delete(name)],
    [
      'appears',
      { branch: 'belay/revert/api', expected: undefined },
      (name) => fake.state.branches.set(name, good),
    ],
  ])('is left unseen where the branch %s meanwhile', async (_what, more, change) => {
    const asked = { ...commit, ...more };
    fake.faults.push({ on: /^POST .*\/commits$/, before: () => change(asked.branch) });
    expect(await forge.publishCommit(asked)).toEqual({ kind: 'moved' });
    expect(branch(asked.branch)).not.toBe(`${'e'.repeat(39)}1`);
  });

  test('is not made with another tree than was asked for', async () => {
    await expect(forge.publishCommit({ ...commit, tree: good })).rejects.toMatchObject({
      code: 'Invalid',
      retry: 'never',
    });
    expect(branch()).toBe(parent);
  });

  test('that changes nothing needs no new tree', async () => {
    await forge.publishCommit({ ...commit, entries: [], tree: commit.baseTree });
    expect(written()[0]).toMatchObject({ tree: commit.baseTree });
  });

  test.each<[number, string, string]>([
    [422, 'Changes must be made through a pull request.', 'protected'],
    [403, 'Protected branch update failed for refs/heads/main.', 'protected'],
    [422, 'Repository rule violations found\n\nCannot update this protected ref.', 'protected'],
    [422, 'Repository rule violations found\n\nCommits must have verified signatures.', 'unsigned'],
    [422, 'pre-receive hook declined', 'hook'],
    [403, 'Resource not accessible by integration', 'forbidden'],
    [422, 'Reference update failed', 'other'],
  ])('that is refused with %i "%s" is %s', async (status, message, why) => {
    fake.faults.push({ on: /^PATCH/, reply: { status, body: { message } } });
    expect(await forge.publishCommit(commit)).toEqual({
      kind: 'refused',
      why,
      problem: {
        code: 'Forbidden',
        message: expect.stringContaining('cannot write refs/heads/main of forge.example/acme/shop'),
        value: 'refs/heads/main',
        remedy: expect.any(String),
      },
    });
    expect(branch()).toBe(parent);
  });

  test('whose answer is lost is an error, and is there', async () => {
    fake.faults.push({ on: /^PATCH/, isLost: true });
    await expect(forge.publishCommit(commit)).rejects.toMatchObject({ code: 'Unreachable', retry: 'later' });
    expect(branch()).not.toBe(parent);
    expect(await forge.publishCommit(commit)).toEqual({ kind: 'moved' });
  });

  test('is unknown to forges that sign nothing', async () => {
    const source = {
      repo: 'https://forge.example',
      kind: 'gitlab',
      apiUrl: fake.apiUrl,
      tokenVariable,
    } as const;
    expect(await createForge([source]).publishCommit(commit)).toEqual({
      kind: 'unknown',
      host: 'forge.example',
    });
    expect(await createForge([]).publishCommit(commit)).toMatchObject({ kind: 'unknown' });
    expect(fake.seen).toEqual([]);
  });
});
