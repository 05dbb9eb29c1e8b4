import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confinement } from '../../../src/adapters/render/confinement';
import { createJail, sweepJails, type Jail } from '../../../src/adapters/render/jail';
import { defaultLimits } from '../../../src/adapters/render/limits';
import { runSandboxed, type SandboxResult } from '../../../src/adapters/render/sandbox';
import { isAlive } from '../../../tools/local/processes';
import { until } from '../../support/until';

let dir: string;
let jail: Jail;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'belay-sandbox-'));
  jail = await createJail(dir, 'sh', '/bin/sh');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Runs a script as a machine without namespaces does: a shell needs files outside the jail. */
function sh(
  script: string,
  {
    limits = {},
    signal = new AbortController().signal,
  }: { limits?: Partial<typeof defaultLimits>; signal?: AbortSignal } = {},
): Promise<SandboxResult> {
  const run = { jail, program: 'sh', args: ['-c', script], cwd: 'repo' };
  return runSandboxed({ ...run, limits: { ...defaultLimits, ...limits }, signal, confinement: {} });
}

test('gives a program none of our environment', async () => {
  process.env['BELAY_SANDBOX_TEST'] = 'secret';
  const result = await sh('export -p; echo "input: $(/bin/cat)"');
  delete process.env['BELAY_SANDBOX_TEST'];
  const text = result.kind === 'done' ? result.stdout : '';
  const names = [...text.matchAll(/^(?:export|declare -x) (\w+)/gm)].map(([, name]) => name);
  const own = [
    'GOMEMLIMIT',
    'HOME',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'TMPDIR',
    'XDG_CACHE_HOME',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
  ];
  // What shells set by themselves.
  expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? '')).sort()).toEqual(own);
  expect(text).toContain('input: \n');
});

test('stops what never ends to write', async () => {
  expect(
    await sh('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done', { limits: { outputBytes: 100_000 } }),
  ).toEqual({
    kind: 'stopped',
    limit: 'output',
  });
  expect(await sh('/bin/cat /dev/zero')).toEqual({ kind: 'stopped', limit: 'output' });
});

test('ends when it is told to, with all that it has started', async () => {
  const stop = new AbortController();
  const running = sh('/bin/sleep 1000 & echo $! > child; wait', { signal: stop.signal });
  const ended = expect(running).rejects.toThrow('enough');
  const text = await until('it has begun', () =>
    readFile(jail.path('repo', 'child'), 'utf8').catch(() => ''),
  );
  stop.abort(new Error('enough'));
  await ended;
  await until('the child is gone', async () => !(await isAlive(Number(text))));
});

test('says what a program complained about without naming our directories', async () => {
  const result = await sh(`echo "Error: no file $PWD/deploy/a.yaml" >&2; exit 1`);
  expect(result).toEqual({ kind: 'failed', stderr: 'Error: no file deploy/a.yaml\n' });
});

test('finds out what this machine allows', async () => {
  const allowed = await confinement();
  for (const program of Object.values(allowed)) expect(program).toMatch(/^\//);
});

test('removes what a process that died has left, and nothing younger', async () => {
  const old = jail.path('..', 'run-old');
  await mkdir(old);
  await utimes(old, 0, 0);
  await sweepJails(dir);
  const names = (await readdir(dir)).filter((name) => name.startsWith('run-'));
  expect(names.map((name) => join(dir, name))).toEqual([jail.dir]);
});

test('stops what a program leaves running behind it', async () => {
  expect(await sh('/bin/sleep 1000 & echo done', { limits: { wallMs: 500 } })).toEqual({
    kind: 'stopped',
    limit: 'time',
  });
});
