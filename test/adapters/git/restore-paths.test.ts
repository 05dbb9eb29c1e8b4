import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSpec } from '../../support/git-repo';
import { createRestoreScene, type RestoreScene } from '../../support/restore-scene';

let scene: RestoreScene;
beforeEach(async () => (scene = await createRestoreScene()));
afterEach(() => scene.remove());

type Files = Readonly<Record<string, FileSpec>>;

/** The scene with another good and bad version. */
async function versions(good: Files, bad: Files): Promise<void> {
  scene.good = await scene.commit(good);
  scene.bad = await scene.commit(bad);
}
const changed = async (from: string) =>
  (await scene.repo.git('diff', '--name-status', '--no-renames', from, 'main')).split('\n').filter(Boolean);
const rootOf = (revision: string) => scene.repo.git('rev-parse', `${revision}^{tree}`);

describe('several directories and files', () => {
  const paths = ['apps/web', 'shared/values.yaml', 'shared/extra.yaml', 'new/deep/only.yaml'];

  beforeEach(() =>
    versions(
      { 'shared/extra.yaml': 'e: 1\n', 'shared/other.yaml': 'o: 1\n' },
      {
        'apps/web/a.yaml': 'v: 3\n',
        'shared/values.yaml': 's: 2\n',
        'shared/extra.yaml': null,
        'shared/other.yaml': 'o: 2\n',
        'new/deep/only.yaml': 'x: 1\n',
      },
    ),
  );

  test('go back as one commit: put back, removed with the directories that are then empty, the rest untouched', async () => {
    expect(await scene.restore({ paths })).toMatchObject({ kind: 'pushed', alsoReverted: [] });
    expect(await scene.repo.git('rev-parse', 'main^')).toBe(scene.bad);
    expect(await changed(scene.bad)).toEqual([
      'M\tapps/web/a.yaml',
      'D\tnew/deep/only.yaml',
      'A\tshared/extra.yaml',
      'M\tshared/values.yaml',
    ]);
    expect(await changed(scene.good)).toEqual(['M\tshared/other.yaml']);
    expect(await scene.repo.git('ls-tree', '--name-only', 'main')).not.toContain('new');
    expect(await scene.repo.git('fsck', '--strict')).toBe('');
  });

  test('are left alone where one of them holds a fix', async () => {
    const fix = await scene.commit({ 'shared/values.yaml': 's: 3\n' });
    expect(await scene.restore({ paths })).toEqual({ kind: 'superseded', revision: fix });
    expect(await scene.head()).toBe(fix);
  });

  test('go back where some are back already', async () => {
    await scene.commit({ 'shared/values.yaml': 's: 1\n', 'new/deep/only.yaml': null });
    expect(await scene.restore({ paths })).toMatchObject({ kind: 'pushed' });
    expect(await changed(scene.good)).toEqual(['M\tshared/other.yaml']);
  });

  test('are done where all are back', async () => {
    const files = {
      'apps/web/a.yaml': 'v: 2\n',
      'shared/values.yaml': 's: 1\n',
      'shared/extra.yaml': 'e: 1\n',
    };
    const byHand = await scene.commit({ ...files, 'new/deep/only.yaml': null });
    expect(await scene.restore({ paths })).toEqual({ kind: 'already', revision: byHand });
  });

  test('count once, however they are spelled, and with what lies inside of them', async () => {
    const spelled = ['./apps/web/', 'apps//web', 'apps/web/a.yaml', 'apps'];
    expect(await scene.restore({ paths: spelled })).toMatchObject({ kind: 'pushed' });
    expect(await changed(scene.bad)).toEqual(['M\tapps/web/a.yaml']);
  });
});

test('a request without a path is refused', async () => {
  await expect(scene.restore({ paths: [] })).rejects.toMatchObject({ code: 'InvalidSpec', retry: 'never' });
});

