import { createForge } from '../../../src/adapters/forge';
import type { Publish } from '../../../src/adapters/git';
import type { RestoreRequest } from '../../../src/ports/git';
import { PortError } from '../../../src/ports/port-error';
import { filesBelow } from '../../support/git-files';
import { serveHttp, type HttpRemote } from '../../support/git-http';
import { commitFiles, createBareRepo, headOf, type BareRepo, type FileSpec } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';
import { serveGithubGit, type GithubGit } from '../../support/github-git';
import { restoreRequest } from '../../support/restore-request';

const variable = 'BELAY_TEST_FORGE_TOKEN';
let repo: BareRepo;
let sandbox: GitSandbox;
let http: HttpRemote;
let github: GithubGit;
let good: string;
let bad: string;
beforeEach(async () => {
  process.env[variable] = 'forge-token-1';
  [repo, sandbox] = await Promise.all([createBareRepo(), createSandbox()]);
  [http, github] = await Promise.all([serveHttp(repo, undefined, '/acme'), serveGithubGit(repo)]);
  good = await commitFiles(repo, { 'web/a.yaml': 'v: 1\n', 'api/a.yaml': 'v: 1\n', README: 'x' });
  bad = await commitFiles(repo, { 'web/a.yaml': 'v: 2\n', 'web/new.yaml': 'n: 1\n', 'api/a.yaml': 'v: 2\n' });
});
afterEach(async () => {
  delete process.env[variable];
  await Promise.all([http.close(), github.close()]);
  await Promise.all([repo.remove(), sandbox.remove()]);
});

const request = (changes: Partial<RestoreRequest> = {}): RestoreRequest =>
  restoreRequest(
    http.url,
    { good, bad },
    { trailers: { 'Belay-App': 'web', 'Belay-Run': 'run-1' }, ...changes },
  );

/** What the worker wires: the real client of GitHub. */
function forge(): Publish {
  const { apiUrl } = github;
  const { publishCommit } = createForge([
    { repo: http.url, kind: 'github', apiUrl, tokenVariable: variable },
  ]);
  return publishCommit;
}
const restore = (changes: Partial<RestoreRequest> = {}, publish = forge()) =>
  sandbox.another({ publish }).writer.restorePath(request(changes));
const count = async (ref = 'main') => Number(await repo.git('rev-list', '--count', ref));
const tree = (revision: string, path = '') => repo.git('rev-parse', `${revision}:${path}`);

test('the forge makes the commit: with our message, on the head, and nothing is pushed', async () => {
  const later = await commitFiles(repo, { 'api/a.yaml': 'v: 9\n' });
  const result = await restore();
  const head = (await headOf(repo)) ?? '';
  expect(result).toEqual({ kind: 'pushed', revision: head, alsoReverted: [] });
  expect(await repo.git('log', '-1', '--format=%P %an %s', head)).toBe(`${later} belay[bot] Restore web`);
  expect(await tree(head, 'web')).toBe(await tree(good, 'web'));
  expect(await tree(head, 'api')).toBe(await tree(later, 'api'));
  const git = sandbox.another();
  const { trailers } = await git.reader.commit(http.url, head);
  expect(trailers).toMatchObject({ 'Belay-App': 'web', 'Belay-Run': 'run-1' });
  expect(await filesBelow(git, http.url, 'web', head)).toEqual({ 'web/a.yaml': 'v: 1\n' });
  expect(http.requests.filter((each) => each.includes('git-receive-pack'))).toEqual([]);
});

test('an answer that is lost leaves exactly one commit', async () => {
  const real = forge();
  const deaf: Publish = async (...args) => {
    await real(...args);
    throw new PortError('no answer', { code: 'Unreachable', retry: 'later' });
  };
  const before = await count();
  await expect(restore({}, deaf)).rejects.toMatchObject({ code: 'Unreachable' });
  expect(await restore()).toMatchObject({ kind: 'pushed', revision: await headOf(repo) });
  expect(await count()).toBe(before + 1);
});

test('a branch that moves meanwhile is looked at again', async () => {
  const real = forge();
  let others = 0;
  const racing: Publish = async (...args) => {
    if (others++ < 2) await commitFiles(repo, { 'api/a.yaml': `v: other ${others}\n` });
    return real(...args);
  };
  expect(await restore({}, racing)).toMatchObject({ kind: 'pushed' });
  expect(others).toBe(3);
  expect(await repo.git('show', 'main:api/a.yaml')).toBe('v: other 2');
  expect(await tree('main', 'web')).toBe(await tree(good, 'web'));
});

