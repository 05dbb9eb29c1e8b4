import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTool, type Tool } from '../../tools/local/cache';
import { ensureControlPlane } from '../../tools/local/go-tools';
import { startGuard } from '../../tools/local/guard';
import { withLock } from '../../tools/local/lock';
import { PortTaken } from '../../tools/local/ports';
import { MissingPrerequisite } from '../../tools/local/prerequisites';
import { isRunning, startProcess } from '../../tools/local/processes';
import { ensureTemporalCli } from '../../tools/local/temporal-cli';
import { waitUntil } from '../../tools/local/wait';

const environment = { ...process.env };
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'belay-cache-'));
  process.env.XDG_CACHE_HOME = dir;
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(async () => {
  process.env = { ...environment };
  jest.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

test.each([
  ['Go', ensureControlPlane, /Install Go 1\.26 or newer.*--context NAME/],
  ['Python 3', ensureTemporalCli, /Install Python 3 with pip.*TEMPORAL_ADDRESS/],
])('a missing %s is named, with what to do', async (missing, ensure, remedy) => {
  process.env.PATH = '';
  const error = await ensure().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MissingPrerequisite);
  expect(error).toMatchObject({ missing: expect.stringContaining(`${missing} (`) as string });
  expect((error as MissingPrerequisite).remedy).toMatch(remedy);
  expect(await readdir(join(dir, 'belay'))).toEqual([]);
});

test('a tool is made once, whoever asks', async () => {
  const make = jest.fn(async (directory: string) => {
    await sleep(200);
    await writeFile(join(directory, 'thing'), 'made');
  });
  const tool: Tool = { name: 'thing', version: '1', sources: [], label: 'making', make };
  const paths = await Promise.all([ensureTool(tool), ensureTool(tool), ensureTool(tool)]);
  expect(new Set(paths).size).toBe(1);
  expect(make).toHaveBeenCalledTimes(1);
  expect(await readdir(join(dir, 'belay'))).toHaveLength(1);
});

test('a lock whose owner died is taken over', async () => {
  const lock = join(dir, 'lock');
  await mkdir(lock);
  const child = spawn('true');
  await new Promise((resolve) => child.once('exit', resolve));
  await writeFile(join(lock, 'owner'), `${child.pid} ${hostname()}`);
  await expect(withLock(lock, () => Promise.resolve('mine'))).resolves.toBe('mine');
  expect(await readdir(dir)).toEqual([]);
});

test('a process that dies while it starts is named, with its last words', async () => {
  const process = await startProcess(dir, 'etcd', 'sh', ['-c', 'echo no such flag; exit 1']);
  const wait = waitUntil({ dir, what: 'etcd', processes: [process] }, () => Promise.resolve(false));
  await expect(wait).rejects.toThrow(/etcd ended while it started[^]*no such flag/);
});

test('a port that was taken meanwhile is told apart', async () => {
  const process = await startProcess(dir, 'etcd', 'sh', ['-c', 'echo bind: address already in use; exit 1']);
  const wait = waitUntil({ dir, what: 'etcd', processes: [process] }, () => Promise.resolve(false));
  await expect(wait).rejects.toThrow(PortTaken);
});

test('what was started ends with its parent', async () => {
  const parent = spawn('sleep', ['60']);
  const victim = await startProcess(dir, 'victim', 'sleep', ['60']);
  await startGuard(dir, 'test', parent.pid);
  expect(await isRunning(victim)).toBe(true);
  parent.kill('SIGKILL');
  for (let i = 0; i < 60 && (await isRunning(victim)); i++) await sleep(50);
  expect(await isRunning(victim)).toBe(false);
});