describe('a file', () => {
  const paths = ['shared/values.yaml'];
  const plain = { content: 's: 1\n', mode: '100644' as const };

  test.each<[string, FileSpec, FileSpec]>([
    ['by its mode alone', plain, { ...plain, mode: '100755' }],
    ['from a symlink whose target is called as its text', plain, { symlink: 's: 1\n' }],
    ['from a submodule', plain, { submodule: '0123456789012345678901234567890123456789' }],
    ['as a symlink', { symlink: '../README.md' }, plain],
    ['as a submodule', { submodule: '0123456789012345678901234567890123456789' }, plain],
  ])('goes back %s', async (_, before, after) => {
    await versions({ 'shared/values.yaml': before }, { 'shared/values.yaml': after });
    expect(await scene.restore({ paths })).toMatchObject({ kind: 'pushed' });
    expect(await rootOf('main')).toBe(await rootOf(scene.good));
    expect(await scene.repo.git('fsck', '--strict')).toBe('');
  });

  test('goes back where a directory has taken its place, and a directory where a file has', async () => {
    await versions(
      { 'shared/values.yaml': 's: 1\n', 'apps/web/a.yaml': 'v: 1\n' },
      { 'shared/values.yaml': null, 'shared/values.yaml/x': 'x\n', 'apps/web': null },
    );
    scene.bad = await scene.commit({ 'apps/web': 'a file\n' });
    expect(await scene.restore({ paths: [...paths, 'apps/web'] })).toMatchObject({ kind: 'pushed' });
    expect(await rootOf('main')).toBe(await rootOf(scene.good));
  });
});

test.each<[string, FileSpec]>([
  ['a file', 'text\n'],
  ['a symlink', { symlink: 'README.md' }],
  ['a submodule', { submodule: '0123456789012345678901234567890123456789' }],
])('%s where a directory is needed is told, and stays', async (_, there) => {
  await scene.commit({ apps: null });
  scene.bad = await scene.commit({ apps: there });
  await expect(scene.restore()).rejects.toMatchObject({
    code: 'Conflict',
    retry: 'never',
    message: expect.stringMatching(/^apps is now no directory in file:.*remove it by hand$/),
  });
  expect(await scene.head()).toBe(scene.bad);
});

test('what was renamed goes back under its old name', async () => {
  await versions(
    { 'apps/web/old/b.yaml': 'b: 1\nlong: enough\n' },
    { 'apps/web/old/b.yaml': null, 'apps/web/new/c.yaml': 'b: 1\nlong: enough\n' },
  );
  expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
  expect(await rootOf('main')).toBe(await rootOf(scene.good));
});

test('directories that are gone are made again', async () => {
  await versions({ 'a/b/c/d.yaml': 'd: 1\n' }, { a: null });
  expect(await scene.restore({ paths: ['a/b/c/d.yaml'] })).toMatchObject({ kind: 'pushed' });
  expect(await rootOf('main')).toBe(await rootOf(scene.good));
});

test('the last file of a repository may go', async () => {
  const { repo } = scene;
  const tree = execFileSync('git', ['mktree'], { cwd: repo.dir, input: '', encoding: 'utf8' }).trim();
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  scene.good = await repo.git(...who, 'commit-tree', '-m', 'Empty', tree);
  await repo.git('update-ref', 'refs/heads/main', scene.good);
  scene.bad = await scene.commit({ 'x/only.yaml': 'x\n' });
  expect(await scene.restore({ paths: ['.'] })).toMatchObject({ kind: 'pushed' });
  expect(await rootOf('main')).toBe(tree);
});

