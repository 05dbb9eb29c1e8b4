import { commitAll, commitFiles, createBareRepo, headOf, type BareRepo } from '../../support/git-repo';

let repo: BareRepo;
beforeEach(async () => (repo = await createBareRepo()));
afterEach(() => repo.remove());

test('commits files, modes, symlinks and deletions on a branch', async () => {
  const first = await commitFiles(repo, {
    'web/app.yaml': 'a: 1\n',
    'web/run.sh': { content: '#!/bin/sh\n', mode: '100755' },
    'web/link': { symlink: 'app.yaml' },
    'old.txt': 'old',
  });
  const second = await commitFiles(repo, { 'old.txt': null }, { message: 'Drop old' });
  expect(await headOf(repo)).toBe(second);
  expect(await repo.git('rev-parse', `${second}^`)).toBe(first);
  expect(await repo.git('ls-tree', '-r', '--format=%(objectmode) %(path)', second)).toBe(
    '100644 web/app.yaml\n120000 web/link\n100755 web/run.sh',
  );
  expect(await repo.git('show', `${second}:web/app.yaml`)).toBe('a: 1');
});

test('starts a branch at a given commit, as a force-push does', async () => {
  const first = await commitFiles(repo, { a: '1' });
  await commitFiles(repo, { a: '2' });
  const forced = await commitFiles(repo, { b: '3' }, { parent: first });
  const rootless = await commitFiles(repo, { c: '4' }, { branch: 'other', parent: null });
  expect(await repo.git('rev-list', 'main')).toBe(`${forced}\n${first}`);
  expect(await repo.git('rev-list', 'other')).toBe(rootless);
});

test('makes hundreds of commits with one process', async () => {
  const revisions = await commitAll(
    repo,
    Array.from({ length: 300 }, (_, i) => ({ files: { a: String(i) } })),
  );
  expect(revisions).toHaveLength(300);
  expect(await headOf(repo)).toBe(revisions[299]);
});
