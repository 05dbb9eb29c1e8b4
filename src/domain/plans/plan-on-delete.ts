import { isReady } from '../apps';
import { byVersion, isAvailable, newestRevision, rolloutOf, type InPlaceView } from '../in-place-view';
import { resolveIntOrPercent } from '../int-or-percent';
import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import { applyHeld, deletePod, dueAt, type InPlaceGoal, type InPlacePlan, unseen } from './plan-in-place';
import { act, waitFor } from './plan';
import { missing } from './plan-start';

/**
 * One step of a DaemonSet: `OnDelete` gives the template to the pods that are deleted here, node by node in the order of the nodes'
 * names, at most Git's `maxUnavailable` (default 1) of them missing at a time. Pods of another version that are not available go
 * first and without counting, as in the controller's own rolling update: they serve nobody.
 */
export function planOnDelete(
  view: InPlaceView,
  goal: InPlaceGoal & { name: string },
  now: number,
): InPlacePlan {
  const { workload } = view;
  const { weight, rolloutId, name } = goal;
  if (workload === undefined) return missing(name, 'DaemonSet');
  const isGiven = rolloutOf(workload.spec.template) === rolloutId;
  if (!isGiven || workload.spec.updateStrategy?.type !== 'OnDelete')
    return applyHeld(name, { kind: 'onDelete' });
  const newest = newestRevision(view);
  if (newest === undefined) return unseen(view);
  const wanted = workload.status?.desiredNumberScheduled ?? 0;
  const due = dueAt(weight, wanted);
  const { fresh, old } = byVersion(view, newest);
  const isUp = (pod: KubeObject): boolean => isAvailable(pod, workload, now);
  // Nodes without a pod get one of the new version by themselves.
  const coming = Math.max(0, wanted - fresh.length - old.length);
  const toGo = Math.max(0, due - fresh.length - coming);
  const broken = old.filter((pod) => !isReady(pod)).slice(0, toGo);
  const lacking = Math.max(0, wanted - [...fresh, ...old].filter(isUp).length);
  const room = Math.max(0, atOnce(goal, wanted) - lacking);
  const next = old
    .filter(isReady)
    .toSorted((a, b) => (nodeOf(a) < nodeOf(b) ? -1 : 1))
    .slice(0, Math.min(room, toGo - broken.length));
  const going = act(
    ...broken.map((pod) =>
      deletePod(pod, `delete ${pod.metadata.name}, which is not ready, on ${nodeOf(pod)}`),
    ),
    ...next.map((pod) => deletePod(pod, `replace ${pod.metadata.name} on ${nodeOf(pod)}`)),
  );
  if (going !== undefined) return going;
  const available = fresh.filter(isUp).length;
  if (available >= due) return { kind: 'done' };
  return waitFor(`${due} pods of ${name} to be of the new version and available (${available} are)`);
}

function atOnce({ updateStrategy }: InPlaceGoal, wanted: number): number {
  const bound = updateStrategy?.rollingUpdate?.maxUnavailable ?? 1;
  return Math.max(1, resolveIntOrPercent(bound, wanted, 'up'));
}

function nodeOf(pod: KubeObject): string {
  return peekText(pod, 'spec', 'nodeName') ?? '';
}
