import type { Cluster, NamespaceView, ViewKind } from '../ports/cluster';

export interface Viewed {
  readonly namespace: string;
  /** Default: what rollouts of Deployments look at. */
  readonly kinds?: readonly ViewKind[];
  /** The workload whose changes are waited for; default: all of the namespace. */
  readonly about?: string;
  readonly signal: AbortSignal;
}

/** Uses a live view of a namespace once every kind in it has been listed, and closes it, however that ends. */
export async function withView<T>(
  cluster: Cluster,
  { namespace, kinds, about, signal }: Viewed,
  use: (live: NamespaceView) => Promise<T>,
): Promise<T> {
  const live = cluster.view(namespace, kinds, about);
  try {
    await live.ready(signal);
    return await use(live);
  } finally {
    live.close();
  }
}
