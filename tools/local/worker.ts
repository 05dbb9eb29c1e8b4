import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A worker in a process of its own, which demo and tests may kill and freeze. */
export interface WorkerProcess {
  readonly pid: number;
  readonly logFile: string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has gone. */
  gone(): Promise<void>;
  log(): string;
}

export interface WorkerLaunch {
  /** Gets the mirrors and the log. */
  readonly dir: string;
  readonly kubeconfig: string;
  readonly temporalAddress: string;
  /** Part of the log's file name. */
  readonly name: string;
  readonly poll?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The program of another build; default: this one's. */
  readonly launcher?: string;
  /** More options of `belay worker`. */
  readonly args?: readonly string[];
}

/** As in the image (Dockerfile): less memory for young objects, and for what is no JavaScript. */
const youngObjects = '--max-semi-space-size=4';
const allocator = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '32768',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_TOP_PAD_: '65536',
};

const ownLauncher = join(process.cwd(), 'bin', 'belay.js');
const readyWithinMs = 60_000;

/** Starts `belay worker` for a local cluster and resolves when it polls. Throws with its log when it ends before. */
export async function launchWorker(launch: WorkerLaunch): Promise<WorkerProcess> {
  const {
    dir,
    kubeconfig,
    temporalAddress,
    name,
    poll = '1s',
    args: more = [],
    launcher = ownLauncher,
  } = launch;
  const logFile = join(dir, `${name}.log`);
  const options =
    `${launch.env?.['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS'] ?? ''} ${youngObjects}`.trim();
  const out = openSync(logFile, 'w');
  const args = ['worker', '--context', 'belay-local', '--kubeconfig', kubeconfig];
  const child = spawn(
    process.execPath,
    [launcher, ...args, '--poll', poll, '--data-dir', dir, '--log-level', 'warn', ...more],
    {
      env: {
        ...process.env,
        ...allocator,
        ...launch.env,
        NODE_OPTIONS: options,
        TEMPORAL_ADDRESS: temporalAddress,
      },
      stdio: ['ignore', out, out],
    },
  );
  closeSync(out);
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.removeListener('exit', endWithUs));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const log = (): string => readFileSync(logFile, 'utf8');
  const giveUp = Date.now() + readyWithinMs;
  while (!log().includes('worker ready')) {
    if (child.exitCode !== null || Date.now() > giveUp) {
      child.kill('SIGKILL');
      throw new Error(`the worker did not become ready: ${log()}`);
    }
    await sleep(25);
  }
  return { pid: child.pid ?? 0, logFile, kill: (signal) => void child.kill(signal), gone: () => exited, log };
}
