import { isDeepStrictEqual } from 'node:util';
import { keepReplicas } from '../domain/compose';
import { fenceOn } from '../domain/fence';
import { refOf, type KubeObject } from '../domain/kube-object';
import { gitManager, marks, rolloutManager } from '../domain/marks';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { assertNotFenced } from './fenced';
import { takeOverFields } from './take-over';

/**
 * Applies a workload, fenced first and with the resourceVersion just read; nothing is sent when nothing differs. Answers it as it is
 * then. Throws PortError `Fenced` when a newer step has written it.
 */
export async function applyWorkload(
  cluster: Cluster,
  wanted: KubeObject,
  fence: number,
  signal: AbortSignal,
): Promise<KubeObject> {
  for (;;) {
    const live = await cluster.get(refOf(wanted), signal);
    assertNotFenced(live, fence);
    try {
      const fenced =
        live === undefined || fenceOn(live) === fence ? live : await putFence(cluster, live, fence, signal);
      const seen = fenced === undefined ? undefined : await takeOverFields(cluster, fenced, signal);
      const object = withVersion(keepReplicas(wanted, seen), seen);
      const dryRun = await cluster.apply(object, { manager: gitManager, dryRun: true, signal });
      if (seen !== undefined && seen === fenced && isDeepStrictEqual(dryRun['spec'], seen['spec']))
        return seen;
      const applied = await cluster.apply(object, { manager: gitManager, signal });
      return seen === undefined ? await putFence(cluster, applied, fence, signal) : applied;
    } catch (error: unknown) {
      if (!isPortError(error, 'Conflict')) throw error;
    }
  }
}

/** Writes the fencing number; `Conflict` when the object has changed since it was read. */
export function putFence(
  cluster: Cluster,
  object: KubeObject,
  fence: number,
  signal: AbortSignal,
): Promise<KubeObject> {
  const metadata = {
    resourceVersion: object.metadata.resourceVersion,
    annotations: { [marks.fence]: String(fence) },
  };
  return cluster.patch(refOf(object), { metadata }, { manager: rolloutManager, signal });
}

function withVersion(wanted: KubeObject, seen: KubeObject | undefined): KubeObject {
  const version = seen?.metadata.resourceVersion;
  return version === undefined
    ? wanted
    : { ...wanted, metadata: { ...wanted.metadata, resourceVersion: version } };
}
