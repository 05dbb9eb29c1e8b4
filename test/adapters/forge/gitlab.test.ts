import { createForge } from '../../../src/adapters/forge';
import type { Forge, PullRequestAsk } from '../../../src/ports/forge';
import { addPull, type FakeForge } from './support/fake-forge';
import { startFakeGitlab } from './support/fake-gitlab';

const tokenVariable = 'BELAY_TEST_GITLAB_TOKEN';
const repoUrl = 'git@forge.example:acme/shop.git';
const head = 'belay/revert/web';
const ask: PullRequestAsk = {
  ...{ repoUrl, head, base: 'main', title: 'Restore web', body: 'It failed.' },
  ...{ labels: [], reviewers: [], autoMerge: false },
};

let fake: FakeForge;
let forge: Forge;
beforeEach(async () => {
  process.env[tokenVariable] = 't0ken-sentinel';
  fake = await startFakeGitlab();
  fake.state.branches.set(head, 'b'.repeat(40));
  forge = createForge([
    { repo: 'https://forge.example', kind: 'gitlab', apiUrl: fake.apiUrl, tokenVariable },
  ]);
});
afterEach(async () => {
  delete process.env[tokenVariable];
  await fake.close();
});

test('a merge request is opened so that its branch goes with it', async () => {
  await forge.openPullRequest(ask);
  expect(fake.seen.at(-1)).toMatchObject({
    headers: { authorization: 'Bearer t0ken-sentinel' },
    body: { source_branch: head, target_branch: 'main', remove_source_branch: true },
  });
});

test('a label that the project has not had yet is made by GitLab', async () => {
  expect(await forge.openPullRequest({ ...ask, labels: ['new', 'revert'] })).toMatchObject({ remarks: [] });
  expect(fake.state.pulls[0]?.labels).toEqual(['new', 'revert']);
});

test('a label that GitLab silently leaves out is a remark', async () => {
  fake.state.mayCreateLabels = false;
  expect(await forge.openPullRequest({ ...ask, labels: ['new', 'revert'] })).toMatchObject({
    remarks: ['label new could not be set: GitLab did not take it'],
  });
});

test('who reviews already is kept', async () => {
  addPull(fake.state, { title: ask.title, body: ask.body, reviewers: ['bob'] });
  expect(await forge.openPullRequest({ ...ask, reviewers: ['Ada', 'ada'] })).toMatchObject({
    remarks: [expect.stringContaining('reviewer Ada')],
  });
  expect(fake.state.pulls[0]?.reviewers).toEqual(['bob', 'ada']);
});

test('a reviewer whom an edition with one reviewer drops is a remark', async () => {
  fake.faults.push({
    on: /^PUT/,
    reply: { status: 200, body: { iid: 7, reviewers: [{ id: 0, username: 'ada' }] } },
  });
  expect(await forge.openPullRequest({ ...ask, reviewers: ['ada', 'bob'] })).toMatchObject({
    remarks: ['reviewer bob could not be asked: GitLab did not take them'],
  });
});

test('it is merged by itself only as it was opened, and when GitLab knows whether it can be', async () => {
  fake.state.merging = 'clean';
  expect(await forge.openPullRequest({ ...ask, autoMerge: true })).toMatchObject({ state: 'merged' });
  expect(fake.seen.at(-1)).toMatchObject({
    method: 'PUT',
    body: { auto_merge: true, merge_when_pipeline_succeeds: true, sha: 'b'.repeat(40) },
  });
  expect(fake.seen.filter(({ path }) => path.endsWith('/merge'))).toHaveLength(1);
});

test('one that is being merged is still open', async () => {
  const { number } = addPull(fake.state);
  fake.faults.push({
    on: /^GET/,
    reply: { status: 200, body: { iid: number, web_url: 'https://forge.example/7', state: 'locked' } },
  });
  expect(await forge.pullRequest(repoUrl, number)).toMatchObject({ number, state: 'open' });
});
