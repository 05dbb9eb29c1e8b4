import { mkdtempSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGitLine } from '../../tools/chaos/git-line';
import type { GitLine } from '../../tools/chaos/lines';
import { commitFiles, createBareRepo, type BareRepo } from '../support/git-repo';
import { until } from '../support/until';

describe('a line to Git', () => {
  const root = mkdtempSync(join(tmpdir(), 'belay-lines-'));
  let line: GitLine;
  let ours: BareRepo;
  let commits = 0;
  beforeAll(async () => {
    const served = await createBareRepo();
    await rename(served.dir, join(root, 'shop.git'));
    ours = await createBareRepo();
    line = await openGitLine({ root });
  });
  afterEach(() => line.misbehave());
  afterAll(async () => {
    await line.close();
    await ours.remove();
    rmSync(root, { recursive: true, force: true });
  });

  /** Commits, so that there is something to push. */
  const commit = (): Promise<string> => commitFiles(ours, { 'a.txt': `${++commits}\n` });
  const push = (): Promise<string> => ours.git('push', `${line.url}shop.git`, 'main');
  const there = (): Promise<string> => ours.git('--git-dir', join(root, 'shop.git'), 'rev-parse', 'main');

  test('takes pushes, answers fetches, and tells of each request', async () => {
    let requests = 0;
    line.onRequest(() => (requests += 1));
    const revision = await commit();
    await push();
    expect(await there()).toBe(revision);
    expect(await ours.git('ls-remote', `${line.url}shop.git`, 'main')).toContain(revision);
    expect(requests).toBeGreaterThan(2);
  });

  test.each([500, 503] as const)('answers %d, and nothing was pushed', async (code) => {
    const before = await there();
    const revision = await commit();
    line.misbehave({ kind: 'status', code });
    await expect(push()).rejects.toThrow(String(code));
    expect(await there()).toBe(before);
    line.misbehave();
    await push();
    expect(await there()).toBe(revision);
  });

  test('answers late', async () => {
    const revision = await commit();
    line.misbehave({ kind: 'slow', ms: 300 });
    const began = performance.now();
    await push();
    // The advertisement and the pack.
    expect(performance.now() - began).toBeGreaterThan(550);
    expect(await there()).toBe(revision);
  });

  test('takes a push and never says so', async () => {
    const revision = await commit();
    line.misbehave({ kind: 'drop-after-receive' });
    await expect(push()).rejects.toThrow();
    expect(await there()).toBe(revision);
    expect(await ours.git('ls-remote', `${line.url}shop.git`, 'main')).toContain(revision);
  });

  test('lets nobody through while it is cut', async () => {
    const before = await there();
    const revision = await commit();
    line.cut();
    await expect(push()).rejects.toThrow();
    expect(await there()).toBe(before);
    line.mend();
    await push();
    expect(await there()).toBe(revision);
  });

  test('breaks off what is under way when it is cut', async () => {
    let requests = 0;
    line.onRequest(() => (requests += 1));
    line.misbehave({ kind: 'slow', ms: 60_000 });
    await commit();
    const before = await there();
    const pushed = push().then(
      () => 'pushed',
      () => 'broken off',
    );
    await until('it has asked', () => requests === 1);
    line.cut();
    expect(await pushed).toBe('broken off');
    line.mend();
    expect(await there()).toBe(before);
  });
});
