import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoreRequest } from '../../../src/ports/git';
import type { FileSpec } from '../../support/git-repo';
import { createRestoreScene, type RestoreScene } from '../../support/restore-scene';
import { until } from '../../support/until';

/**
 * A release of three members. `web` and `api` were good at different commits, `jobs` was brought out by an earlier commit than the two,
 * and nobody but their owners has changed their paths.
 */
let scene: RestoreScene;
let apiGood: string;
let jobsBad: string;
beforeEach(async () => {
  scene = await createRestoreScene();
  scene.good = await scene.commit({
    'apps/web': null,
    'apps/web/a.yaml': 'v: 1\n',
    'apps/api/a.yaml': 'v: 0\n',
    'apps/jobs/a.yaml': 'v: 1\n',
    'apps/jobs/old.yaml': 'o: 1\n',
  });
  apiGood = await scene.commit({ 'apps/api/a.yaml': 'v: 1\n' });
  jobsBad = await scene.commit({ 'apps/jobs/a.yaml': 'v: 2\n', 'apps/jobs/old.yaml': null });
  scene.bad = await scene.commit({ 'apps/web/a.yaml': 'v: 2\n', 'apps/api/a.yaml': 'v: 2\n' });
});
afterEach(() => scene.remove());

type Also = NonNullable<RestoreRequest['also']>;
const api = () => ({ paths: ['apps/api'], goodRevision: apiGood, badRevision: scene.bad });
const jobs = () => ({ paths: ['apps/jobs'], goodRevision: scene.good, badRevision: jobsBad });
const also = (): Also => [api(), jobs()];
const request = (changes: Partial<RestoreRequest> = {}): RestoreRequest =>
  scene.request({
    also: also(),
    trailers: { 'Belay-Release': 'shop', 'Belay-Run': 'release/shop/1' },
    ...changes,
  });
const restore = (changes?: Partial<RestoreRequest>) => scene.sandbox.git.writer.restorePath(request(changes));
const restoreAgain = (changes?: Partial<RestoreRequest>) =>
  scene.sandbox.another().writer.restorePath(request(changes));
const count = async (ref = 'main') => Number(await scene.repo.git('rev-list', '--count', ref));

async function expectGood(ref = 'main'): Promise<void> {
  expect(await scene.id(ref, 'apps/web')).toBe(await scene.id(scene.good, 'apps/web'));
  expect(await scene.id(ref, 'apps/api')).toBe(await scene.id(apiGood, 'apps/api'));
  expect(await scene.id(ref, 'apps/jobs')).toBe(await scene.id(scene.good, 'apps/jobs'));
}

test('members with different good and bad revisions go back in one commit, and nothing else does', async () => {
  const other = await scene.commit({ 'shared/values.yaml': 's: 2\n' });
  expect(await restore()).toEqual({ kind: 'pushed', revision: await scene.head(), alsoReverted: [] });
  expect(await scene.repo.git('rev-parse', 'main^')).toBe(other);
  await expectGood();
  expect((await scene.repo.git('diff', '--name-status', other, 'main')).split('\n')).toEqual([
    'M\tapps/api/a.yaml',
    'M\tapps/jobs/a.yaml',
    'A\tapps/jobs/old.yaml',
    'M\tapps/web/a.yaml',
  ]);
  expect(await scene.repo.git('fsck', '--strict')).toBe('');
});

test.each<[string, Record<string, FileSpec>]>([
  ['of the request itself', { 'apps/web/a.yaml': 'v: 3\n' }],
  ['of another one', { 'apps/api/a.yaml': 'v: 3\n' }],
  ['of the last one', { 'apps/jobs/new.yaml': 'n: 1\n' }],
])('a fix on top of a member %s leaves all as they are', async (_, files) => {
  const fix = await scene.commit(files);
  expect(await restore()).toEqual({ kind: 'superseded', revision: fix });
  expect(await scene.head()).toBe(fix);
});

test('a member that is as bad as another revision than its own is a fix, too', async () => {
  const fix = await scene.commit({ 'apps/api/a.yaml': 'v: 0\n' });
  expect(await restore()).toEqual({ kind: 'superseded', revision: fix });
});

test('a member that somebody has brought back does not hold up the others, nor is it taken for theirs', async () => {
  await scene.commit({ 'apps/jobs/a.yaml': 'v: 1\n', 'apps/jobs/old.yaml': 'o: 1\n' });
  const first = await restore({ others: 'refuse' });
  expect(first).toEqual({ kind: 'pushed', revision: await scene.head(), alsoReverted: [] });
  expect(await restoreAgain({ others: 'refuse' })).toEqual(first);
  await expectGood();
});

test('nothing is written where all are back', async () => {
  const byHand = await scene.commit({
    'apps/web/a.yaml': 'v: 1\n',
    'apps/api/a.yaml': 'v: 1\n',
    'apps/jobs/a.yaml': 'v: 1\n',
    'apps/jobs/old.yaml': 'o: 1\n',
  });
  expect(await restore()).toEqual({ kind: 'already', revision: byHand });
});

