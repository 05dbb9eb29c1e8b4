import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { connectBelay, type BelayClient } from '../../src/client';
import type { Cluster } from '../../src/ports/cluster';
import { startCluster, type LocalCluster } from '../../tools/local/cluster';
import { startTemporal, type LocalTemporal } from '../../tools/local/temporal-server';
import { launchWorker, type WorkerLaunch, type WorkerProcess } from '../../tools/local/worker';

/** Real parts for one test file: an API server with simulated nodes, a Temporal server, and workers. */
export interface Environment {
  readonly dir: string;
  readonly cluster: LocalCluster;
  readonly kube: Cluster;
  readonly temporal: LocalTemporal;
  readonly client: BelayClient;
  /** `kubeconfig`: another identity than the administrator; `args`: more options of `belay worker`. */
  startWorker(
    options?: Pick<WorkerLaunch, 'args' | 'env' | 'launcher'> & { readonly kubeconfig?: string },
  ): Promise<WorkerProcess>;
  stop(): Promise<void>;
}

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
    async startWorker({ kubeconfig = cluster.kubeconfig, ...more } = {}) {
      const name = `worker-${workers.size + 1}`;
      const worker = await launchWorker({
        dir,
        name,
        kubeconfig,
        temporalAddress: temporal.address,
        ...more,
      });
      workers.add(worker);
      return worker;
    },
    async stop() {
      for (const worker of workers) worker.kill('SIGKILL');
      await client.close();
      kube.close();
      await Promise.all([cluster.stop(), temporal.stop()]);
      if (process.env['KEEP'] === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}
