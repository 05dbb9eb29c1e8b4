import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The worker of the Git queue as a process of its own, started again whenever it is killed. */
export interface GitWorker {
  /** SIGKILL, and another one at once. Resolves when that one polls. */
  killAndReplace(): Promise<void>;
  stop(): Promise<void>;
}

export interface GitWorkerOptions {
  readonly dir: string;
  readonly temporalAddress: string;
  readonly token: string;
  /** Compiled file of the worker. */
  readonly program: string;
}

const readyWithinMs = 60_000;

/** Starts it and resolves when it polls. Throws with its log when it ends before. */
export async function startGitWorker(options: GitWorkerOptions): Promise<GitWorker> {
  const logFile = join(options.dir, 'git-worker.log');
  let child = await launch(options, logFile);
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const kill = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the worker of the Git queue ended by itself: ${readFileSync(logFile, 'utf8')}`);
    child.kill('SIGKILL');
    await gone;
  };
  return {
    async killAndReplace() {
      await kill();
      child = await launch(options, logFile);
    },
    async stop() {
      process.removeListener('exit', endWithUs);
      await kill();
    },
  };
}

async function launch(options: GitWorkerOptions, logFile: string): Promise<ChildProcess> {
  const out = openSync(logFile, 'w');
  const child = spawn(process.execPath, [options.program], {
    env: {
      PATH: process.env['PATH'],
      TMPDIR: options.dir,
      TEMPORAL_ADDRESS: options.temporalAddress,
      BELAY_BENCH_TOKEN: options.token,
      BELAY_BENCH_MIRRORS: join(options.dir, 'mirrors'),
    },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const giveUp = Date.now() + readyWithinMs;
  while (!readFileSync(logFile, 'utf8').includes('ready\n')) {
    if (child.exitCode !== null || Date.now() > giveUp) {
      child.kill('SIGKILL');
      throw new Error(`the worker of the Git queue did not become ready: ${readFileSync(logFile, 'utf8')}`);
    }
    await sleep(25);
  }
  return child;
}
