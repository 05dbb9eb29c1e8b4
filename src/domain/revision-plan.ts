import type { Problem } from './problem';
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
  /** Revisions of the other sources, in their order. */
  readonly pins?: readonly string[];
  /** Hash of all manifests, the quarantine key of what fails and is no workload. */
  readonly content?: string;
  /** In order; absent: everything goes at once, as it does without hooks and with one wave. */
  readonly steps?: readonly StepPlan[];
  /** Names of the Jobs that must succeed before the first write. */
  readonly checks?: readonly string[];
  /** What policies warn of. */
  readonly warnings?: readonly Problem[];
  /** Kinds of all objects, for those who watch: `apps/v1/Deployment`. */
  readonly kinds?: readonly string[];
}

/** A phase and wave of a sync (Argo CD): what is applied together, and must be healthy before the next. */
export interface StepPlan {
  readonly phase: 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';
  readonly wave: number;
  /** Plain objects. */
  readonly objects: number;
  /** `Job shop/migrate`. */
  readonly hooks: readonly string[];
  /** Those of them that a Job takes back (`belay.dev/undoes`), when a release goes back; absent: none. */
  readonly undoable?: readonly string[];
  /** Names of the workloads that it brings. */
  readonly workloads: readonly string[];
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
