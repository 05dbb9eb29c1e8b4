import { groupOf } from './kube-object';
import type { KubeObject, ObjectRef } from './kube-object';
import { peekText } from './peek';

/** What can be put in order: whole objects, or references to objects that are to go. */
type Orderable = KubeObject | ObjectRef;

/** Kinds before the ones that need them; kinds not named come last (Argo CD, gitops-engine/pkg/sync/sync_tasks.go). */
const KINDS = (
  'Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget ServiceAccount Secret SecretList ' +
  'ConfigMap StorageClass PersistentVolume PersistentVolumeClaim CustomResourceDefinition ClusterRole ClusterRoleList ' +
  'ClusterRoleBinding ClusterRoleBindingList Role RoleList RoleBinding RoleBindingList Service DaemonSet Pod ' +
  'ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService'
).split(' ');
const RANKS: ReadonlyMap<string, number> = new Map(KINDS.map((kind, index) => [kind, index]));

/**
 * The order in which objects are applied: wave, kind, name; a Namespace and a CustomResourceDefinition come before the first
 * object that needs them, whatever their own wave (Argo CD, `syncTasks.Sort`).
 */
export function sortForApply<T extends Orderable>(objects: readonly T[]): readonly T[] {
  const sorted = objects.toSorted(compare);
  const withNamespaces = moveUp(sorted, (object) => namespaceMade(object), namespaceUsed);
  return moveUp(withNamespaces, kindMade, (object) => `${groupOf(object.apiVersion)}/${object.kind}`);
}

/** The order in which objects are removed: what was applied last goes first. */
export function sortForPrune<T extends Orderable>(objects: readonly T[]): readonly T[] {
  return sortForApply(objects).toReversed();
}

function compare(a: Orderable, b: Orderable): number {
  const byKind = (object: Orderable): number => RANKS.get(object.kind) ?? KINDS.length;
  return (
    waveOf(a) - waveOf(b) ||
    byKind(a) - byKind(b) ||
    compareText(nameOf(a), nameOf(b)) ||
    compareText(namespaceUsed(a) ?? '', namespaceUsed(b) ?? '')
  );
}

/** `sync-wave` if it is a number, else Helm's hook weight, else 0. */
function waveOf(object: Orderable): number {
  const annotation = (key: string): number | undefined => {
    const text = peekText(object, 'metadata', 'annotations', key);
    return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  };
  return annotation('argocd.argoproj.io/sync-wave') ?? annotation('helm.sh/hook-weight') ?? 0;
}

type KeyOf = (object: Orderable) => string | undefined;

/** Moves each object that makes something before the first one that uses it. */
function moveUp<T extends Orderable>(sorted: readonly T[], madeBy: KeyOf, usedBy: KeyOf): readonly T[] {
  const result: T[] = [];
  for (const object of sorted) {
    const made = madeBy(object);
    const user =
      made === undefined
        ? -1
        : result.findIndex((other) => madeBy(other) === undefined && usedBy(other) === made);
    result.splice(user < 0 ? result.length : user, 0, object);
  }
  return result;
}

function namespaceMade(object: Orderable): string | undefined {
  return object.kind === 'Namespace' && groupOf(object.apiVersion) === '' ? nameOf(object) : undefined;
}

function namespaceUsed(object: Orderable): string | undefined {
  return peekText(object, 'metadata', 'namespace') ?? peekText(object, 'namespace');
}

function kindMade(object: Orderable): string | undefined {
  const group = peekText(object, 'spec', 'group');
  const kind = peekText(object, 'spec', 'names', 'kind');
  const isDefinition =
    object.kind === 'CustomResourceDefinition' && group !== undefined && kind !== undefined;
  return isDefinition ? `${group}/${kind}` : undefined;
}

function nameOf(object: Orderable): string {
  return peekText(object, 'metadata', 'name') ?? peekText(object, 'name') ?? '';
}

/** By code units, as Go compares strings. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
