import { isReady } from '../apps';
import { byVersion, isAvailable, newestRevision, rolloutOf, type InPlaceView } from '../in-place-view';
import type { KubeObject } from '../kube-object';
import { applyHeld, deletePod, dueAt, type InPlaceGoal, type InPlacePlan, unseen } from './plan-in-place';
import { act, waitFor } from './plan';
import { missing } from './plan-start';

/**
 * One step of a StatefulSet: the pods with the highest ordinals get the template, by `partition`. At weight 0 no pod moves, also when
 * Git asks for more pods at the same time: those start with the old version. At weight 100 it waits until the controller has made the
 * new version its current one, so that Git's own updateStrategy can come back.
 */
export function planPartition(
  view: InPlaceView,
  goal: InPlaceGoal & { name: string },
  now: number,
): InPlacePlan {
  const { workload } = view;
  const { weight, rolloutId, name } = goal;
  if (workload === undefined) return missing(name, 'StatefulSet');
  const { replicas = 1, ordinals, updateStrategy, template } = workload.spec;
  const isGiven = rolloutOf(template) === rolloutId;
  const isSized = replicas === (goal.replicas ?? replicas);
  const size = isGiven && isSized ? replicas : Math.max(replicas, goal.replicas ?? 0);
  const from = (ordinals?.start ?? 0) + size - dueAt(weight, size);
  const partition = weight >= 100 ? 0 : from;
  const isHeld =
    updateStrategy?.type !== 'OnDelete' && updateStrategy?.rollingUpdate?.partition === partition;
  if (!isGiven || !isSized || !isHeld) return applyHeld(name, { kind: 'partition', partition });
  const moved = planOrdinals(view, from, now);
  if (moved.kind !== 'done' || weight < 100) return moved;
  const { currentRevision, updateRevision } = workload.status ?? {};
  return currentRevision === updateRevision
    ? moved
    : waitFor(`the StatefulSet controller to take the new version of ${name} as its current one`);
}

/**
 * Pods from this ordinal on are of the newest version and available. One of another version that is not ready is deleted: it serves
 * nobody, and the controller waits for it for ever instead of replacing it ("forced rollback" in the documentation of StatefulSets).
 */
export function planOrdinals(view: InPlaceView, from: number, now: number): InPlacePlan {
  const { workload } = view;
  const newest = newestRevision(view);
  if (workload === undefined || newest === undefined) return unseen(view);
  const { name } = workload.metadata;
  const end = (workload.spec.ordinals?.start ?? 0) + (workload.spec.replicas ?? 1);
  const isDue = (pod: KubeObject): boolean => ordinalOf(pod) >= from && ordinalOf(pod) < end;
  const { fresh, old } = byVersion(view, newest);
  const stuck = old.filter((pod) => isDue(pod) && !isReady(pod));
  const freed = act(
    ...stuck.map((pod) => deletePod(pod, `delete ${pod.metadata.name}, which is not ready and in the way`)),
  );
  if (freed !== undefined) return freed;
  const available = fresh.filter((pod) => isDue(pod) && isAvailable(pod, workload, now)).length;
  if (available >= end - from) return { kind: 'done' };
  return waitFor(`${end - from} pods of ${name} to be of the new version and available (${available} are)`);
}

/** The number at the end of the name of a StatefulSet's pod. */
export function ordinalOf({ metadata }: KubeObject): number {
  return Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));
}
