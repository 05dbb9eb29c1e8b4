import { Client, Connection } from '@temporalio/client';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { connectBelay, type BelayClient } from '../../src/client';
import type { Cluster } from '../../src/ports/cluster';
import { startCluster, type LocalCluster } from '../local/cluster';
import { startTemporal, type LocalTemporal } from '../local/temporal-server';
import { launchWorker, type WorkerProcess } from '../local/worker';

/** Everything the demo plays on: a local cluster, a Temporal server, a worker. */
export interface Stage {
  readonly dir: string;
  readonly cluster: LocalCluster;
  readonly temporal: LocalTemporal;
  readonly kube: Cluster;
  readonly client: BelayClient;
  readonly temporalClient: Client;
  worker: WorkerProcess;
  /** A new worker process in place of one that was killed. */
  restartWorker(): Promise<void>;
  /** Ends what was started; no process is left. */
  strike(): Promise<void>;
}

/** Sets the stage up in `dir`, from nothing. */
export async function setStage(dir: string, say: (line: string) => void): Promise<Stage> {
  const home = resolve(dir);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const started: { stop(): Promise<void> }[] = [];
  try {
    const cluster = await startCluster({ dir: join(home, 'cluster'), log: say });
    started.push(cluster);
    const temporal = await startTemporal({ dir: join(home, 'temporal'), ui: true });
    started.push(temporal);
    let number = 0;
    const launch = (): Promise<WorkerProcess> => {
      number += 1;
      return launchWorker({
        dir: home,
        name: `worker-${number}`,
        kubeconfig: cluster.kubeconfig,
        temporalAddress: temporal.address,
      });
    };
    const worker = await launch();
    const env = { ...process.env, TEMPORAL_ADDRESS: temporal.address };
    const client = await connectBelay({ env, cwd: home, requestedBy: 'demo' });
    const connection = await Connection.connect({ address: temporal.address });
    const stage: Stage = {
      dir: home,
      cluster,
      temporal,
      kube: await connectCluster({ kubeconfig: cluster.kubeconfig, context: 'belay-local' }),
      client,
      temporalClient: new Client({ connection }),
      worker,
      restartWorker: async () => {
        stage.worker = await launch();
      },
      strike: async () => {
        stage.worker.kill('SIGTERM');
        await Promise.all([client.close(), connection.close()]);
        await stage.worker.gone();
        stage.kube.close();
        await Promise.all(started.map((each) => each.stop()));
      },
    };
    return stage;
  } catch (error: unknown) {
    await Promise.all(started.map((each) => each.stop()));
    throw error;
  }
}
