import type { RevisionSource } from './revision-source';
import type { WorkloadKind } from './workload';
import type { AnalysisRun } from './analysis/spec';
import type { Millis, Percent, RolloutStep, Strategy } from './strategy';

/** Everything a rollout needs to know, small enough for a history: no manifests, only where to find them. */
export interface RolloutSpec {
  readonly application: string;
  /** The application's project; absent: `default`. */
  readonly project?: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
  /** Where the new version is in Git. */
  readonly target: RevisionSource;
  /** Where the version to go back to is in Git; undefined for a first deployment. */
  readonly good?: RevisionSource;
  /** Hash of the rendered workload with its configuration: the quarantine key. */
  readonly version: string;
  readonly goodVersion?: string;
  /** Rises with every rollout of this workload; the base of its fencing numbers. */
  readonly number: number;
  /** Unique; the value of the label `belay.dev/rollout` on the new version's pods. */
  readonly rolloutId: string;
  /** Overlay of the version that is stable now; undefined when it carries none. */
  readonly stableRolloutId?: string;
  readonly strategy: Strategy;
  readonly replicas?: number;
  readonly progressDeadlineMs: Millis;
  /** `initial`: nothing healthy to protect, steps are skipped; `fast`: a version that was good before. */
  readonly pace: 'steps' | 'initial' | 'fast';
  /** It belongs to a release, which decides when stable adopts the new version and when it goes back. */
  readonly release?: { readonly id: string; readonly isLockstep: boolean };
  /** Jobs that run before and after it, in their order. */
  readonly hooks?: readonly HookFacts[];
}

/** What a rollout knows of a hook; the Job itself is in Git. */
export interface HookFacts {
  readonly name: string;
  readonly phase: 'pre' | 'post';
  /** Name of the Job that takes it back. */
  readonly undo?: string;
}

/** How far a hook got. `undone`: it was taken back, or stopped where there was nothing to take back. */
export interface HookStatus {
  readonly name: string;
  readonly phase: 'pre' | 'post';
  readonly mark: 'running' | 'done' | 'failed' | 'undone';
  readonly at: number;
  /** Why it failed. */
  readonly sentence?: string;
}

export type RolloutPhase = 'Progressing' | 'Paused' | 'Healthy' | 'Degraded';

/** How a rollout ended. */
export type RolloutOutcome =
  | { readonly kind: 'promoted'; readonly way: 'adopted' | 'rolled' | 'inPlace' | 'initial' }
  /** `goodAlsoFails`: the way back was taken, but the good version does not run either. */
  | { readonly kind: 'failed'; readonly failure: FailureReport; readonly goodAlsoFails?: string }
  | { readonly kind: 'aborted'; readonly by: string; readonly reason?: string }
  | { readonly kind: 'superseded'; readonly by: string };

/** Why a version was judged bad. */
export interface FailureReport {
  /** From the closed list in `domain/pod-failure.ts`, or `ProgressDeadlineExceeded`, `ApplyFailed`, `StableAlsoFails`. */
  readonly code: string;
  /** A sentence for a person: pod, container, reason, the kubelet's message, what to do. */
  readonly sentence: string;
  readonly pod?: string;
  readonly container?: string;
  readonly at: number;
}

/** One analysis of a rollout. */
export interface AnalysisStatus {
  /** Unique in its rollout: `step 3`, `background`, `prePromotion`, `postPromotion`, `step 2: experiment-name`. */
  readonly name: string;
  readonly run: AnalysisRun;
}

/** One experiment of a rollout; steps count from 1. */
export interface ExperimentStatus {
  readonly step: number;
  readonly phase: 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Inconclusive';
  readonly since: number;
  readonly message?: string;
}

/** One version of a workload, as its Deployment had it: images of its containers, and counts of its pods. */
export interface SideStatus {
  readonly images: readonly string[];
  readonly desired: number;
  readonly current: number;
  readonly ready: number;
  readonly available: number;
}

/** Both versions as they were at `at`. */
export interface RolloutPods {
  readonly at: number;
  readonly stable: SideStatus;
  readonly canary?: SideStatus;
}

/** What a step of a rollout saw at its end. */
export interface RolloutLook {
  /** The Deployment of the workload itself: after a promotion the new version. */
  readonly stable: SideStatus;
  /** The new version, while it has a Deployment of its own. */
  readonly canary?: SideStatus;
  /** Share of users' requests that the new version had. */
  readonly actualWeight: Percent;
}

export type StepMark = 'done' | 'now' | 'next' | 'skipped';

/** What `rollout get` and Temporal's UI show. Times are epoch milliseconds. */
export interface RolloutStatus {
  readonly spec: RolloutSpec;
  readonly phase: RolloutPhase;
  /** One sentence: what it waits for, or what happened. */
  readonly message: string;
  readonly since: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly steps: readonly { readonly step: RolloutStep; readonly mark: StepMark; readonly at?: number }[];
  readonly weight: Percent;
  /** The share that the new version had when `pods` was taken. */
  readonly actualWeight?: Percent;
  /** Both versions at the end of the last step; undefined before the first, and for pods that are replaced in place. */
  readonly pods?: RolloutPods;
  readonly pausedBy?: { readonly by: string; readonly reason?: string; readonly since: number };
  readonly failure?: FailureReport;
  readonly outcome?: RolloutOutcome;
  /** True from the moment the new template is written to stable: abort answers "use undo". */
  readonly pastReturn: boolean;
  /** Oldest first. */
  readonly analyses?: readonly AnalysisStatus[];
  /** What is done about a failure, oldest first. */
  readonly log: readonly { readonly at: number; readonly text: string }[];
  /** Hooks that were started, in the order of their start. */
  readonly hooks?: readonly HookStatus[];
  readonly experiments?: readonly ExperimentStatus[];
}
