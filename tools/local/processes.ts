import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './command';

const GRACE_MS = 4_000;

/** The process itself writes down its id, so that not even a crash of its parent leaves it unknown. */
const LAUNCH = 'echo $$ > "$0" && exec "$@"';

/** A process that was started for a directory, as its pid file tells. */
export interface LocalProcess {
  name: string;
  pid: number;
  /** When the system says it started, so that another process with a reused id is left alone. */
  started: string;
}

/** Starts a program in the background, its output in `dir/logs`, its id in `dir/pids`. */
export async function startProcess(
  dir: string,
  name: string,
  command: string,
  args: string[],
): Promise<LocalProcess> {
  await mkdir(join(dir, 'logs'), { recursive: true });
  await mkdir(join(dir, 'pids'), { recursive: true });
  const log = openSync(logFile(dir, name), 'w');
  const pidFile = join(dir, 'pids', `${name}.pid`);
  await rm(pidFile, { force: true });
  const options: SpawnOptions = { cwd: dir, detached: true, stdio: ['ignore', log, log] };
  const child = spawn('/bin/sh', ['-c', LAUNCH, pidFile, command, ...args], options);
  closeSync(log);
  await once(child, 'spawn');
  child.unref();
  const pid = child.pid as number;
  const process = { name, pid, started: await readStart(pid) };
  await writeFile(`${pidFile}.new`, `${pid}\n${process.started}\n`);
  await rename(`${pidFile}.new`, pidFile);
  return process;
}

/** Lists the processes whose ids are kept in `dir/pids` and that still run. */
export async function listProcesses(dir: string): Promise<LocalProcess[]> {
  const files = (await readPidFiles(dir)).filter((file) => file.endsWith('.pid'));
  const found = await Promise.all(
    files.map(async (file) => {
      const [pid, started = ''] = (await readFile(join(dir, 'pids', file), 'utf8').catch(() => '')).split(
        '\n',
      );
      return { name: basename(file, '.pid'), pid: Number(pid), started };
    }),
  );
  const alive = await Promise.all(found.map(isRunning));
  return found.filter((_, index) => alive[index]);
}

/** Ends the directory's processes (all, or those named) and waits until they are gone. */
export async function stopProcesses(dir: string, names?: string[]): Promise<void> {
  const wanted = (process: LocalProcess) => !names || names.includes(process.name);
  const running = (await listProcesses(dir)).filter(wanted);
  await Promise.all(running.map(endProcess));
  const done = (await readPidFiles(dir)).filter((file) => !names || names.includes(basename(file, '.pid')));
  await Promise.all(done.map((file) => rm(join(dir, 'pids', file), { force: true })));
}

/** Tells whether a process has this id and has not ended; who has ended may still wait to be collected, in a container for ever. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await readStart(pid)) !== '';
}

/** Tells whether this very process, not another with its id, still runs. */
export async function isRunning(process: LocalProcess): Promise<boolean> {
  const start = process.pid > 0 ? await readStart(process.pid) : '';
  return start !== '' && (start === process.started || process.started === '');
}

/** Reads the last lines of a process's log. */
export async function readLogTail(dir: string, name: string, lines = 8): Promise<string> {
  const text = await readFile(logFile(dir, name), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

function readPidFiles(dir: string): Promise<string[]> {
  return readdir(join(dir, 'pids')).catch(() => []);
}

function logFile(dir: string, name: string): string {
  return join(dir, 'logs', `${name}.log`);
}

async function endProcess(running: LocalProcess): Promise<void> {
  signal(running.pid, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (await isRunning(running)) {
    if (Date.now() > deadline) signal(running.pid, 'SIGKILL');
    await sleep(30);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Reads when a process started; empty if it does not run, or has ended and waits to be collected. */
async function readStart(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The fields after the command's name, which is in parentheses and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  }
  const listed = await runCommand('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => null);
  const [state = '', ...start] = (listed?.stdout.trim() ?? '').split(/\s+/);
  return state.startsWith('Z') ? '' : start.join(' ');
}
