import type { Located } from '../located';
import { isMap, valueAt } from '../read-json';
import type { RevisionRead } from '../read-rollout';
import type { Workload } from '../workload';

/** One workload for the rules: what asks for it, and where its pods are written. */
export interface Subject {
  /** The Rollout; the Deployment itself where there is none. */
  readonly by: Located;
  /** The object that holds the pod template. */
  readonly pods: Located;
  readonly workload: Workload;
  /** Labels of its pods. */
  readonly labels: Readonly<Record<string, unknown>>;
}

/** A revision for the rules. */
export interface Linted {
  readonly objects: readonly Located[];
  /** For objects that name no namespace. */
  readonly namespace: string;
  readonly read: RevisionRead;
  readonly subjects: readonly Subject[];
}

export function lintedOf(read: RevisionRead, objects: readonly Located[], namespace: string): Linted {
  const subjects = read.asked.map(({ by, workload }) => {
    const pods = objects.find(({ file, line }) => file === workload.file && line === workload.line) ?? by;
    const labels = valueAt(pods.object, 'spec', 'template', 'metadata', 'labels');
    return { by, pods, workload, labels: isMap(labels) ? labels : {} };
  });
  return { objects, namespace, read, subjects };
}

/** Whether a plain selector (`app: web`) selects pods with these labels; an empty one selects nothing here. */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  const wanted = Object.entries(isMap(selector) ? selector : {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Whether an object is in the namespace of a subject's workload. */
export function isBeside({ object }: Located, { workload }: Subject, { namespace }: Linted): boolean {
  return (object.metadata.namespace ?? namespace) === workload.namespace;
}
