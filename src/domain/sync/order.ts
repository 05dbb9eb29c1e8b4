import { groupOf, kindKeyOf, type KubeObject } from '../kube-object';
import { peekText } from '../peek';
import { syncAnnotations, wholeNumber } from './annotations';
import { phases, type Phase } from './hook-phases';

/** A thing that has its place in a sync. */
export interface Placed {
  readonly object: KubeObject;
  readonly phase: Phase;
  readonly wave: number;
  /** The namespace it is applied to, if its kind has namespaces. */
  readonly namespace?: string;
}

/** Kinds before the ones that need them; kinds not named come last (Argo CD, gitops-engine/pkg/sync/sync_tasks.go). */
const kinds = (
  'Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget ServiceAccount Secret SecretList ' +
  'ConfigMap StorageClass PersistentVolume PersistentVolumeClaim CustomResourceDefinition ClusterRole ClusterRoleList ' +
  'ClusterRoleBinding ClusterRoleBindingList Role RoleList RoleBinding RoleBindingList Service DaemonSet Pod ' +
  'ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService'
).split(' ');
const ranks: ReadonlyMap<string, number> = new Map(kinds.map((kind, index) => [kind, index]));

/**
 * The order of a sync: phase, wave, kind, name; then a Namespace and a CustomResourceDefinition are moved before the first object
 * that needs them and take over its phase and wave (Argo CD, `syncTasks.Sort`). Names are compared by code units, as Go does;
 * what is equal in all that is ordered by namespace, so that the same objects give the same order each time.
 */
export function inSyncOrder<T extends Placed>(items: readonly T[]): readonly T[] {
  const sorted = items.toSorted(compare);
  const withNamespaces = moveUp(sorted, namespaceMade, ({ namespace }) => namespace);
  return moveUp(withNamespaces, kindMade, ({ object }) => kindKeyOf(object));
}

/** The wave that an object's annotations name: `sync-wave`, else Helm's hook weight, else 0; what is no number counts for nothing. */
export function waveOf(object: KubeObject): number {
  const annotation = (key: string): number | undefined =>
    wholeNumber(peekText(object, 'metadata', 'annotations', key) ?? '');
  return annotation(syncAnnotations.wave) ?? annotation(syncAnnotations.helmWeight) ?? 0;
}

/** The namespace that an object is. */
export function namespaceMade({ object }: Pick<Placed, 'object'>): string | undefined {
  return object.kind === 'Namespace' && groupOf(object.apiVersion) === '' ? object.metadata.name : undefined;
}

/** `group/Kind` of the objects that a CustomResourceDefinition defines. */
export function kindMade({ object }: Pick<Placed, 'object'>): string | undefined {
  const group = peekText(object, 'spec', 'group');
  const kind = peekText(object, 'spec', 'names', 'kind');
  const isDefinition =
    object.kind === 'CustomResourceDefinition' && group !== undefined && kind !== undefined;
  return isDefinition ? `${group}/${kind}` : undefined;
}

function compare(a: Placed, b: Placed): number {
  const byKind = ({ object }: Placed): number => ranks.get(object.kind) ?? kinds.length;
  return (
    phases.indexOf(a.phase) - phases.indexOf(b.phase) ||
    a.wave - b.wave ||
    byKind(a) - byKind(b) ||
    compareText(a.object.metadata.name, b.object.metadata.name) ||
    compareText(a.namespace ?? '', b.namespace ?? '')
  );
}

type KeyOf = (item: Placed) => string | undefined;

/** Moves each object that makes something before the first one that uses it, into the same phase and wave. */
function moveUp<T extends Placed>(sorted: readonly T[], madeBy: KeyOf, usedBy: KeyOf): readonly T[] {
  const result: T[] = [];
  for (const item of sorted) {
    const made = madeBy(item);
    const at =
      made === undefined
        ? -1
        : result.findIndex((other) => madeBy(other) === undefined && usedBy(other) === made);
    const user = result[at];
    if (user === undefined) result.push(item);
    else result.splice(at, 0, { ...item, phase: user.phase, wave: user.wave });
  }
  return result;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
