import type { WorkloadKind } from './workload';
import type { HookFacts } from './rollout-status';
import type { Millis, Strategy } from './strategy';

/** What a revision holds, as small facts. */
export interface RevisionPlan {
  readonly revision: string;
  /** Tree id of the application's path. */
  readonly tree: string;
  readonly objects: number;
  readonly workloads: readonly WorkloadPlan[];
}

export interface WorkloadPlan {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly namespace: string;
  /** Quarantine key: hash of the template with its configuration. */
  readonly version: string;
  readonly strategy: Strategy;
  readonly replicas?: number;
  readonly progressDeadlineMs: Millis;
  readonly hooks?: readonly HookFacts[];
  /** `spec.restartAt`: pods older than this are replaced; RFC 3339. */
  readonly restartAt?: string;
  /** Whether a Deployment of this name is in the cluster. */
  readonly exists: boolean;
}
