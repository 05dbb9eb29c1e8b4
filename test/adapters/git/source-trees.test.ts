import { lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitEntry } from '../../../src/ports/git';
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

const at = () => ({ repoUrl: repo.url, revision });

test('tells ids of trees and files in a mirror that holds neither commit nor contents', async () => {
  const { trees } = sandbox.git;
  const ids = await trees.ids(at(), ['.', 'app', 'lib/b.yaml', 'app/[x]*.yaml', 'none', 'app/a.yaml/x']);
  const expected = ['', 'app', 'lib/b.yaml', 'app/[x]*.yaml'].map((path) =>
    repo.git('rev-parse', `${revision}:${path}`),
  );
  expect(ids).toEqual([...(await Promise.all(expected)), undefined, undefined]);
  await expect(trees.ids({ ...at(), revision: '2'.repeat(40) }, ['.'])).rejects.toMatchObject({
    code: 'RevisionNotFound',
  });
});

test('lists what lies at paths, and below', async () => {
  const { trees } = sandbox.git;
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