test('a commit of others to one member forbids the restore of all where the request says so', async () => {
  const more = await scene.commit({ 'apps/api/more.yaml': 'm: 1\n' });
  const undone = await scene.commit({ 'apps/api/more.yaml': null });
  expect(await restore({ others: 'refuse' })).toEqual({
    kind: 'mixed',
    revision: undone,
    others: [undone, more],
  });
  expect(await restore()).toMatchObject({ kind: 'pushed', alsoReverted: [undone, more] });
  expect(await scene.message()).toContain('changed below the paths:');
});

test('the bad commit of one member is no commit of others for another that it changed', async () => {
  const both = await scene.commit({ 'apps/api/a.yaml': 'v: 3\n', 'apps/jobs/a.yaml': 'v: 3\n' });
  const last = await scene.commit({ 'apps/api/a.yaml': 'v: 4\n' });
  const parts = [
    { ...api(), badRevision: last },
    { ...jobs(), goodRevision: jobsBad, badRevision: both },
  ];
  expect(await restore({ paths: ['apps/web'], also: parts })).toMatchObject({
    kind: 'pushed',
    // What web and api shipped before is the bad commit of web.
    alsoReverted: [],
  });
});

test('an answer lost after the push leaves exactly one commit', async () => {
  const first = await restore();
  const before = await count();
  expect([await restoreAgain(), await restore()]).toEqual([first, first]);
  await scene.commit({ 'README.md': '# y\n' });
  expect(await restoreAgain()).toEqual(first);
  expect(await count()).toBe(before + 1);
});

test('a run that has written does not write again when somebody brings one member forward', async () => {
  await restore();
  const again = await scene.commit({ 'apps/api/a.yaml': 'v: 2\n' });
  expect(await restoreAgain()).toEqual({ kind: 'superseded', revision: again });
});

test('a worker that dies while its push is under way leaves exactly one commit', async () => {
  const before = await count();
  const stop = new AbortController();
  await scene.hook('pre-receive', 'touch started; sleep 1; touch ended');
  const dying = scene.sandbox.git.writer.restorePath(request(), stop.signal);
  const outcome = expect(dying).rejects.toThrow('killed');
  await until('the push is under way', () => existsSync(join(scene.repo.dir, 'started')));
  stop.abort(new Error('killed'));
  await outcome;
  const results = [await restoreAgain(), await restore()];
  await until('the hook has ended', () => existsSync(join(scene.repo.dir, 'ended')));
  expect(results).toEqual([{ kind: 'pushed', revision: await scene.head(), alsoReverted: [] }, results[0]]);
  expect(await count()).toBe(before + 1);
});

test('a commit elsewhere that wins the race stays, and all members go back on top of it', async () => {
  await scene.hook(
    'pre-receive',
    `test -e raced && exit 0; touch raced
    unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
    blob=$(echo '# raced' | git hash-object -w --stdin)
    tree=$( (git ls-tree main | grep -v README; printf '100644 blob %s\\tREADME.md\\n' $blob) | git mktree)
    git update-ref refs/heads/main $(git -c user.name=R -c user.email=r@example.com commit-tree -p main -m Race $tree)`,
  );
  expect(await restore()).toMatchObject({ kind: 'pushed', alsoReverted: [] });
  expect(await scene.repo.git('log', '-2', '--format=%s')).toBe('Revert web\nRace');
  expect(await scene.repo.git('show', 'main:README.md')).toBe('# raced');
  await expectGood();
});

test('a fix that wins the race is not written over', async () => {
  await scene.hook(
    'pre-receive',
    `test -e raced && exit 0; touch raced
    unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
    blob=$(echo 'v: 3' | git hash-object -w --stdin)
    jobs=$(printf '100644 blob %s\\ta.yaml\\n' $blob | git mktree)
    apps=$( (git ls-tree main:apps | grep -v jobs; printf '040000 tree %s\\tjobs\\n' $jobs) | git mktree)
    tree=$( (git ls-tree main | grep -v apps; printf '040000 tree %s\\tapps\\n' $apps) | git mktree)
    git update-ref refs/heads/main $(git -c user.name=R -c user.email=r@example.com commit-tree -p main -m Fix $tree)`,
  );
  expect(await restore()).toEqual({ kind: 'superseded', revision: await scene.head() });
  expect(await scene.repo.git('log', '-1', '--format=%s')).toBe('Fix');
});

test('a pull request holds all members in one commit, once', async () => {
  const branch = 'belay/revert/shop';
  const onto = `refs/heads/${branch}`;
  const first = await restore({ onto });
  expect(first).toEqual({ kind: 'pushed', revision: await scene.head(branch), alsoReverted: [] });
  expect(await restoreAgain({ onto })).toEqual(first);
  expect(await scene.head()).toBe(scene.bad);
  expect(await count(`main..${branch}`)).toBe(1);
  await expectGood(branch);
});

