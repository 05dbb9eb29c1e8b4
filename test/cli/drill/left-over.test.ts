import { openClone, type DrillClone } from '../../../src/cli/drill/clone';
import { findLeftOver, takeOut } from '../../../src/cli/drill/left-over';
import { revertsOf } from '../../../src/cli/drill/reverts';
import { plainGitEnv } from '../../../tools/local/git-commits';
import { commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';
import { tmpdir } from 'node:os';

/** Real repositories: what is left of drills is judged by contents. */
const env = plainGitEnv(tmpdir());
const drill = (id: string) => `Drill web: broken on purpose (image)\n\nText.\n\nBelay-Drill: ${id}\n`;
const clones: DrillClone[] = [];
let repo: BareRepo;
let good: string;

beforeEach(async () => {
  repo = await createBareRepo();
  good = await commitFiles(repo, {
    'k8s/web.yaml': 'good\n',
    'k8s/other.yaml': 'other\n',
    'README.md': 'x\n',
  });
});
afterEach(async () => {
  await Promise.all(clones.splice(0).map((each) => each.close()));
  await repo.remove();
});

async function open(branch = 'refs/heads/main', url = repo.url): Promise<DrillClone> {
  const clone = await openClone({ repoUrl: url, branch, env });
  clones.push(clone);
  return clone;
}

const breakIt = (id: string, content = `broken ${id}\n`) =>
  commitFiles(repo, { 'k8s/web.yaml': content, 'k8s/new.yaml': `${content}new\n` }, { message: drill(id) });
const treeOf = (revision: string) => repo.git('rev-parse', `${revision}:k8s`);

test('nothing is left where nothing was drilled', async () => {
  expect(await takeOut(await open(), 'web', ['k8s'])).toBeUndefined();
  expect(await repo.git('rev-parse', 'main')).toBe(good);
});

test('what a drill has left is taken out by one commit, once', async () => {
  await breakIt('7f');
  const clone = await open();
  const out = await takeOut(clone, 'web', ['k8s']);
  expect(await repo.git('rev-parse', 'main')).toBe(out);
  expect(await treeOf('main')).toBe(await treeOf(good));
  expect(await repo.git('log', '-1', '--format=%an: %(trailers:only,unfold)', 'main')).toBe(
    'Belay drill: Belay-Drill-Taken-Back: 7f',
  );
  expect(await takeOut(clone, 'web', ['k8s'])).toBeUndefined();
});

test('what others have pushed on top stays', async () => {
  await breakIt('7f');
  await commitFiles(repo, { 'k8s/other.yaml': 'changed\n', 'more.txt': 'more\n' });
  await takeOut(await open(), 'web', ['k8s']);
  expect(await repo.git('show', 'main:k8s/web.yaml')).toBe('good');
  expect(await repo.git('show', 'main:k8s/other.yaml')).toBe('changed');
  expect(await repo.git('show', 'main:more.txt')).toBe('more');
});

test('a file that somebody has mended or changed since is theirs', async () => {
  await breakIt('7f');
  await commitFiles(repo, { 'k8s/web.yaml': 'mended\n' });
  const { files, ids } = await findLeftOver(await open(), ['k8s']);
  expect([...files.keys()]).toEqual(['k8s/new.yaml']);
  expect(ids).toEqual(['7f']);
});

test('of two drills on top of each other the way leads back to before both', async () => {
  await breakIt('7f', 'one\n');
  await commitFiles(repo, { 'k8s/web.yaml': 'good\n', 'k8s/new.yaml': null });
  await breakIt('80', 'two\n');
  await takeOut(await open(), 'web', ['k8s']);
  expect(await treeOf('main')).toBe(await treeOf(good));
});

test('a drill of another path is not touched', async () => {
  await commitFiles(repo, { 'elsewhere/web.yaml': 'broken\n' }, { message: drill('7f') });
  expect(await takeOut(await open(), 'web', ['k8s'])).toBeUndefined();
});

test('a push in between is no obstacle', async () => {
  await breakIt('7f');
  const clone = await open();
  let pushes = 0;
  const racing: DrillClone = {
    ...clone,
    push: async (revision) => {
      if (pushes++ === 0) await commitFiles(repo, { 'late.txt': 'late\n' });
      return clone.push(revision);
    },
  };
  await takeOut(racing, 'web', ['k8s']);
  expect(pushes).toBe(2);
  expect(await treeOf('main')).toBe(await treeOf(good));
  expect(await repo.git('show', 'main:late.txt')).toBe('late');
});

test('a branch that refuses pushes is said, with what git said', async () => {
  await breakIt('7f');
  const clone = await open();
  await repo.git('config', 'receive.denyNonFastForwards', 'true');
  await repo.git('config', 'transfer.hideRefs', 'refs/heads/main');
  await expect(takeOut(clone, 'web', ['k8s'])).rejects.toThrow(/git (push|fetch) ended with/);
});

test('a repository that is not there is said', async () => {
  await expect(open('refs/heads/main', `${repo.url}-none`)).rejects.toThrow(/git clone ended with 128/);
});

test('a branch is known as the default one or as another', async () => {
  await repo.git('branch', 'scratch', 'main');
  expect(await (await open()).isDefaultBranch()).toBe(true);
  expect(await (await open('refs/heads/scratch')).isDefaultBranch()).toBe(false);
});

test('reverts are the commits that say so', async () => {
  const bad = await breakIt('7f');
  await commitFiles(repo, { 'a.txt': 'a' }, { message: `No\n\nBelay-Bad-Revision: ${good}\n` });
  const revert = await commitFiles(
    repo,
    { 'k8s/web.yaml': 'good\n' },
    { message: `Yes\n\nBelay-Bad-Revision: ${bad}\n` },
  );
  expect(await revertsOf(await open(), bad)).toEqual([revert]);
});

test('what is read are regular files of the branch, and a commit keeps their modes', async () => {
  await commitFiles(repo, {
    'k8s/run.sh': { content: 'old', mode: '100755' },
    'k8s/link': { symlink: 'web.yaml' },
  });
  const clone = await open();
  expect(await clone.read('k8s/web.yaml')).toBe('good\n');
  expect([await clone.read('k8s/none'), await clone.read('k8s/link'), await clone.read('k8s')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await clone.list('k8s')).toEqual(['k8s/link', 'k8s/other.yaml', 'k8s/run.sh', 'k8s/web.yaml']);
  expect(await clone.list('.')).toContain('README.md');
  await clone.push(await clone.commit(new Map([['k8s/run.sh', 'new']]), 'Change\n'));
  expect(await repo.git('ls-tree', 'main', 'k8s/run.sh')).toMatch(/^100755 /);
  expect(await repo.git('show', 'main:README.md')).toBe('x');
});
