import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoreRequest } from '../../../src/ports/git';
import { headOf } from '../../support/git-repo';
import { createRestoreScene, type RestoreScene } from '../../support/restore-scene';
import { until } from '../../support/until';

const branch = 'belay/revert/web';
const onto = `refs/heads/${branch}`;

let scene: RestoreScene;
beforeEach(async () => (scene = await createRestoreScene()));
afterEach(() => scene.remove());

const propose = (changes: Partial<RestoreRequest> = {}) => scene.restore({ onto, ...changes });
const proposeAgain = () => scene.sandbox.another().writer.restorePath(scene.request({ onto }));
const proposed = () => headOf(scene.repo, branch);

test('goes to another branch, on the head of the tracked one, which stays', async () => {
  const later = await scene.commit({ 'README.md': '# y\n' });
  const result = await propose();
  expect(result).toEqual({ kind: 'pushed', revision: await proposed(), alsoReverted: [] });
  expect(await scene.head()).toBe(later);
  expect(await scene.repo.git('rev-parse', `${branch}^`)).toBe(later);
  expect(await scene.id(branch, 'apps/web')).toBe(await scene.id(scene.good, 'apps/web'));
  expect(await scene.message(branch)).toContain('Belay-Run: app/web/run-7');
  expect(await scene.repo.git('fsck', '--strict')).toBe('');
});

test('an answer lost after the push is found again, by another worker, too', async () => {
  const first = await propose();
  await scene.hook('pre-receive', 'exit 1');
  expect(await proposeAgain()).toEqual(first);
  expect(await propose()).toEqual(first);
});

test('the same asked by many at once is there once', async () => {
  const results = await Promise.all(Array.from({ length: 4 }, proposeAgain));
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  expect(await scene.repo.git('rev-list', '--count', `main..${branch}`)).toBe('1');
});

test('a worker that dies while its push is under way leaves what the next one finds or replaces', async () => {
  const stop = new AbortController();
  await scene.hook('pre-receive', 'touch started; sleep 1; touch ended');
  const dying = scene.sandbox.git.writer.restorePath(scene.request({ onto }), stop.signal);
  const outcome = expect(dying).rejects.toThrow('killed');
  await until('the push is under way', () => existsSync(join(scene.repo.dir, 'started')));
  stop.abort(new Error('killed'));
  await outcome;
  const result = await proposeAgain();
  await until('the hook has ended', () => existsSync(join(scene.repo.dir, 'ended')));
  expect(result).toEqual({ kind: 'pushed', revision: await proposed(), alsoReverted: [] });
  expect(await scene.repo.git('rev-list', '--count', `main..${branch}`)).toBe('1');
});

test('follows the tracked branch when that has moved', async () => {
  const first = await propose();
  const later = await scene.commit({ 'README.md': '# y\n' });
  const second = await propose();
  expect(second).not.toEqual(first);
  expect(await scene.repo.git('rev-list', '--format=%s', '--no-commit-header', `${later}..${branch}`)).toBe(
    'Revert web',
  );
  expect(await scene.repo.git('rev-parse', `${branch}^`)).toBe(later);
});

test.each<[string, () => Promise<unknown>]>([
  ['somebody has pushed on top', async () => propose().then(() => scene.commit({ x: '1' }, { branch }))],
  ['an older attempt has left something else', () => scene.commit({ x: '1' }, { branch, parent: null })],
  ['another run has written the same', () => propose({ trailers: { 'Belay-Run': 'app/web/run-6' } })],
  [
    'somebody has written the same by hand',
    () =>
      scene.commit({ 'apps/web/a.yaml': 'v: 1\n', 'apps/web/new.yaml': null }, { branch, parent: scene.bad }),
  ],
])('replaces what is there where %s', async (_, before) => {
  await before();
  const there = await proposed();
  const result = await propose();
  expect(result).toEqual({ kind: 'pushed', revision: await proposed(), alsoReverted: [] });
  expect(await proposed()).not.toBe(there);
  expect(await scene.repo.git('rev-parse', `${branch}^`)).toBe(scene.bad);
  expect(await scene.message(branch)).toContain('Belay-Run: app/web/run-7');
});

test('begins again where somebody takes the branch while it is pushed', async () => {
  const other = await scene.commit({ x: '1' }, { branch: 'other', parent: scene.good });
  await scene.hook(
    'pre-receive',
    `test -e raced && exit 0; touch raced
    unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
    git update-ref ${onto} ${other}`,
  );
  expect(await propose()).toEqual({ kind: 'pushed', revision: await proposed(), alsoReverted: [] });
  expect(await scene.repo.git('rev-parse', `${branch}^`)).toBe(scene.bad);
});

const back = { 'apps/web/a.yaml': 'v: 1\n', 'apps/web/new.yaml': null };

test.each<[string, () => Promise<unknown>]>([
  ['merged without a commit', () => scene.repo.git('update-ref', 'refs/heads/main', branch)],
  ['merged', async () => scene.commit(back, { merge: [(await proposed()) ?? ''], message: 'Merge' })],
  ['squashed', () => scene.commit(back, { message: 'Squash\n\n* Revert web' })],
  [
    'rebased',
    async () => {
      const message = await scene.message(branch);
      await scene.commit({ 'README.md': '# y\n' });
      await scene.commit(back, { message });
    },
  ],
])('is not needed where the pull request was %s, and its branch deleted', async (_, merge) => {
  await propose();
  await merge();
  await scene.repo.git('update-ref', '-d', onto);
  expect(await propose()).toEqual({ kind: 'already', revision: await scene.head() });
  expect(await proposeAgain()).toEqual({ kind: 'already', revision: await scene.head() });
  expect(await proposed()).toBeUndefined();
});

test('writes nothing where a fix was pushed on top of the tracked branch', async () => {
  const fix = await scene.commit({ 'apps/web/a.yaml': 'v: 3\n' });
  expect(await propose()).toEqual({ kind: 'superseded', revision: fix });
  expect(await proposed()).toBeUndefined();
});

test('names the branch that the server refused', async () => {
  await scene.hook('pre-receive', "echo 'no branches of robots' >&2; exit 1");
  expect(await propose()).toMatchObject({
    kind: 'refused',
    why: 'hook',
    problem: { value: onto, message: expect.stringContaining(`cannot write ${onto} of`) },
  });
});

test.each(['refs/heads/main', 'main', 'refs/tags/v1', '--force'])('refuses to go to %j', async (name) => {
  await expect(propose({ onto: name })).rejects.toMatchObject({ code: 'InvalidSpec', retry: 'never' });
});
