import { byVersion, isAvailable, newestRevision, type InPlaceView } from '../in-place-view';
import { type InPlacePlan, unseen } from './plan-in-place';
import { waitFor } from './plan';
import { planOrdinals } from './plan-partition';

/**
 * A StatefulSet or DaemonSet that is applied as it is and watched (rolling, and first deployments): complete when every pod that
 * Git's own updateStrategy moves is of the new version, and every pod is available (`kubectl rollout status` uses the same rule).
 * With `OnDelete` Git moves none: somebody else deletes the pods.
 */
export function planRollingInPlace(view: InPlaceView, name: string, now: number): InPlacePlan {
  const { workload } = view;
  if (workload === undefined) return waitFor(`${name} to exist`);
  const newest = newestRevision(view);
  if (newest === undefined) return unseen(view);
  const { updateStrategy, ordinals, replicas = 1 } = workload.spec;
  const isMoved = updateStrategy?.type !== 'OnDelete';
  const { fresh, old } = byVersion(view, newest);
  if (workload.kind === 'StatefulSet' && isMoved) {
    const from = Math.max(ordinals?.start ?? 0, updateStrategy?.rollingUpdate?.partition ?? 0);
    const moved = planOrdinals(view, from, now);
    if (moved.kind !== 'done') return moved;
  }
  const wanted = workload.kind === 'StatefulSet' ? replicas : (workload.status?.desiredNumberScheduled ?? 0);
  const counted = workload.kind === 'DaemonSet' && isMoved ? fresh : [...fresh, ...old];
  const available = counted.filter((pod) => isAvailable(pod, workload, now)).length;
  return available >= wanted
    ? { kind: 'done' }
    : waitFor(`${wanted} pods of ${name} to be available (${available} are)`);
}