test('a fix that somebody pushed meanwhile stays', async () => {
  const real = forge();
  const racing: Publish = async (...args) => {
    await commitFiles(repo, { 'web/a.yaml': 'v: 3\n' });
    return real(...args);
  };
  expect(await restore({}, racing)).toEqual({ kind: 'superseded', revision: await headOf(repo) });
});

test.each<[string, readonly string[], Readonly<Record<string, FileSpec>>]>([
  ['several paths', ['web', 'api/a.yaml'], { 'web/a.yaml': 'v: 3\n', 'api/a.yaml': 'v: 3\n' }],
  [
    'everything',
    ['.'],
    { README: 'y', 'web/a.yaml': null, 'new/b.yaml': 'b', 'new/c': { symlink: 'b.yaml' } },
  ],
  ['directories that the good revision lacks', ['new', 'web'], { 'new/deep/a': 'a', 'new/b': 'b' }],
  ['a file that was a directory', ['web'], { 'web/a.yaml': null, 'web/new.yaml': null, web: 'file\n' }],
  [
    'modes, symlinks and submodules',
    ['web'],
    {
      'web/a.yaml': { content: 'v: 1\n', mode: '100755' },
      'web/link': { symlink: 'a.yaml' },
      'web/module': { submodule: 'a'.repeat(40) },
    },
  ],
  ['odd names', ['web', 'odd "näme" x'], { 'odd "näme" x/ü "q".yaml': 'x', 'web/a.yaml': 'v: 7\n' }],
])('restores %s just as a push does', async (_, paths, files) => {
  bad = await commitFiles(repo, files);
  const pushed = await createSandbox();
  try {
    const onto = 'refs/heads/pushed';
    const byPush = await pushed.git.writer.restorePath(request({ paths, onto }));
    expect(byPush).toMatchObject({ kind: 'pushed' });
    expect(await restore({ paths })).toMatchObject({ kind: 'pushed' });
    expect(await tree('main')).toBe(await tree('pushed'));
    expect(await repo.git('log', '-1', '--format=%P%n%B', 'main')).toBe(
      await repo.git('log', '-1', '--format=%P%n%B', 'pushed'),
    );
  } finally {
    await pushed.remove();
  }
});

test('restores members with revisions of their own in one commit just as a push does', async () => {
  const apiGood = bad;
  bad = await commitFiles(repo, { 'web/a.yaml': 'v: 5\n', 'api/a.yaml': 'v: 5\n', 'api/new.yaml': 'n' });
  const also = [{ paths: ['api'], goodRevision: apiGood, badRevision: bad }];
  expect(await restore({ also })).toMatchObject({ kind: 'pushed' });
  expect(await tree('main', 'web')).toBe(await tree(good, 'web'));
  expect(await tree('main', 'api')).toBe(await tree(apiGood, 'api'));
  expect(await repo.git('rev-parse', 'main^')).toBe(bad);
});

test('makes a branch for a pull request, replaces an old one, and finds its own again', async () => {
  const onto = 'refs/heads/belay/web';
  const first = await restore({ onto });
  expect(first).toMatchObject({ kind: 'pushed', revision: await headOf(repo, 'belay/web') });
  expect(await restore({ onto })).toEqual(first);
  const later = await commitFiles(repo, { 'api/a.yaml': 'v: 9\n' });
  expect(await restore({ onto })).toMatchObject({
    kind: 'pushed',
    revision: await headOf(repo, 'belay/web'),
  });
  expect(await repo.git('rev-parse', 'belay/web^')).toBe(later);
  expect(await headOf(repo)).toBe(later);
});

test('a protected branch is an answer that leaves the way of a pull request', async () => {
  github.refuseMoves(422, 'Repository rule violations found: Changes must be made through a pull request.');
  expect(await restore()).toMatchObject({
    kind: 'refused',
    why: 'protected',
    problem: { code: 'Forbidden', message: expect.stringContaining('through a pull request') },
  });
  expect(await headOf(repo)).toBe(bad);
});

test('a forge that makes no commits is an error that says what to do', async () => {
  const nobody = createForge([]).publishCommit;
  const gitlab = createForge([
    { repo: http.url, kind: 'gitlab', apiUrl: github.apiUrl, tokenVariable: variable },
  ]).publishCommit;
  for (const publish of [nobody, gitlab])
    await expect(restore({}, publish)).rejects.toMatchObject({
      code: 'InvalidSpec',
      message: expect.stringMatching(/makes no commits for Belay; name a GitHub .*"commits"/),
    });
  expect(await headOf(repo)).toBe(bad);
  expect(github.requests).toEqual([]);
});
