import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';

let repo: BareRepo;
let sandbox: GitSandbox;
beforeEach(async () => ([repo, sandbox] = await Promise.all([createBareRepo(), createSandbox()])));
afterEach(() => Promise.all([repo.remove(), sandbox.remove()]));

const submodule = (digit: string) => ({ submodule: digit.repeat(40) });
const changes = (from: string, to: string, paths: readonly string[] = ['.']) =>
  sandbox.git.reader.changes(repo.url, { from, to, paths });

test('says what differs, with the lines of texts', async () => {
  const from = await commitFiles(repo, {
    'web/a.yaml': 'a: 1\nb: 1\n',
    'web/gone.yaml': 'x: 1\n',
    'web/run.sh': '#!/bin/sh\n',
    'web/image.bin': 'a\0b',
    'web/kind': 'a.yaml',
    'web/link': { symlink: 'a.yaml' },
    'web/vendor': submodule('1'),
    'web/same.yaml': 's: 1\n',
    'other.yaml': 'o: 1\n',
  });
  const to = await commitFiles(repo, {
    'web/a.yaml': 'a: 2\nb: 1\nc: 1\n',
    'web/gone.yaml': null,
    'web/run.sh': { content: '#!/bin/sh\n', mode: '100755' },
    'web/image.bin': 'a\0c',
    'web/kind': { symlink: 'a.yaml' },
    'web/link': { symlink: 'same.yaml' },
    'web/vendor': submodule('2'),
    'web/sub dir/né\nw.yaml': 'n: 1\n',
    'other.yaml': 'o: 2\n',
  });
  const web = [
    { path: 'web/a.yaml', change: 'modified', added: 2, removed: 1 },
    { path: 'web/gone.yaml', change: 'deleted', added: 0, removed: 1 },
    { path: 'web/image.bin', change: 'modified' },
    { path: 'web/kind', change: 'type' },
    { path: 'web/link', change: 'modified' },
    { path: 'web/run.sh', change: 'mode', added: 0, removed: 0 },
    { path: 'web/sub dir/né\nw.yaml', change: 'added', added: 1, removed: 0 },
    { path: 'web/vendor', change: 'modified' },
  ];
  expect(await changes(from, to, ['web'])).toEqual(web);
  const other = { path: 'other.yaml', change: 'modified', added: 1, removed: 1 };
  expect(await changes(from, to)).toEqual([other, ...web]);
  expect(await changes(from, to, ['other.yaml', './web/vendor', 'web/none'])).toEqual([other, web.at(-1)]);
  expect(await changes(from, to, ['we', 'WEB', 'web/*'])).toEqual([]);
  expect(await changes(to, to)).toEqual([]);
});

test('keeps the numbers of files apart whose names are no UTF-8', async () => {
  const write = (files: string): string => {
    const input = `commit refs/heads/raw\nmark :1\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\n${files}get-mark :1\n`;
    return execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: repo.dir, input })
      .toString()
      .trim();
  };
  const from = write('');
  const to = write('M 100644 inline "\\351"\ndata 2\na\n\nM 100644 inline "\\352"\ndata 4\na\nb\n\n');
  expect(await changes(from, to)).toEqual([
    { path: '\ufffd', change: 'added', added: 1, removed: 0 },
    { path: '\ufffd', change: 'added', added: 2, removed: 0 },
  ]);
});

test('fetches only contents that it compares, all in one transfer', async () => {
  const files = (version: number) =>
    Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`web/${index}.yaml`, `${index}: ${version}\n`]),
    );
  const from = await commitFiles(repo, { ...files(1), 'big.bin': 'x'.repeat(1000) });
  const to = await commitFiles(repo, files(2));
  expect(await changes(from, to, ['web'])).toHaveLength(300);
  const mirror = join(sandbox.dir, readdirSync(sandbox.dir).find((each) => each.endsWith('.git')) ?? '');
  const packs = readdirSync(join(mirror, 'objects', 'pack')).filter((each) => each.endsWith('.pack'));
  // One for each commit with its trees, one for the contents.
  expect(packs).toHaveLength(3);
  const input = await repo.git('rev-parse', `${from}:big.bin`);
  const there = execFileSync('git', ['cat-file', '--batch-check'], { cwd: mirror, input, encoding: 'utf8' });
  expect(there.trim()).toBe(`${input} missing`);
});

test('refuses more than it can show', async () => {
  const files = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`web/${index}`, '']));
  const from = await commitFiles(repo, { a: '1' });
  const to = await commitFiles(repo, files);
  await expect(changes(from, to)).rejects.toMatchObject({
    code: 'Limit',
    retry: 'never',
    message: expect.stringMatching(
      /^2001 files differ in file:.*above the limit of 2000; ask for fewer paths$/,
    ),
  });
  expect(await changes(from, to, ['web/1', 'web/2'])).toHaveLength(2);
});

test.each([
  ['a shortened commit id', '0123abc', ['.'], 'InvalidSpec'],
  ['a path above the repository', undefined, ['../x'], 'InvalidSpec'],
  ['no path', undefined, [], 'InvalidSpec'],
  ['a commit that does not exist', 'f'.repeat(40), ['.'], 'RevisionNotFound'],
])('refuses %s', async (_, from, paths, code) => {
  const there = await commitFiles(repo, { a: '1' });
  await expect(changes(from ?? there, there, paths)).rejects.toMatchObject({ code });
});
