import { setTimeout as sleep } from 'node:timers/promises';
import { connectionFromSecret, type SecretConnection } from '../adapters/cluster/from-secret';
import { clusterSecretLabel, readClusterSecret, type ClusterSecret } from '../domain/cluster-secret';
import type { KubeObject } from '../domain/kube-object';
import { locate } from '../domain/located';
import { ownCluster } from '../domain/own-cluster';
import { describeProblem } from '../domain/problem';
import type { Cluster } from '../ports/cluster';
import type { ClusterSource } from './clusters';

interface Options {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly log: (line: string) => void;
  readonly add: (source: ClusterSource) => void;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}

/**
 * Follows the Secrets with which Argo CD names clusters: a new one adds a cluster, a changed one changes the credentials of the calls to
 * come. One that is gone stays served until the worker is started again. Reads only; credentials stay in memory.
 */
export async function followClusterSecrets(options: Options): Promise<void> {
  const { cluster, namespace, log, add, signal, everyMs = 60_000 } = options;
  const known = new Map<string, SecretConnection | undefined>();
  const told = new Map<string, string>();

  /** Each complaint once. */
  function tell(key: string, text: string): void {
    if (told.get(key) !== text) log(text);
    told.set(key, text);
  }

  function read(object: KubeObject): ClusterSecret | undefined {
    const what = `Secret ${namespace}/${object.metadata.name}`;
    const secret = readClusterSecret(locate(object, what));
    if (!secret.ok)
      tell(what, `${what} names no usable cluster: ${secret.problems.map(describeProblem).join('; ')}`);
    return secret.ok ? secret.value : undefined;
  }

  function take(object: KubeObject): void {
    const secret = read(object);
    if (secret === undefined) return;
    const { name } = object.metadata;
    if (known.has(name)) return known.get(name)?.update(secret);
    const what = `Secret ${namespace}/${name}`;
    if (secret.server === ownCluster.server) {
      known.set(name, undefined);
      return add({ what, ...described(secret), connect: () => Promise.resolve(cluster) });
    }
    const reread = async (): Promise<ClusterSecret | undefined> => {
      const now = await cluster.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
      return now === undefined ? undefined : read(now);
    };
    const connection = connectionFromSecret(secret, reread);
    known.set(name, connection);
    add({ what, ...described(secret), connect: () => connection.connect() });
  }

  while (!signal.aborted) {
    try {
      const kind = { apiVersion: 'v1', kind: 'Secret' };
      const listed = await cluster.list(kind, { namespace, labelSelector: clusterSecretLabel, signal });
      listed.forEach(take);
    } catch (error: unknown) {
      if (!signal.aborted)
        tell('', `cannot read the cluster Secrets of ${namespace}: ${(error as Error).message}`);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function described({
  name,
  project,
  namespaces,
  clusterResources,
}: ClusterSecret): Omit<ClusterSource, 'what' | 'connect'> {
  return {
    names: [name],
    limits: {
      ...(project === undefined ? {} : { project }),
      ...(namespaces === undefined ? {} : { namespaces, clusterResources }),
    },
  };
}
