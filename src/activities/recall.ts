import type { ApplicationState } from '../domain/application-state';
import { asDeployment } from '../domain/apps';
import { fenceOn } from '../domain/fence';
import type { KubeObject, ObjectRef } from '../domain/kube-object';
import { marks } from '../domain/marks';
import { describeProblem } from '../domain/problem';
import { recoveredState, type LiveWorkload } from '../domain/recover';
import { readMirrored, type MirroredApplication, type MirrorPlace } from '../domain/recover-read';
import type { Cluster } from '../ports/cluster';
import { PortError } from '../ports/port-error';
import { readMirror } from './inventory';

/** What the cluster knows of an application without Temporal. */
export interface Recalled {
  readonly mirrored: MirroredApplication;
  readonly live: Readonly<Record<string, LiveWorkload>>;
  /** From this an application goes on. */
  readonly state: ApplicationState;
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => ({ apiVersion: 'apps/v1', kind }));

/**
 * The mirror of an application, and what of its rollouts is left in the cluster. Reads only.
 * Throws PortError `OwnedByAnother` for a ConfigMap that is not Belay's, and `InvalidSpec` for one that cannot be read.
 */
export async function recallApplication(
  cluster: Cluster,
  place: MirrorPlace,
  signal?: AbortSignal,
): Promise<Recalled> {
  const mirror = await readMirror(cluster, place.application, place.namespace, signal);
  const read = readMirrored(place, mirror.data);
  if (!read.ok)
    throw new PortError(read.problems.map(describeProblem).join('; '), {
      code: 'InvalidSpec',
      retry: 'never',
    });
  const live = await liveWorkloads(cluster, place, { signal, read: read.value, inventory: mirror.inventory });
  return { mirrored: read.value, live, state: recoveredState(read.value, live) };
}

interface Known {
  readonly read: MirroredApplication;
  readonly inventory: readonly ObjectRef[];
  readonly signal: AbortSignal | undefined;
}

/** Workloads and canaries of the application, wherever it has some. */
async function liveWorkloads(
  cluster: Cluster,
  { application, namespace }: MirrorPlace,
  { read, inventory, signal }: Known,
): Promise<Readonly<Record<string, LiveWorkload>>> {
  const namespaces = new Set([
    namespace,
    ...Object.values(read.rollouts).map((each) => each.namespace),
    ...inventory.flatMap((ref) => (ref.apiVersion === 'apps/v1' ? (ref.namespace ?? []) : [])),
  ]);
  const labelSelector = `${marks.application}=${application}`;
  const options = { labelSelector, ...(signal === undefined ? {} : { signal }) };
  const lists = [...namespaces].flatMap((each) =>
    kinds.map((kind) => cluster.list(kind, { ...options, namespace: each })),
  );
  const found: Record<string, LiveWorkload> = {};
  for (const object of (await Promise.all(lists)).flat()) {
    const name = object.metadata.labels?.[marks.canaryOf] ?? object.metadata.name;
    const before = found[name];
    found[name] = {
      fence: Math.max(before?.fence ?? 0, fenceOn(object)),
      isUnfinished: before?.isUnfinished === true || isUnfinished(object),
    };
  }
  return found;
}

/** A canary, or a Deployment that is paused as long as its rollout lasts. */
function isUnfinished(object: KubeObject): boolean {
  if (object.metadata.labels?.[marks.canaryOf] !== undefined) return true;
  return object.kind === 'Deployment' && asDeployment(object).spec.paused === true;
}
