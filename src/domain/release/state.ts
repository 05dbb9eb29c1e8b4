import type { FailureReport } from '../rollout-status';
import type { Percent } from '../strategy';
import type { ProposalWanted } from '../write-back/proposal';
import type { ReleaseSpec } from './spec';

/**
 * What a release wants of a member. Level-triggered: the newest counts, it may be told twice, and each is reached from any earlier one.
 * `deliver`: bring the revision out up to the gate. `commit`: it is good, stable may adopt it. `back`: users' traffic goes back now.
 * `restore`: objects and hooks go back too. `settle`: Git is back, take it in. `free`: the release has ended.
 */
export type Want = 'deliver' | 'commit' | 'back' | 'restore' | 'settle' | 'free';

/** Release → application. */
export interface Directive {
  /** Workflow id of the release, `release/<name>/<n>`. */
  readonly release: string;
  readonly want: Want;
  /** What is delivered (with `deliver`) or what Git names after the revert (with `settle`). */
  readonly revision: string;
  readonly pins?: readonly string[];
  /** No step is begun and no weight moves; traffic that goes back is not held up. */
  readonly isPaused: boolean;
  /** Canaries ask the release before each weight. */
  readonly isLockstep: boolean;
  /** A person asks for it again: what is in quarantine is brought out all the same. */
  readonly isRetry?: boolean;
  /** Why, for people. */
  readonly reason?: string;
}

/**
 * How far a member is. `ready`: all users' traffic is on the new version, and the old one is kept whole beside it. `unchanged`: the
 * revision brings nothing new. `failed`: it did not get there; its own traffic is back. `gone`: it was deleted.
 */
export type MemberStage =
  | 'waiting'
  | 'delivering'
  | 'ready'
  | 'unchanged'
  | 'failed'
  | 'committed'
  | 'trafficBack'
  | 'restored'
  | 'settled'
  | 'gone';

/** Application → release: all it has to say, each time something of it changes. */
export interface MemberReport {
  readonly application: string;
  readonly stage: MemberStage;
  /** What it does or waits for, a sentence. */
  readonly message: string;
  /** Epoch milliseconds: since when it is in this stage. */
  readonly since: number;
  readonly failure?: FailureReport & { readonly workload?: string };
  /**
   * What Git must go back to for this member, from `delivering` or `trafficBack` on: one for each of its branches that may be written.
   * Also of a member that was told `back` before it was told to `deliver`: the commit goes back for it as well.
   */
  readonly restores?: readonly MemberRestore[];
  /** Why Git must not be written for it, such as a tag, or the policy `off`. */
  readonly unwritable?: string;
}

/** One member's share of a revert commit. */
export interface MemberRestore {
  readonly repoUrl: string;
  /** Full ref. */
  readonly branch: string;
  readonly paths: readonly string[];
  readonly good: string;
  readonly bad: string;
  /** The pull request that its policy wants; absent: only a push, and where it is refused that is the answer. */
  readonly proposal?: Pick<ProposalWanted, 'when' | 'labels' | 'reviewers' | 'autoMerge'>;
}

/** A member as its release sees it. */
export interface MemberState {
  readonly application: string;
  readonly dependsOn: readonly string[];
  /** From 0; members of a lower one are out before. */
  readonly wave: number;
  readonly revision: string;
  readonly pins?: readonly string[];
  /** What it was told last; absent: nothing yet. */
  readonly want?: Want;
  readonly stage: MemberStage;
  readonly message: string;
  readonly since: number;
  readonly failure?: FailureReport & { readonly workload?: string };
  readonly restores?: readonly MemberRestore[];
  readonly unwritable?: string;
}

/**
 * `Progressing`, `Baking`, `Committing`, `RollingBack` (traffic, objects, Git, in this order) and the ends: `Healthy`; `Degraded`:
 * rolled back; `Held`: rolled back as far as it goes, and a person must do the rest.
 */
export type ReleasePhase =
  'Progressing' | 'Baking' | 'Committing' | 'RollingBack' | 'Healthy' | 'Degraded' | 'Held';

/** What a Git writer answered for one repository of a release. */
export interface ReleaseRevert {
  readonly repoUrl: string;
  readonly branch: string;
  /** Members whose paths it restores. */
  readonly members: readonly string[];
  readonly result: 'pushed' | 'already' | 'superseded' | 'proposed' | 'refused';
  /** The commit, or the head that was found. */
  readonly revision?: string;
  readonly why?: string;
}

/** All that a release keeps: small, survives continue-as-new, and is what `belay release get` shows. Times are epoch milliseconds. */
export interface ReleaseState {
  readonly id: string;
  readonly spec: ReleaseSpec;
  readonly phase: ReleasePhase;
  readonly message: string;
  readonly since: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly members: Readonly<Record<string, MemberState>>;
  readonly pausedBy?: { readonly by: string; readonly reason?: string; readonly since: number };
  /** Why it rolls back: a member's failure, a person's abort, or a newer commit. */
  readonly verdict?: ReleaseVerdict;
  /** When all have run together for long enough; moves on while it is paused. */
  readonly bakedAt?: number;
  /** A person asks for it again: it brings out what is in quarantine. */
  readonly isRetry?: boolean;
  /** In lockstep: what each rollout wants next, by its workflow id, and the weight that all may have. */
  readonly lockstep?: {
    readonly wanted: Readonly<
      Record<string, { readonly application: string; readonly weight: Percent | 'done' }>
    >;
    readonly granted: Percent;
  };
  readonly reverts?: readonly ReleaseRevert[];
  /** Oldest first, the last 50. */
  readonly log: readonly { readonly at: number; readonly text: string }[];
}

export type ReleaseVerdict =
  | { readonly kind: 'failed'; readonly member: string; readonly sentence: string; readonly at: number }
  | { readonly kind: 'aborted'; readonly by: string; readonly reason?: string; readonly at: number }
  | { readonly kind: 'superseded'; readonly by: string; readonly at: number }
  | { readonly kind: 'memberGone'; readonly member: string; readonly at: number };