describe('paths of two members', () => {
  const shared = (changes: Partial<Also[number]> = {}): Also => [
    { ...api(), paths: ['apps/api', 'shared/values.yaml'], ...changes },
    jobs(),
  ];
  const paths = ['apps/web', 'shared/values.yaml'];

  test('may be the same where they go back to the same content from the same', async () => {
    expect(await restore({ paths, also: shared() })).toMatchObject({ kind: 'pushed' });
    await expectGood();
  });

  test('may lie in one another where they go back to the same content from the same', async () => {
    const whole = { paths: ['.'], goodRevision: apiGood, badRevision: scene.bad };
    const parts = [whole, { paths: ['shared/values.yaml'], goodRevision: scene.good, badRevision: jobsBad }];
    expect(await restore({ paths: ['apps/web'], also: parts })).toMatchObject({ kind: 'pushed' });
    expect(await scene.repo.git('rev-parse', 'main^{tree}')).toBe(
      await scene.repo.git('rev-parse', `${apiGood}^{tree}`),
    );
  });

  test.each<[string, string, () => Partial<RestoreRequest>, string]>([
    ['the same', 'to two contents', () => ({ paths, also: shared() }), 'shared/values.yaml'],
    [
      'inside another',
      'to two contents',
      () => ({ paths: ['shared'], also: shared() }),
      'shared/values.yaml',
    ],
  ])('are refused by name where one is %s and would go back %s', async (_, __, changes, path) => {
    const older = scene.good;
    scene.good = await scene.commit({ 'shared/values.yaml': 's: 0\n' });
    scene.bad = await scene.commit({ 'shared/values.yaml': 's: 3\n', 'apps/web/a.yaml': 'v: 5\n' });
    apiGood = older;
    await expect(restore(changes())).rejects.toMatchObject({
      code: 'InvalidSpec',
      retry: 'never',
      message: expect.stringMatching(
        new RegExp(
          `path ${path} would go back twice in one commit, to ${older.slice(0, 12)} and to ${scene.good.slice(0, 12)}`,
        ),
      ),
    });
    expect(await scene.head()).toBe(scene.bad);
  });

  test('are refused by name where they would go back from two contents', async () => {
    const first = scene.bad;
    scene.bad = await scene.commit({ 'shared/values.yaml': 's: 3\n', 'apps/web/a.yaml': 'v: 5\n' });
    await expect(restore({ paths, also: shared({ badRevision: first }) })).rejects.toMatchObject({
      code: 'InvalidSpec',
      message: expect.stringContaining(
        `path shared/values.yaml would go back twice in one commit, from ${first.slice(0, 12)} and from ${scene.bad.slice(0, 12)}`,
      ),
    });
  });
});

test.each<[string, Partial<Also[number]>, string]>([
  ['no path', { paths: [] }, 'no path of the repository is given'],
  ['a path that leaves the repository', { paths: ['../x'] }, 'leaves the repository'],
  ['a name for a revision', { badRevision: 'main' }, 'is not a full commit id'],
  [
    'a path that was never good',
    { paths: ['apps/none'] },
    'path apps/none does not exist at the good revision',
  ],
])('more paths with %s are refused', async (_, changes, message) => {
  await expect(restore({ also: [api(), { ...jobs(), ...changes }] })).rejects.toMatchObject({
    retry: 'never',
    message: expect.stringContaining(message),
  });
  expect(await scene.head()).toBe(scene.bad);
});

test('a bad commit of one member that a force-push dropped leaves all as they are', async () => {
  const dropped = { ...jobs(), badRevision: 'f'.repeat(40) };
  expect(await restore({ also: [api(), dropped] })).toEqual({ kind: 'superseded', revision: scene.bad });
});

test('twenty members, each with a good and a bad revision of its own, go back in one commit', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `service-${index}`);
  const push = async (version: number) => {
    const revisions: string[] = [];
    for (const name of names)
      revisions.push(await scene.commit({ [`shop/${name}/a.yaml`]: `v: ${version}\n` }));
    return revisions;
  };
  const good = await push(1);
  const bad = await push(2);
  const before = await count();
  const [first, ...parts] = names.map((name, index) => ({
    paths: [`shop/${name}`],
    goodRevision: good[index] ?? '',
    badRevision: bad[index] ?? '',
  }));
  const asked = { ...first, also: parts, others: 'refuse' as const };
  const result = await restore(asked);
  expect(result).toEqual({ kind: 'pushed', revision: await scene.head(), alsoReverted: [] });
  expect(await restoreAgain(asked)).toEqual(result);
  expect(await count()).toBe(before + 1);
  expect(await scene.id('main', 'shop')).toBe(await scene.id(good[19] ?? '', 'shop'));
});