test('pointers of Git LFS go back as they are', async () => {
  const pointer = (digit: string) =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize 12345\n`;
  await versions(
    { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'apps/web/model.bin': pointer('a') },
    { 'apps/web/model.bin': pointer('b') },
  );
  expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
  expect(await scene.repo.git('show', 'main:apps/web/model.bin')).toBe(pointer('a').trim());
});

test('names of any bytes stay as they are, at the paths and on the way to them', async () => {
  const names = [
    '"sp ace\\".yaml"',
    '"new\\nline.yaml"',
    '"raw\\351.yaml"',
    '"qu\'ote.yaml"',
    '"back\\\\slash"',
  ];
  const write = (version: number, parent: string) => {
    const files = ['', 'apps/', 'apps/web/'].flatMap((dir) =>
      names.map((name) => `M 100644 inline ${name.replace('"', `"${dir}`)}\ndata 5\nv: ${version}\n\n`),
    );
    const who = 'Ada <ada@example.com> 1700000000 +0000';
    const input = `commit refs/heads/main\ncommitter ${who}\ndata 3\nOdd\nfrom ${parent}\n${files.join('')}`;
    execFileSync('git', ['fast-import', '--quiet'], { cwd: scene.repo.dir, input });
  };
  write(1, scene.bad);
  scene.good = await scene.head();
  write(2, scene.good);
  scene.bad = await scene.head();
  expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
  expect(await scene.id('main', 'apps/web')).toBe(await scene.id(scene.good, 'apps/web'));
  const listed = (await scene.repo.git('diff', '--name-only', scene.good, 'main')).split('\n');
  expect(listed).toHaveLength(2 * names.length);
  expect(listed).toContain('"raw\\351.yaml"');
  expect(await scene.repo.git('fsck', '--strict')).toBe('');
});

test('directories that old programs have written with six digits of mode are directories', async () => {
  const { repo } = scene;
  const write = async (revision: string): Promise<string> => {
    const ids = await Promise.all(['apps', 'shared'].map((name) => scene.id(revision, name)));
    const entry = (name: string, id = '') =>
      Buffer.concat([Buffer.from(`040000 ${name}\0`), Buffer.from(id, 'hex')]);
    const input = Buffer.concat([entry('apps', ids[0]), entry('shared', ids[1])]);
    const args = ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'];
    const tree = execFileSync('git', args, { cwd: repo.dir, input, encoding: 'utf8' }).trim();
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    const parent = revision === scene.good ? [] : ['-p', scene.good];
    return repo.git(...who, 'commit-tree', ...parent, '-m', 'Old', tree);
  };
  scene.good = await write(scene.good);
  scene.bad = await write(scene.bad);
  await repo.git('update-ref', 'refs/heads/main', scene.bad);
  expect(await scene.restore({ paths: ['apps/web/a.yaml', 'shared'] })).toMatchObject({ kind: 'pushed' });
  expect(await changed(scene.bad)).toEqual(['M\tapps/web/a.yaml']);
});

test("a directory of thousands of files keeps git's order", async () => {
  const { repo } = scene;
  const names = Array.from({ length: 3000 }, (_, index) => `many/${(index * 7919) % 3000}.yaml`);
  const odd = ['many/a', 'many/a.b', 'many/a-b', 'many/a0', 'many/ä', 'many/Z', 'many/~'];
  const files = Object.fromEntries([...names, ...odd.slice(1)].map((name) => [name, 'x: 1\n']));
  await versions(
    { ...files, 'many/a/file': '1\n', 'many/b/c/file': '1\n' },
    { 'many/a/file': '2\n', 'many/b': null, 'many/7.yaml': null, 'many/b.yaml': '2\n' },
  );
  const paths = ['many/a', 'many/b/c', 'many/7.yaml'];
  expect(await scene.restore({ paths })).toMatchObject({ kind: 'pushed' });
  expect(await changed(scene.good)).toEqual(['A\tmany/b.yaml']);
  expect(await repo.git('fsck', '--strict')).toBe('');
});

test('a path may have a name that git could take for something else', async () => {
  const odd = [':(glob)x/y', '-n', '*', 'a b:c', 'ümlaut/{}'];
  const files = (v: number) => Object.fromEntries(odd.map((name) => [`${name}/f.yaml`, `v: ${v}\n`]));
  await versions({ ...files(1), 'ab/f.yaml': '1\n' }, { ...files(2), 'ab/f.yaml': '2\n' });
  expect(await scene.restore({ paths: odd })).toMatchObject({ kind: 'pushed', alsoReverted: [] });
  expect(await changed(scene.good)).toEqual(['M\tab/f.yaml']);
});

test('contents that do not go back are not fetched', async () => {
  await scene.commit({ 'apps/other/big.yaml': 'big\n', 'shared/values.yaml': 's: 5\n' });
  expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
  const mirror = readdirSync(scene.sandbox.dir).find((each) => each.endsWith('.git')) ?? '';
  const input = ['apps/web/a.yaml', 'apps/other/big.yaml', 'shared/values.yaml', 'README.md']
    .map((path) => `refs/heads/main:${path}`)
    .join('\n');
  const options = { cwd: scene.repo.dir, input, encoding: 'utf8' as const };
  const ids = execFileSync('git', ['cat-file', '--batch-check=%(objectname)'], options);
  const there = execFileSync('git', ['cat-file', '--batch-check=%(objecttype)'], {
    ...options,
    cwd: join(scene.sandbox.dir, mirror),
    input: ids,
  });
  expect(
    there
      .replace(/[0-9a-f]{40} /g, '')
      .trim()
      .split('\n'),
  ).toEqual(['blob', 'missing', 'missing', 'missing']);
});
