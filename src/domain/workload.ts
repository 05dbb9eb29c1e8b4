import type { KubeObject } from './kube-object';
import type { Millis, Strategy } from './strategy';

/** One Deployment that Belay delivers, as Git asks for it, before any overlay of a rollout. */
export interface Workload {
  readonly kind: 'Deployment';
  readonly namespace: string;
  readonly name: string;
  /** Undefined: Git leaves the count to somebody else (an autoscaler). */
  readonly replicas?: number;
  readonly strategy: Strategy;
  readonly progressDeadlineMs: Millis;
  /** The plain `apps/v1` Deployment that Git's Rollout (or Deployment) amounts to. */
  readonly deployment: KubeObject;
  /** Where in Git it is written, for messages. */
  readonly file: string;
  readonly line?: number;
  /** Line of a field of the Deployment that Git amounts to, where its template is written. */
  readonly lineOf?: (path: readonly (string | number)[]) => number | undefined;
}
