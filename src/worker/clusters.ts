import { setTimeout as sleep } from 'node:timers/promises';
import { ownCluster } from '../domain/own-cluster';
import type { Target } from '../domain/project/project';
import type { Cluster } from '../ports/cluster';

/** A cluster that the worker was told to serve. */
export interface ClusterSource {
  /** For people: `context staging`, `Secret argocd/prod`. */
  readonly what: string;
  readonly names: readonly string[];
  readonly limits?: Pick<Target, 'project' | 'namespaces' | 'clusterResources'>;
  connect(): Promise<Cluster>;
}

/** A cluster that was reached. */
export interface Served {
  readonly cluster: Cluster;
  readonly target: Target;
}

export interface ClusterState {
  readonly what: string;
  readonly id?: string;
  /** Why it is not served yet. */
  readonly why?: string;
}

interface Options {
  readonly log: (line: string) => void;
  /** A cluster that nobody has named before was reached. */
  readonly onServed: (served: Served) => Promise<void>;
  readonly signal: AbortSignal;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** The clusters of a worker. One that cannot be reached stops no other: it is tried again for as long as the worker runs. */
export class Clusters {
  readonly #states = new Map<string, ClusterState>();
  readonly #served = new Map<string, Served>();

  constructor(private readonly options: Options) {}

  states(): readonly ClusterState[] {
    return [...this.#states.values()];
  }

  served(): readonly Served[] {
    return [...this.#served.values()];
  }

  /** Tries until it is reached, or the worker ends. */
  async add(source: ClusterSource): Promise<void> {
    const { log, signal } = this.options;
    for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(longestPauseMs, pause * 2)) {
      try {
        return await this.take(source, await source.connect());
      } catch (error: unknown) {
        const why = error instanceof Error ? error.message : String(error);
        if (this.#states.get(source.what)?.why !== why) log(`${source.what}: ${why}; trying again`);
        this.#states.set(source.what, { what: source.what, why });
      }
      await sleep(pause * (0.75 + Math.random() / 4), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Throws what stands in the way of the first try. */
  async addNow(source: ClusterSource): Promise<void> {
    await this.take(source, await source.connect());
  }

  /** The cluster of a source that was reached. */
  find({ what }: ClusterSource): Served | undefined {
    return this.#served.get(this.#states.get(what)?.id ?? '');
  }

  /** Two sources may name one cluster: it is served once, under all its names. */
  private async take(source: ClusterSource, cluster: Cluster): Promise<void> {
    const known = this.#served.get(cluster.id);
    if (known !== undefined) {
      if (known.cluster !== cluster) cluster.close();
      this.#served.set(cluster.id, merged(known, source, cluster.server));
    } else {
      const found = served(source, cluster);
      await this.options.onServed(found);
      this.#served.set(cluster.id, found);
    }
    this.#states.set(source.what, { what: source.what, id: cluster.id });
    this.options.log(`serving cluster ${cluster.id} (${cluster.server}) of ${source.what}`);
  }
}

function served({ names, limits }: ClusterSource, cluster: Cluster): Served {
  const own = names.includes(ownCluster.name) ? [ownCluster.server] : [];
  return { cluster, target: { ...limits, servers: [cluster.server, ...own], names } };
}

function merged({ cluster, target }: Served, { names, limits }: ClusterSource, server: string): Served {
  const all = {
    names: [...new Set([...target.names, ...names])],
    servers: [...new Set([...target.servers, server])],
  };
  return { cluster, target: { ...limits, ...target, ...all } };
}
