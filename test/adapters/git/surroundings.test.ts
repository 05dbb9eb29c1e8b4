import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queues } from '../../../src/adapters/git/queues';
import { filesBelow } from '../../support/git-files';
import { commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';

let repo: BareRepo;
let sandbox: GitSandbox;
let home: string;
const environment = { ...process.env };
beforeEach(async () => {
  [repo, sandbox, home] = await Promise.all([
    createBareRepo(),
    createSandbox(),
    mkdtemp(join(tmpdir(), 'belay-home-')),
  ]);
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  await Promise.all([repo.remove(), sandbox.remove(), rm(home, { recursive: true })]);
});

test('neither the configuration of the user nor the environment of the process changes what Git does', async () => {
  const revision = await commitFiles(repo, { 'k8s/a.yaml': 'a: 1\n' });
  await writeFile(join(home, '.gitconfig'), '[url "file:///nowhere/"]\n  insteadOf = file:///\n[bad');
  Object.assign(process.env, {
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_DIR: '/nowhere',
    GIT_TRACE: '1',
    GIT_SSH_COMMAND: 'false',
    GIT_CONFIG_PARAMETERS: "'core.bare=false'",
    EDITOR: 'false',
  });
  expect(await sandbox.git.reader.resolve(repo.url, 'main')).toMatchObject({ revision });
  expect(await filesBelow(sandbox.git, repo.url, 'k8s', revision)).toEqual({ 'k8s/a.yaml': 'a: 1\n' });
});

test('a machine without git says so', async () => {
  process.env['PATH'] = home;
  await expect(sandbox.git.reader.resolve(repo.url, 'main')).rejects.toMatchObject({
    code: 'Unreachable',
    message: expect.stringContaining('ENOENT'),
  });
});

test('a lock that a killed process left is removed when it is old', async () => {
  const revision = await commitFiles(repo, { 'k8s/a.yaml': 'a: 1\n' });
  const first = await commitFiles(repo, { 'k8s/b.yaml': 'b: 1\n' }, { branch: 'other' });
  await filesBelow(sandbox.git, repo.url, 'k8s', first);
  const [mirror = ''] = (await readdir(sandbox.dir)).filter((name) => name.endsWith('.git'));
  const lock = join(sandbox.dir, mirror, 'refs', 'mirror', 'tip', `${revision.slice(0, 1)}.lock`);
  await mkdir(dirname(lock), { recursive: true });
  await writeFile(lock, '');
  await utimes(lock, new Date(0), new Date(0));
  expect(await filesBelow(sandbox.git, repo.url, 'k8s', revision)).toEqual({ 'k8s/a.yaml': 'a: 1\n' });
});

describe('queues', () => {
  test('run tasks of one name in order, and of two names together', async () => {
    const queues = new Queues();
    const log: string[] = [];
    const task = (name: string, millis: number) => async () => {
      log.push(`${name} starts`);
      await sleep(millis);
      log.push(`${name} ends`);
    };
    await Promise.all([
      queues.run('a', task('a1', 20)),
      queues.run('a', task('a2', 1)).catch(() => undefined),
      queues.run('b', task('b', 1)),
    ]);
    expect(log).toEqual(['a1 starts', 'b starts', 'b ends', 'a1 ends', 'a2 starts', 'a2 ends']);
  });

  test('go on after a failure, and past a caller who gave up', async () => {
    const queues = new Queues();
    const stop = new AbortController();
    const failing = queues.run('a', () => sleep(20).then(() => Promise.reject(new Error('failed'))));
    const leaving = queues.run('a', () => Promise.reject(new Error('ran')), stop.signal);
    const last = queues.run('a', () => Promise.resolve('done'));
    stop.abort(new Error('gave up'));
    await expect(leaving).rejects.toThrow('gave up');
    await expect(failing).rejects.toThrow('failed');
    expect(await last).toBe('done');
  });
});
