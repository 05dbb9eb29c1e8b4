import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { connectBelay, type BelayClient } from '../../src/client';
import type { Cluster } from '../../src/ports/cluster';
import { startCluster, type LocalCluster } from '../../tools/local/cluster';
import { startTemporal, type LocalTemporal } from '../../tools/local/temporal-server';
import { until } from './until';

/** A worker in a process of its own, which tests may kill and freeze. */
export interface WorkerProcess {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has gone. */
  gone(): Promise<void>;
  log(): string;
}

/** Real parts for one test file: an API server with simulated nodes, a Temporal server, and workers. */
export interface Environment {
  readonly dir: string;
  readonly cluster: LocalCluster;
  readonly kube: Cluster;
  readonly temporal: LocalTemporal;
  readonly client: BelayClient;
  startWorker(): Promise<WorkerProcess>;
  stop(): Promise<void>;
}

const launcher = join(__dirname, '..', '..', 'bin', 'belay.js');

/** Starts everything on free ports below a new directory; `stop` leaves no process behind. */
export async function startEnvironment(): Promise<Environment> {
  const dir = mkdtempSync(join(tmpdir(), 'belay-e2e-'));
  const [cluster, temporal] = await Promise.all([
    startCluster({ dir: join(dir, 'cluster') }),
    startTemporal({ dir: join(dir, 'temporal') }),
  ]);
  const kube = await connectCluster({ kubeconfig: cluster.kubeconfig, context: 'belay-local' });
  const workers = new Set<WorkerProcess>();
  const env = { ...process.env, TEMPORAL_ADDRESS: temporal.address };
  const client = await connectBelay({ env, cwd: dir, requestedBy: 'tester' });
  return {
    dir,
    cluster,
    kube,
    temporal,
    client,
    async startWorker() {
      const worker = await launchWorker({
        dir,
        kubeconfig: cluster.kubeconfig,
        env,
        number: workers.size + 1,
      });
      workers.add(worker);
      return worker;
    },
    async stop() {
      for (const worker of workers) worker.kill('SIGKILL');
      await client.close();
      await Promise.all([cluster.stop(), temporal.stop()]);
      if (process.env['KEEP'] === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

interface Launch {
  readonly dir: string;
  readonly kubeconfig: string;
  readonly env: NodeJS.ProcessEnv;
  readonly number: number;
}

async function launchWorker({ dir, kubeconfig, env, number }: Launch): Promise<WorkerProcess> {
  mkdirSync(dir, { recursive: true });
  const logFile = join(dir, `worker-${number}.log`);
  const args = [
    launcher,
    'worker',
    '--context',
    'belay-local',
    '--kubeconfig',
    kubeconfig,
    '--poll',
    '1s',
    '--data-dir',
    dir,
    '--log-level',
    'warn',
  ];
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = createWriteStream(logFile);
  child.stdout?.pipe(out);
  child.stderr?.pipe(out);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const log = (): string => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  await until('the worker is ready', () => {
    if (child.exitCode !== null) throw new Error(`the worker exited with ${child.exitCode}: ${log()}`);
    return log().includes('worker ready');
  });
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), gone: () => exited, log };
}
