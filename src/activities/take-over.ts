import { refOf, type KubeObject } from '../domain/kube-object';
import { gitManager } from '../domain/marks';
import { takeOver } from '../domain/take-over';
import type { Cluster } from '../ports/cluster';

/** Gives `belay` what known predecessors own of an object, before its first apply; answers the object as it is then. */
export async function takeOverFields(
  cluster: Cluster,
  live: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject> {
  const managedFields = takeOver(live);
  if (managedFields === undefined) return live;
  const metadata = { resourceVersion: live.metadata.resourceVersion, managedFields };
  return cluster.patch(refOf(live), { metadata }, { manager: gitManager, signal });
}
