import { Client, Connection } from '@temporalio/client';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { connectBelay, type BelayClient } from '../../src/client';
import type { Cluster } from '../../src/ports/cluster';
import { callApi } from '../../tools/local/api';
import { startCluster } from '../../tools/local/cluster';
import { readCredentials } from '../../tools/local/pki';
import { listProcesses } from '../../tools/local/processes';
import { startTemporal } from '../../tools/local/temporal-server';
import { launchWorker, type WorkerProcess } from '../../tools/local/worker';
import { usageOf, type Usage } from './usage';

export type Program = 'worker' | 'temporal' | 'kube-apiserver' | 'etcd' | 'kube-controller-manager';

/** A cluster, a Temporal server and a worker that are the bench's own. */
export interface Stage {
  readonly dir: string;
  readonly kube: Cluster;
  readonly client: BelayClient;
  readonly temporal: Client;
  /** The worker's requests to the API server so far, by verb and kind. */
  requests(): Readonly<Record<string, number>>;
  usage(): Readonly<Record<Program, Usage>>;
  /** The API server's own metrics, as text. */
  metrics(): Promise<string>;
  logTail(): string;
  /** Throws when the worker has ended by itself: nothing would ever be synced. */
  readonly checkWorker: () => void;
  /** Another worker takes the place of this one, which may end what it does (SIGTERM) or not; resolves when that one is ready. */
  restartWorker(poll: string, signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends everything and removes the directory. */
  strike(): Promise<void>;
}

/** A worker that cannot end in order is ended, so that a bench on a loaded machine has an end. */
const endsWithinMs = 30_000;

export interface StageOptions {
  /** Where everything is kept while it runs; must not exist; undefined: a temporary directory. */
  readonly dir: string | undefined;
  /** The worker writes a profile of its processor time into this directory when it ends. */
  readonly profile: string | undefined;
  readonly pollSeconds: number;
  /** Temporal's database is a file unless told otherwise. */
  readonly database?: 'file' | 'memory';
}

/** Starts everything in an empty directory; nothing that the environment names is used. */
export async function setStage(options: StageOptions, say: (line: string) => void): Promise<Stage> {
  const dir = emptyDirectory(options.dir);
  const ends: (() => Promise<unknown> | void)[] = [() => rmSync(dir, { recursive: true, force: true })];
  const strike = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const cluster = await startCluster({ dir: join(dir, 'cluster'), log: say });
    ends.push(() => cluster.stop());
    const temporal = await startTemporal({
      dir: join(dir, 'temporal'),
      ...(options.database === 'memory' && { dbFile: null }),
    });
    ends.push(() => temporal.stop());
    const countsFile = join(dir, 'requests.json');
    let number = 0;
    const gone = new Set<WorkerProcess>();
    const launch = async (poll: string): Promise<WorkerProcess> => {
      number += 1;
      const preload = `--require ${join(__dirname, 'count-requests.js')}`;
      const profile =
        options.profile === undefined ? '' : ` --cpu-prof --cpu-prof-dir=${resolve(options.profile)}`;
      const launched = await launchWorker({
        dir,
        name: `worker-${number}`,
        kubeconfig: cluster.kubeconfig,
        temporalAddress: temporal.address,
        poll,
        env: {
          NODE_OPTIONS: preload + profile,
          BELAY_BENCH_COUNTS: countsFile,
          BELAY_BENCH_SERVER: cluster.server,
          TEMPORAL_NAMESPACE: 'default',
        },
      });
      void launched.gone().then(() => gone.add(launched));
      return launched;
    };
    const end = async (worker: WorkerProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
      worker.kill(signal);
      const late = setTimeout(() => worker.kill('SIGKILL'), endsWithinMs);
      await worker.gone();
      clearTimeout(late);
    };
    let worker = await launch(`${options.pollSeconds}s`);
    ends.push(() => end(worker));
    const env = { TEMPORAL_ADDRESS: temporal.address, PATH: process.env['PATH'] };
    const client = await connectBelay({ env, cwd: dir, requestedBy: 'bench', answerWithinMs: 60_000 });
    ends.push(() => client.close());
    const connection = await Connection.connect({ address: temporal.address });
    ends.push(() => connection.close());
    const kube = await connectCluster({ kubeconfig: cluster.kubeconfig, context: 'belay-local' });
    ends.push(() => kube.close());
    const pids = new Map(
      [...(await listProcesses(cluster.dir)), ...(await listProcesses(join(dir, 'temporal')))].map(
        ({ name, pid }) => [name, pid],
      ),
    );
    const programs = ['temporal', 'kube-apiserver', 'etcd', 'kube-controller-manager'] as const;
    return {
      dir,
      kube,
      client,
      temporal: new Client({ connection }),
      requests: () =>
        existsSync(countsFile)
          ? (JSON.parse(readFileSync(countsFile, 'utf8')) as Record<string, number>)
          : {},
      usage: () => {
        const rest = programs.map((name) => [name, usageOf(pids.get(name) ?? 0)] as const);
        return Object.fromEntries([['worker', usageOf(worker.pid)], ...rest]) as Record<Program, Usage>;
      },
      metrics: async () => {
        const { body } = await callApi(cluster.server, await readCredentials(cluster.dir), 'GET', '/metrics');
        return String(body);
      },
      checkWorker: () => {
        if (gone.has(worker)) throw new Error('the worker has ended by itself');
      },
      logTail: () => worker.log().split('\n').slice(-12).join('\n'),
      restartWorker: async (poll, signal) => {
        await end(worker, signal);
        worker = await launch(poll);
      },
      strike,
    };
  } catch (error: unknown) {
    await strike();
    throw error;
  }
}

function emptyDirectory(dir: string | undefined): string {
  if (dir === undefined) return mkdtempSync(join(tmpdir(), 'belay-bench-'));
  if (existsSync(dir))
    throw new Error(`--dir ${dir} exists; name a directory that does not, it is removed at the end`);
  mkdirSync(dir, { recursive: true });
  return resolve(dir);
}
