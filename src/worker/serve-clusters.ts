import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports } from '../activities/ports';
import { connectCluster } from '../adapters/cluster/connect';
import { ownCluster } from '../domain/own-cluster';
import type { ClusterDirectory } from '../ports/cluster-directory';
import { followClusterSecrets } from './cluster-secrets';
import { type ClusterSource, Clusters, type Served } from './clusters';
import { createClusterWorkers, type RunOptions } from './run-workers';
import { say } from './say';
import type { WorkerGroup } from './worker-group';

const announceEveryMs = 60_000;

export interface ClusterOptions {
  /** Contexts of the kubeconfig, or `in-cluster`; the first one is the worker's own cluster. */
  readonly contexts: readonly string[];
  readonly kubeconfig?: string;
  /** The contexts' clusters are delivered to, and watched, in this namespace only. */
  readonly namespace?: string;
  /** Namespace of Argo CD's cluster Secrets in the first cluster; absent: they are not read. */
  readonly secretsIn?: string;
}

interface Serving {
  readonly options: ClusterOptions;
  readonly run: RunOptions;
  readonly ports: Omit<Ports, 'cluster'>;
  readonly group: WorkerGroup;
  readonly signal: AbortSignal;
}

/**
 * Serves the clusters that the worker was told of. A single cluster must answer at the start, so that a wrong context is noticed there
 * and then; of several each is tried until it does.
 */
export async function serveClusters({ options, run, ports, group, signal }: Serving): Promise<Clusters> {
  const { contexts, kubeconfig, namespace, secretsIn } = options;
  const sources = contexts.map((context, index): ClusterSource => ({
    what: `context ${context}`,
    names: index === 0 ? [...new Set([ownCluster.name, context])] : [context],
    ...(namespace === undefined ? {} : { limits: { namespaces: [namespace], clusterResources: false } }),
    connect: () =>
      connectCluster({
        context,
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(namespace === undefined ? {} : { onlyIn: namespace }),
      }),
  }));
  const clusters: Clusters = new Clusters({ log: say, signal, onServed });

  async function onServed(found: Served): Promise<void> {
    const { id } = found.cluster;
    const target = () => clusters.served().find(({ cluster }) => cluster.id === id)?.target ?? found.target;
    const workers = await createClusterWorkers(run, { ...ports, cluster: found.cluster, target });
    await ports.directory?.announce(announced(found), true);
    workers.forEach((each) => group.add(each));
  }

  const [first, ...others] = sources;
  const follow = (own: Served | undefined): void => {
    if (secretsIn === undefined || own === undefined) return;
    const add = (source: ClusterSource): void => void clusters.add(source);
    void followClusterSecrets({ cluster: own.cluster, namespace: secretsIn, log: say, add, signal });
  };
  if (first !== undefined && others.length === 0 && secretsIn === undefined) await clusters.addNow(first);
  else if (first !== undefined) void clusters.add(first).then(() => follow(clusters.find(first)));
  for (const other of others) void clusters.add(other);
  if (ports.directory !== undefined) void keepAnnouncing(ports.directory, clusters, signal);
  return clusters;
}

/** Temporal's database may be lost, and another worker may call the cluster otherwise. */
async function keepAnnouncing(
  directory: ClusterDirectory,
  clusters: Clusters,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(announceEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const all = clusters.served().map((each) => directory.announce(announced(each), false));
    await Promise.allSettled(all); // the next round tries again
  }
}

/** What other workers find the cluster by: its names, and the URLs by which it is reached from here. */
export function announced({ cluster, target }: Served) {
  const urls = target.servers.filter((each) => each !== ownCluster.server);
  return { id: cluster.id, server: cluster.server, names: [...target.names, ...urls] };
}
