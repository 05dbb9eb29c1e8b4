import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { defaultTimeouts } from '../../../src/adapters/git/git-env';
import { createMirrors } from '../../../src/adapters/git/mirror';
import { filesBelow } from '../../support/git-files';
import { commitAll, commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';

let repo: BareRepo;
let sandbox: GitSandbox;
beforeEach(async () => ([repo, sandbox] = await Promise.all([createBareRepo(), createSandbox()])));
afterEach(() => Promise.all([repo.remove(), sandbox.remove()]));

const manifest = 'kind: ConfigMap\n';

describe('resolve', () => {
  test('finds branches, tags, full refs, HEAD and commit ids', async () => {
    const first = await commitFiles(repo, { a: '1' });
    const second = await commitFiles(repo, { a: '2' });
    const other = await commitFiles(repo, { b: '1' }, { branch: 'team/feature' });
    await repo.git('tag', 'light', first);
    await repo.git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'tag', '-am', 'x', 'v1.0.0', first);
    await repo.git('branch', 'both', second);
    await repo.git('tag', 'both', first);
    const main = { revision: second, branch: 'refs/heads/main' };
    const { reader } = sandbox.git;
    const answers = await Promise.all(
      [
        'main',
        'HEAD',
        'refs/heads/main',
        'team/feature',
        'light',
        'v1.0.0',
        'refs/tags/v1.0.0',
        'both',
        'refs/tags/both',
        first.toUpperCase(),
      ].map((target) => reader.resolve(repo.url, target)),
    );
    expect(answers).toEqual([
      main,
      main,
      main,
      { revision: other, branch: 'refs/heads/team/feature' },
      { revision: first },
      { revision: first },
      { revision: first },
      { revision: second, branch: 'refs/heads/both' },
      { revision: first },
      { revision: first },
    ]);
  });

  test('takes the highest tag of a range, peeled, and never as a branch', async () => {
    const commits = await commitAll(
      repo,
      Array.from({ length: 6 }, (_, index) => ({ files: { a: `${index}` } })),
    );
    const tags = ['v1.2.0', '1.10.0', '1.9.0', '2.0.0-rc.1', 'latest', 'prod/1.99.0'];
    for (const [index, tag] of tags.entries()) await repo.git('tag', tag, commits[index] ?? '');
    await repo.git(
      ...['-c', 'user.name=A', '-c', 'user.email=a@example.com'],
      ...['tag', '-am', 'x', '1.11.0', commits[0] ?? ''],
    );
    await repo.git('branch', '1.9.x', commits[5] ?? '');
    const rows: readonly (readonly [string, number])[] = [
      ['1.*', 0],
      ['refs/tags/1.*', 0],
      ['1.x', 0],
      ['>=1.2 <1.11', 1],
      ['~1.9', 2],
      ['^1.2.0, !=1.11.0, !=1.10.0', 2],
      ['>=2.0.0-0', 3],
      ['=1.2.0', 0],
    ];
    const answers = await Promise.all(rows.map(([target]) => sandbox.git.reader.resolve(repo.url, target)));
    expect(answers).toEqual(rows.map(([, index]) => ({ revision: commits[index] })));
    // What is called just so is meant itself: only a branch can be written back.
    const branch = { revision: commits[5], branch: 'refs/heads/1.9.x' };
    expect(await sandbox.git.reader.resolve(repo.url, '1.9.x')).toEqual(branch);
  });

  test.each([
    ['missing', 'RevisionNotFound', /^branch or tag missing does not exist in file:\/\//],
    ['feature', 'RevisionNotFound', /branch or tag feature/],
    ['refs/pull/1/head', 'RevisionNotFound', /^refs\/pull\/1\/head does not exist/],
    ['0123abc', 'InvalidSpec', /0123abc is a shortened commit id.*all 40 digits/],
    ['1.*', 'RevisionNotFound', /^no tag of file:.* is a version in the range 1\.\*; push a tag/],
    ['1.* or so', 'InvalidSpec', /not a name that Git allows/],
    ['--upload-pack=id', 'InvalidSpec', /not a name that Git allows/],
    ['a..b', 'InvalidSpec', /not a name that Git allows/],
    ['', 'InvalidSpec', /not a name that Git allows/],
  ])('refuses %j as %s', async (target, code, message) => {
    await commitFiles(repo, { a: '1' }, { branch: 'team/feature' });
    await expect(sandbox.git.reader.resolve(repo.url, target)).rejects.toMatchObject({
      code,
      retry: 'never',
      message: expect.stringMatching(message),
    });
  });

  test('says that an empty repository has no default branch', async () => {
    await expect(sandbox.git.reader.resolve(repo.url, 'HEAD')).rejects.toMatchObject({
      code: 'RevisionNotFound',
    });
  });

  test('says that a repository does not exist', async () => {
    await expect(sandbox.git.reader.resolve(`${repo.url}-gone`, 'main')).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  test.each(['ext::sh -c touch% x', 'https://me:secret@example.com/r', '../relative'])(
    'refuses the URL %s',
    async (url) => {
      const error: unknown = await sandbox.git.reader.resolve(url, 'main').catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'InvalidSpec' });
      expect(String(error)).not.toContain('secret');
    },
  );
});

describe('files', () => {
  test('are read below a path, whatever they are called and hold', async () => {
    const revision = await commitFiles(repo, {
      'k8s/web.yaml': manifest,
      'k8s/sub dir/über.yml': 'a: 1\n',
      'k8s/values.json': '{}',
      'other/api.yaml': 'no: 1\n',
      'k8s/vendor': { submodule: '0123456789012345678901234567890123456789' },
    });
    expect(await filesBelow(sandbox.git, repo.url, './k8s/', revision)).toEqual({
      'k8s/sub dir/über.yml': 'a: 1\n',
      'k8s/values.json': '{}',
      'k8s/web.yaml': manifest,
    });
    expect(Object.keys(await filesBelow(sandbox.git, repo.url, '.', revision))).toHaveLength(4);
  });

  test('fetches no contents but those it reads', async () => {
    const revision = await commitFiles(repo, {
      'k8s/a.yaml': 'a: 1\n',
      'big/b.yaml': 'b: 1\n',
      'c.bin': 'c',
    });
    const { mirror } = await mirrorOf(revision);
    expect(await mirror(`${revision}:k8s/a.yaml`)).toMatch(/ blob /);
    expect(await mirror(`${revision}:big/b.yaml`)).toMatch(/ missing$/);
    expect(await mirror(`${revision}:c.bin`)).toMatch(/ missing$/);
  });

  async function mirrorOf(revision: string) {
    await filesBelow(sandbox.git, repo.url, 'k8s', revision);
    const opened = await createMirrors({ dir: sandbox.dir, timeouts: defaultTimeouts })(repo.url);
    return {
      mirror: async (name: string) =>
        (await opened.local(['cat-file', '--batch-check'], { input: `${name}\n` })).trim(),
    };
  }

  test('reads a server that knows no partial clones', async () => {
    await repo.git('config', 'uploadpack.allowFilter', 'false');
    const revision = await commitFiles(repo, { 'k8s/a.yaml': 'a: 1\n' });
    const next = await commitFiles(repo, { 'k8s/a.yaml': 'a: 2\n' });
    expect(await filesBelow(sandbox.git, repo.url, 'k8s', revision)).toEqual({ 'k8s/a.yaml': 'a: 1\n' });
    expect(await filesBelow(sandbox.git, repo.url, 'k8s', next)).toEqual({ 'k8s/a.yaml': 'a: 2\n' });
  });

  test('answers from the mirror while the remote is away', async () => {
    const revision = await commitFiles(repo, { 'k8s/a.yaml': manifest });
    const before = await filesBelow(sandbox.git, repo.url, 'k8s', revision);
    await repo.remove();
    expect(before).toEqual({ 'k8s/a.yaml': manifest });
    expect(await filesBelow(sandbox.git, repo.url, 'k8s', revision)).toEqual(before);
    expect(await filesBelow(sandbox.another(), repo.url, 'k8s', revision)).toEqual(before);
  });

  test('starts again when the mirrors are deleted', async () => {
    const revision = await commitFiles(repo, { 'k8s/a.yaml': manifest });
    await filesBelow(sandbox.git, repo.url, 'k8s', revision);
    await rm(sandbox.dir, { recursive: true });
    for (const git of [sandbox.git, sandbox.another()])
      expect(await filesBelow(git, repo.url, 'k8s', revision)).toEqual({ 'k8s/a.yaml': manifest });
  });

  test('several processes share a new mirror', async () => {
    const revisions = await commitAll(
      repo,
      Array.from({ length: 8 }, (_, i) => ({ files: { 'k8s/a.yaml': `a: ${i}\n` } })),
    );
    const contents = await Promise.all(
      revisions.map((revision) => filesBelow(sandbox.another(), repo.url, 'k8s', revision)),
    );
    expect(contents).toEqual(revisions.map((_, i) => ({ 'k8s/a.yaml': `a: ${i}\n` })));
  });

  test('refuses a path above the repository, and what is no commit id', async () => {
    const revision = await commitFiles(repo, { 'k8s/a.yaml': '' });
    const read = (path: string, at: string) => filesBelow(sandbox.git, repo.url, path, at);
    await expect(read('../k8s', revision)).rejects.toMatchObject({ code: 'InvalidSpec' });
    await expect(read('k8s', '--output=x')).rejects.toMatchObject({ code: 'InvalidSpec' });
    await expect(read('k8s', '0'.repeat(39) + '1')).rejects.toMatchObject({ code: 'RevisionNotFound' });
  });

  test('survives file names that are not UTF-8', async () => {
    await commitFiles(repo, { 'k8s/a.yaml': manifest });
    const blob = await repo.git('rev-parse', 'main:k8s/a.yaml');
    const tree = treeWithRawName(blob);
    const revision = await repo.git(
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@b',
      'commit-tree',
      '-m',
      'x',
      tree,
    );
    await repo.git('update-ref', 'refs/heads/raw', revision);
    const files = await filesBelow(sandbox.git, repo.url, '.', revision);
    expect(files).toEqual({ '\ufffd.yaml': manifest });
  });

  function treeWithRawName(blob: string): string {
    const input = Buffer.concat([
      Buffer.from(`100644 blob ${blob}\t`),
      Buffer.from([0xe9]),
      Buffer.from('.yaml\0'),
    ]);
    return execFileSync('git', ['mktree', '-z'], { cwd: repo.dir, input }).toString().trim();
  }

  test('reads 2000 files with one transfer, and stops when told', async () => {
    const files = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k8s/${i}.yaml`, `i: ${i}\n`]));
    const revision = await commitFiles(repo, files);
    expect(await filesBelow(sandbox.git, repo.url, 'k8s', revision)).toEqual(files);
    const stop = AbortSignal.abort(new Error('told to stop'));
    const stopped = filesBelow(sandbox.another(), repo.url, 'k8s', revision, stop);
    await expect(stopped).rejects.toThrow('told to stop');
  });
});

test('reads author, subject, time and trailers of a commit', async () => {
  const revision = await commitFiles(
    repo,
    { a: '1' },
    {
      author: { name: 'Żaneta', email: 'z@example.com' },
      message:
        'Fix it\n\nBody: not a trailer\nreally\n\nBelay-Run: app/web\n 7\nCo-authored-by: A <a@b>\nCo-authored-by: B <b@b>\n',
      time: 1_700_000_000,
    },
  );
  expect(await sandbox.git.reader.commit(repo.url, revision)).toEqual({
    revision,
    subject: 'Fix it',
    authorName: 'Żaneta',
    authorEmail: 'z@example.com',
    authoredAt: 1_700_000_000_000,
    trailers: { 'Belay-Run': 'app/web 7', 'Co-authored-by': 'A <a@b>\nB <b@b>' },
  });
});
