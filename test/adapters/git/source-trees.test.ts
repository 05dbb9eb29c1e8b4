import { lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anonymous } from '../../../src/adapters/git';
import { defaultTimeouts } from '../../../src/adapters/git/git-env';
import { createMirrors } from '../../../src/adapters/git/mirror';
import { CommitListings } from '../../../src/adapters/git/commit-listing';
import { createSourceTrees } from '../../../src/adapters/git/source-trees';
import type { GitEntry, SourceTrees } from '../../../src/ports/git';
import type { PortError } from '../../../src/ports/port-error';
import { commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';

let repo: BareRepo;
let sandbox: GitSandbox;
let revision: string;
let dir: string;
beforeAll(async () => {
  [repo, sandbox] = [await createBareRepo(), await createSandbox()];
  dir = await mkdtemp(join(tmpdir(), 'belay-materialise-'));
  revision = await commitFiles(repo, {
    'app/a.yaml': 'a',
    'app/run.sh': { content: '#!/bin/sh\n', mode: '100755' },
    'app/link': { symlink: '../lib/b.yaml' },
    'app/lfs.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    'app/module': { submodule: '1'.repeat(40) },
    'app/[x]*.yaml': 'glob',
    'lib/b.yaml': 'b',
    'large/a.bin': Buffer.alloc(33 << 20),
  });
});
afterAll(async () => {
  await Promise.all([repo.remove(), sandbox.remove()]);
  await rm(dir, { recursive: true, force: true });
});

/** Trees of a mirror of their own: all at once, or path by path as for a large repository. */
async function treesOf(size: string): Promise<SourceTrees> {
  const own = await mkdtemp(join(sandbox.dir, 'own-'));
  const mirrors = createMirrors({ dir: own, timeouts: defaultTimeouts });
  return createSourceTrees(mirrors, anonymous, new CommitListings(size === 'large' ? 3 : 1000));
}

const at = () => ({ repoUrl: repo.url, revision });

test.each(['small', 'large'])(
  'tells ids of trees and files of a %s repository whose mirror holds nothing yet',
  async (size) => {
    const trees = await treesOf(size);
    const ids = await trees.ids(at(), ['.', 'app', 'lib/b.yaml', 'app/[x]*.yaml', 'none', 'app/a.yaml/x']);
    const expected = ['', 'app', 'lib/b.yaml', 'app/[x]*.yaml'].map((path) =>
      repo.git('rev-parse', `${revision}:${path}`),
    );
    expect(ids).toEqual([...(await Promise.all(expected)), undefined, undefined]);
    await expect(trees.ids({ ...at(), revision: '2'.repeat(40) }, ['.'])).rejects.toMatchObject({
      code: 'RevisionNotFound',
    });
  },
);

test.each(['small', 'large'])('lists what lies at paths of a %s repository, and below', async (size) => {
  const trees = await treesOf(size);
  const shallow = await trees.list(at(), ['app', 'lib/b.yaml', 'none'], { deep: false });
  expect(shallow.map(({ path, mode }) => [path, mode])).toEqual([
    ['app', '040000'],
    ['lib/b.yaml', '100644'],
  ]);
  const deep = await trees.list(at(), ['app', 'lib'], { deep: true });
  expect(deep.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
    '040000 app',
    '100644 app/[x]*.yaml',
    '100644 app/a.yaml',
    '100644 app/lfs.bin',
    '120000 app/link',
    '160000 app/module',
    '100755 app/run.sh',
    '040000 lib',
    '100644 lib/b.yaml',
  ]);
  expect(await trees.list(at(), ['app/[x]*.yaml'], { deep: true })).toHaveLength(1);
});

test('writes chosen paths with their modes and links, without submodules', async () => {
  const { trees } = sandbox.git;
  const entries = await trees.list(at(), ['app', 'lib'], { deep: true });
  await trees.materialise(repo.url, entries, dir);
  expect((await readdir(dir)).sort()).toEqual(['app', 'lib']);
  expect((await readdir(join(dir, 'app'))).sort()).toEqual([
    '[x]*.yaml',
    'a.yaml',
    'lfs.bin',
    'link',
    'run.sh',
  ]);
  expect(await readlink(join(dir, 'app/link'))).toBe('../lib/b.yaml');
  expect((await lstat(join(dir, 'app/run.sh'))).mode & 0o111).not.toBe(0);
  expect((await lstat(join(dir, 'app/a.yaml'))).mode & 0o111).toBe(0);
  expect(await readFile(join(dir, 'app/lfs.bin'), 'utf8')).toContain('git-lfs');
});

test('refuses more than an application may take, and names that lead out of the directory', async () => {
  const { trees } = sandbox.git;
  const large = await trees.list(at(), ['large'], { deep: true });
  await expect(trees.read(repo.url, large)).rejects.toMatchObject({
    code: 'Limit',
    message: expect.stringContaining('large/a.bin'),
  });
  const [file] = await trees.list(at(), ['lib/b.yaml'], { deep: true });
  const crafted: GitEntry = { path: '../out.yaml', mode: '100644', id: file?.id ?? '' };
  await expect(trees.materialise(repo.url, [crafted], dir)).rejects.toMatchObject({ code: 'InvalidSpec' });
});

test('reads for many at a time, and tells each what is wrong with their own', async () => {
  const trees = await treesOf('small');
  const read = async (path: string) => {
    const entries = await trees.list(at(), [path], { deep: true });
    const contents = await trees.read(repo.url, entries);
    return entries.map(({ id }) => contents.get(id)?.toString());
  };
  const paths = ['lib/b.yaml', 'app/a.yaml', 'large', 'app/link', 'lib/b.yaml'];
  const all = await Promise.allSettled(paths.map(read));
  expect(
    all.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as PortError).code)),
  ).toEqual([['b'], ['a'], 'Limit', ['../lib/b.yaml'], ['b']]);
});
