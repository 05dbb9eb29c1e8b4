import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../../src/adapters/cluster/connect';
import { connectBelay } from '../../../src/client';
import { startCluster } from '../../../tools/local/cluster';
import { startTemporal } from '../../../tools/local/temporal-server';
import { launchWorker, type WorkerProcess } from '../../../tools/local/worker';
import { startLoad, type Load } from '../../../tools/node/load';
import { startNode, type RealNode } from '../../../tools/node/node';
import { ensureNodeTools } from '../../../tools/node/tools';
import type { Environment } from '../../support/environment';

/** What tests on simulated nodes have, with a real node in their place. */
export interface NodeEnvironment extends Environment {
  readonly node: RealNode;
  /** 200 requests a second to the route of this host, for two minutes at most. */
  startLoad(host: string): Promise<Load>;
}

/** Starts everything on free ports below a new directory; `stop` leaves nothing behind, nor does a start that fails. */
export async function startNodeEnvironment(): Promise<NodeEnvironment> {
  const dir = mkdtempSync(join(tmpdir(), 'belay-node-'));
  const parts: { stop(): Promise<void> }[] = [];
  const stopAll = async (): Promise<void> => {
    for (const part of parts.reverse()) await part.stop();
    if (process.env['KEEP'] === undefined) rmSync(dir, { recursive: true, force: true });
  };
  try {
    return await startParts(dir, parts, stopAll);
  } catch (error: unknown) {
    await stopAll();
    throw error;
  }
}

async function startParts(
  dir: string,
  parts: { stop(): Promise<void> }[],
  stop: () => Promise<void>,
): Promise<NodeEnvironment> {
  const tools = await ensureNodeTools();
  const temporal = await startTemporal({ dir: join(dir, 'temporal') });
  parts.push(temporal);
  const cluster = await startCluster({ dir: join(dir, 'cluster'), nodes: 0 });
  parts.push(cluster);
  const node = await startNode({ dir: join(dir, 'node'), cluster, tools });
  parts.push(node);
  const kube = await connectCluster({ kubeconfig: cluster.kubeconfig, context: 'belay-local' });
  const env = { ...process.env, TEMPORAL_ADDRESS: temporal.address };
  const client = await connectBelay({ env, cwd: dir, requestedBy: 'tester' });
  const workers: WorkerProcess[] = [];
  parts.push({
    async stop() {
      for (const worker of workers) worker.kill('SIGKILL');
      await client.close();
      kube.close();
    },
  });
  return {
    dir,
    cluster,
    kube,
    temporal,
    client,
    node,
    stop,
    startLoad: (host) =>
      startLoad({
        dir: join(dir, 'node'),
        vegeta: tools.vegeta,
        url: node.gatewayUrl,
        host,
        rate: 200,
        seconds: 120,
      }),
    async startWorker({ kubeconfig = cluster.kubeconfig } = {}) {
      const name = `worker-${workers.length + 1}`;
      const worker = await launchWorker({ dir, name, kubeconfig, temporalAddress: temporal.address });
      workers.push(worker);
      // With its id there, it ends with the node when this process is killed.
      writeFileSync(join(dir, 'node', 'pids', `${name}.pid`), `${worker.pid}\n`);
      return worker;
    },
  };
}
