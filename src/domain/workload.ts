import type { KubeObject } from './kube-object';
import type { Located } from './located';
import type { Millis, Strategy } from './strategy';

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** One workload that Belay delivers, as Git asks for it, before any overlay of a rollout. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** Undefined: Git leaves the count to somebody else (an autoscaler). */
  readonly replicas?: number;
  readonly strategy: Strategy;
  readonly progressDeadlineMs: Millis;
  /** The plain `apps/v1` object that Git's Rollout (or Deployment) amounts to. */
  readonly object: KubeObject;
  /** Jobs that run before and after its rollouts. */
  readonly hooks?: readonly Hook[];
  /** `spec.restartAt`: pods older than this are replaced; RFC 3339. */
  readonly restartAt?: string;
  /** Where in Git it is written, for messages. */
  readonly file: string;
  readonly line?: number;
  /** Line of a field of the Deployment that Git amounts to, where its template is written. */
  readonly lineOf?: (path: readonly (string | number)[]) => number | undefined;
}

/** A Job of Git that runs with a rollout instead of being applied: annotation `belay.dev/hook`. */
export interface Hook {
  readonly name: string;
  /** `pre`: before the new version gets a pod; `post`: after its promotion. */
  readonly phase: 'pre' | 'post';
  readonly job: Located;
  /** The Job that takes back what this one did, when the rollout does not end well: annotation `belay.dev/undoes: <name>`. */
  readonly undo?: Located;
}
