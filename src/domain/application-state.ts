import type { FailureReport, RolloutSpec } from './rollout-status';
import type { HealthSummary } from './health/aggregate';
import type { Problem } from './problem';
import type { Directive, MemberReport } from './release/state';
import type { PlannedRestore } from './write-back/planned-restores';

/**
 * What an `application` keeps: small JSON that survives continue-as-new, and the part that is mirrored in the ConfigMap
 * `belay-<app>` beside the application (promise 9). Times are epoch milliseconds.
 */
export interface ApplicationState {
  readonly cluster?: { readonly id: string; readonly server: string };
  /** Full ref of the tracked branch; undefined for a tag or SHA, which cannot be written back. */
  readonly branch?: string;
  /** Newest revision seen at the tracked ref. */
  readonly head?: string;
  /** Newest revisions seen of the other sources, in their order; empty text: not seen yet. */
  readonly pins?: readonly string[];
  /** The revision whose content is in the cluster. */
  readonly synced?: string;
  /** The revision that was looked at last, whatever came of it. */
  readonly compared?: string;
  /** Hash of the manifests that were written last, whatever came of it. */
  readonly applied?: string;
  /** Objects that Git no longer has and that stay: pruning is not asked for, or they ask not to be. */
  readonly unpruned?: readonly string[];
  /** Objects whose pruning waits for a person. */
  readonly unconfirmed?: readonly string[];
  /** What the live objects say, told by the cluster's observer. */
  readonly seen?: HealthSeen;
  /** Automated sync waits for a window. */
  readonly window?: { readonly why: string; readonly until?: number };
  readonly good?: GoodRevision;
  /** Newest first. */
  readonly history: readonly HistoryEntry[];
  /** Version key → why it must not be deployed again. */
  readonly quarantine: Readonly<Record<string, Quarantine>>;
  readonly hold?: Hold;
  readonly workloads: Readonly<Record<string, WorkloadState>>;
  readonly problems: readonly Problem[];
  readonly problemsSince?: number;
  /** Objects that differ from Git and are not healed (no self-heal, or held). */
  readonly drift: readonly string[];
  readonly reverts: readonly number[];
  /** When drift was healed lately: the base of the backoff. */
  readonly heals: readonly number[];
  /** Oldest first. */
  readonly events: readonly { readonly at: number; readonly text: string }[];
  readonly lastFailure?: FailureReport & { readonly revision: string; readonly workload: string };
  /** Our last revert, so that the way back in is recognised. */
  readonly lastRevert?: LastRevert;
  /** Full refs of the other sources' branches, in their order; empty text: not a branch, or not seen yet. */
  readonly pinBranches?: readonly string[];
  /** Reverts that wait in pull requests, one for each branch. */
  readonly proposals?: readonly Proposal[];
  /** Git waits for this failure to be confirmed. */
  readonly unconfirmedFailure?: UnconfirmedFailure;
  /** A release file names this application. */
  readonly memberOf?: string;
  /** The release that decides for it now: what it was told last, how far it is, and what was good when it began. */
  readonly release?: {
    readonly directive: Directive;
    readonly report: MemberReport;
    readonly base?: GoodRevision;
    /** What it has begun to bring out; `undo`: when that sync began, where Jobs can take back what its hooks have done. */
    readonly delivers?: {
      readonly revision: string;
      readonly pins?: readonly string[];
      readonly undo?: number;
    };
  };
  /** After a recovery: rollouts whose workflows are lost, by workload. They are finished, or taken back, before anything else. */
  readonly interrupted?: Readonly<Record<string, RolloutSpec>>;
}

export interface LastRevert {
  /** Of the primary source, as it was afterwards. */
  readonly revision: string;
  readonly pins?: readonly string[];
  readonly bad: string;
  readonly good: string;
  readonly at: number;
  /** What was written, so that `retry` can take it back. */
  readonly writes?: readonly (PlannedRestore & { readonly revision: string })[];
}

/** A pull request for a restore. */
export interface Proposal {
  readonly restore: PlannedRestore;
  readonly number: number;
  readonly url: string;
  /** What Git would be back from, and at. */
  readonly bad: string;
  readonly good: string;
  readonly since: number;
  /** When it is looked at next; absent: it is merged, and only the branch has yet to be seen. */
  readonly nextLook?: number;
}

export interface UnconfirmedFailure {
  readonly revision: string;
  /** When it failed. */
  readonly at: number;
  readonly until: number;
}

/** Health over all objects of an application, with the worst of them. */
export interface HealthSeen extends HealthSummary {
  readonly at: number;
}

export interface GoodRevision {
  readonly revision: string;
  /** Tree id of the application's path. */
  readonly tree: string;
  readonly at: number;
  /** Revisions of the other sources. */
  readonly pins?: readonly string[];
  /** Hash of all manifests: another revision with the same one changes nothing. */
  readonly content?: string;
}

export interface HistoryEntry {
  readonly id: number;
  readonly revision: string;
  readonly tree: string;
  readonly pins?: readonly string[];
  readonly at: number;
  readonly result: 'synced' | 'promoted' | 'reverted' | 'failed' | 'aborted' | 'superseded';
  readonly message: string;
  /** Workload → version key, for what was deployed. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface Quarantine {
  readonly revision: string;
  readonly workload: string;
  readonly reason: string;
  readonly at: number;
}

/** The application waits for a person: why, since when. */
export interface Hold {
  readonly code: HoldCode;
  readonly reason: string;
  readonly remedy: string;
  readonly since: number;
}

export type HoldCode =
  | 'RevertRefused'
  | 'AwaitingPullRequest'
  | 'PullRequestClosed'
  | 'OutsidePath'
  | 'WriteBackOff'
  | 'WriteBackHold'
  | 'TooManyReverts'
  | 'GoodFailsToo'
  | 'BranchDeleted'
  | 'NotABranch'
  | 'OtherSource'
  | 'StableAlsoFails'
  | 'FirstDeploymentFailed'
  | 'Quarantined';

/** What Belay knows of one workload's stable version. */
export interface WorkloadState {
  /** Version key of the stable version. */
  readonly version: string;
  /** Label value of the rollout that brought it; undefined after a first deployment. */
  readonly rolloutId?: string;
  readonly revision: string;
  /** Number of the newest rollout; the next one is higher. */
  readonly number: number;
  /** False until it has been healthy once: then there is nothing to protect. */
  readonly healthy: boolean;
  /** The `spec.restartAt` that has been carried out. */
  readonly restartedAt?: string;
}

/** The state of an application that has never been synced. */
export const emptyState: ApplicationState = {
  history: [],
  quarantine: {},
  workloads: {},
  problems: [],
  drift: [],
  reverts: [],
  heals: [],
  events: [],
};

/** The part of the state that is worth keeping outside Temporal: from it an application can be rebuilt. */
export function mirrorOf(state: ApplicationState): Partial<ApplicationState> {
  const {
    problems: _p,
    problemsSince: _s,
    drift: _d,
    events: _e,
    heals: _h,
    compared: _c,
    head: _head,
    seen: _seen,
    window: _window,
    interrupted: _interrupted,
    ...kept
  } = state;
  return kept;
}
