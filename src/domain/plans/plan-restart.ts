import { isOwnedBy, isReady } from '../apps';
import { resolveIntOrPercent } from '../int-or-percent';
import { type KubeObject, type ObjectRef, refOf } from '../kube-object';
import { conditionOf, peekNumber, peekText } from '../peek';
import { valueAt } from '../read-json';
import type { IntOrPercent } from '../strategy';
import type { WorkloadKind } from '../workload';

/** What a restart looks at: the workload, and the pods that are its own (of a Deployment: of any of its ReplicaSets). */
export interface RestartView {
  readonly workload: KubeObject | undefined;
  readonly pods: readonly KubeObject[];
}

export interface RestartGoal {
  /** Pods that were created before this moment go; epoch milliseconds. */
  readonly before: number;
  /** How many may be missing at a time; undefined: as the workload's own strategy says. At least 1, whatever is written. */
  readonly maxUnavailable?: IntOrPercent | undefined;
}

export interface Eviction {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly why: string;
}

export type RestartPlan =
  | { readonly kind: 'evict'; readonly evictions: readonly Eviction[] }
  | { readonly kind: 'wait'; readonly for: string }
  | { readonly kind: 'done' };

/** Picks a workload and its pods out of all objects of its namespace. */
export function viewRestart(
  objects: (kind: WorkloadKind | 'ReplicaSet' | 'Pod') => readonly KubeObject[],
  kind: WorkloadKind,
  name: string,
): RestartView {
  const workload = objects(kind).find((each) => each.metadata.name === name);
  const owners =
    kind === 'Deployment' ? objects('ReplicaSet').filter((each) => isOwnedBy(each, workload)) : [workload];
  const pods = objects('Pod').filter((pod) => owners.some((owner) => isOwnedBy(pod, owner)));
  return { workload, pods };
}

/**
 * Which pods go next (Argo Rollouts' `spec.restartAt`, rollout/restart.go): those that are older than the stamp, as long as no more than
 * `max(maxUnavailable, 1)` are missing, until all are younger and as many as wanted are available again. Old pods that are not ready
 * serve nobody: they go without counting, or a restart that shall mend them could never begin. A workload that is gone has no pod to
 * restart.
 */
export function planRestart(
  { workload, pods }: RestartView,
  { before, maxUnavailable }: RestartGoal,
  now: number,
): RestartPlan {
  if (workload === undefined) return { kind: 'done' };
  const name = workload.metadata.name;
  const wanted = wantedOf(workload);
  const live = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !hasEnded(pod));
  const available = live.filter((pod) => isAvailable(pod, workload, now)).length;
  const old = live.filter((pod) => bornAt(pod) < before).toSorted(byTurn(workload.kind));
  const missing = Math.max(0, wanted - available);
  const room = Math.max(0, atOnce(workload, maxUnavailable, wanted) - missing);
  const next = [...old.filter((pod) => !isReady(pod)), ...old.filter(isReady).slice(0, room)];
  if (next.length > 0) return { kind: 'evict', evictions: next.map((pod) => evictionOf(pod, before)) };
  const are = `${available} of ${wanted} are`;
  if (old.length > 0)
    return { kind: 'wait', for: `pods of ${name} to be available before the next ones go (${are})` };
  return missing === 0
    ? { kind: 'done' }
    : { kind: 'wait', for: `all pods of ${name} to be available (${are})` };
}

function evictionOf(pod: KubeObject, before: number): Eviction {
  const why = `evict ${pod.metadata.name}, which is older than ${new Date(before).toISOString()}`;
  return { ref: refOf({ ...pod, apiVersion: 'v1', kind: 'Pod' }), uid: pod.metadata.uid ?? '', why };
}

function wantedOf(workload: KubeObject): number {
  return workload.kind === 'DaemonSet'
    ? (peekNumber(workload, 'status', 'desiredNumberScheduled') ?? 0)
    : (peekNumber(workload, 'spec', 'replicas') ?? 1);
}

/** Deployments round down (their default is 25 %); StatefulSets and DaemonSets, whose default is 1, round up. */
function atOnce(workload: KubeObject, given: IntOrPercent | undefined, wanted: number): number {
  const isDeployment = workload.kind === 'Deployment';
  const own = valueAt(
    workload,
    'spec',
    isDeployment ? 'strategy' : 'updateStrategy',
    'rollingUpdate',
    'maxUnavailable',
  );
  const bound = given ?? (own as IntOrPercent | undefined) ?? (isDeployment ? '25%' : 1);
  return Math.max(1, resolveIntOrPercent(bound, wanted, isDeployment ? 'down' : 'up'));
}

/** Oldest first; of a StatefulSet the highest ordinal first, as its own controller goes. */
function byTurn(kind: string): (a: KubeObject, b: KubeObject) => number {
  if (kind === 'StatefulSet') return (a, b) => ordinalOf(b) - ordinalOf(a);
  return (a, b) => bornAt(a) - bornAt(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
}

function ordinalOf({ metadata }: KubeObject): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? 0);
}

function bornAt({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

/** A pod that a node has evicted, or that ran to its end, is only a record. */
function hasEnded(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(peekText(pod, 'status', 'phase') ?? '');
}

function isAvailable(pod: KubeObject, workload: KubeObject, now: number): boolean {
  if (!isReady(pod)) return false;
  const least = (peekNumber(workload, 'spec', 'minReadySeconds') ?? 0) * 1000;
  const since = Date.parse(peekText(conditionOf(pod, 'Ready'), 'lastTransitionTime') ?? '');
  return least === 0 || now - since >= least;
}
