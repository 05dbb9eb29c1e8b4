import type { AnalysisTemplate } from './analysis/spec';
import { Fields } from './fields';
import { groupOf } from './kube-object';
import type { Located } from './located';
import type { Problem } from './problem';
import { valueAt } from './read-json';
import type { WorkloadKind } from './workload';

/** All objects of one revision while they are read, and where their problems go. */
export interface Revision {
  readonly objects: readonly Located[];
  /** The application's namespace, for objects that name none. */
  readonly namespace: string;
  readonly problems: Problem[];
  /** Analysis templates that could be read. */
  readonly templates: readonly AnalysisTemplate[];
}

/** A kind whatever its version: `apps`, `Deployment`. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export const rolloutKind: GroupKind = { group: 'argoproj.io', kind: 'Rollout' };
export const deploymentKind: GroupKind = { group: 'apps', kind: 'Deployment' };
export const serviceKind: GroupKind = { group: '', kind: 'Service' };

const workloadKinds: readonly WorkloadKind[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Whether an object is of a kind, whatever its version. */
export function isOf({ object }: Located, { group, kind }: GroupKind): boolean {
  return object.kind === kind && groupOf(object.apiVersion) === group;
}

export function namespaceOf({ object }: Located, revision: Revision): string {
  return object.metadata.namespace ?? revision.namespace;
}

/** The objects of a kind in one namespace. */
export function objectsOf(revision: Revision, kind: GroupKind, namespace: string): readonly Located[] {
  return revision.objects.filter((each) => isOf(each, kind) && namespaceOf(each, revision) === namespace);
}

/** The kind of the workload that a Rollout moves: a Deployment, unless it refers to pods that are replaced in place. */
export function workloadKind({ object }: Located): WorkloadKind {
  const referred = valueAt(object, 'spec', 'workloadRef', 'kind');
  return workloadKinds.find((kind) => kind === referred) ?? 'Deployment';
}

/** The name of the workload that a Rollout moves: its own, or that of the workload it refers to. */
export function workloadName({ object }: Located): string {
  const referred = valueAt(object, 'spec', 'workloadRef', 'name');
  return typeof referred === 'string' ? referred : object.metadata.name;
}

/** The readers of a whole object. */
export function fieldsOf(located: Located, revision: Revision): Fields {
  return new Fields({ located, problems: revision.problems }, [], located.object);
}
