/** What may be written for the options of a release. */
export const releaseModes = ['waves', 'lockstep'] as const;
export const rollbackPolicies = ['all', 'dependents', 'failed-only'] as const;
export const newCommitPolicies = ['finish', 'restart'] as const;
export const mostParallel = 1_000;

/** How an application says that it belongs to a release: its annotations `belay.dev/release`, `belay.dev/depends-on` and `sync-wave`. */
export interface Membership {
  readonly release: string;
  /** Names of members that must be out before this one. */
  readonly dependsOn: readonly string[];
  /** Argo CD's `sync-wave` of the Application: members of a lower wave are out before. Default 0. */
  readonly wave: number;
  /** What the members of a release must agree on; absent: the default, or what another member says. */
  readonly options?: Partial<ReleaseOptions>;
}

/** What goes back when a member fails: all, the failed one with what depends on it (transitively), or it alone. */
export type RollbackPolicy = (typeof rollbackPolicies)[number];

export interface ReleaseOptions {
  /** `waves`: one after the other by dependencies. `lockstep`: all at once, their canaries move weight together. Default `waves`. */
  readonly mode: (typeof releaseModes)[number];
  /** Default `all`. */
  readonly rollback: RollbackPolicy;
  /** How long all members must run together before the release is good, milliseconds. Default 0. */
  readonly bakeMs: number;
  /** A commit in the middle: finish first, then release it (default), or roll back and start again with it. */
  readonly newCommit: (typeof newCommitPolicies)[number];
  /** Members that come out at the same time at most. Default 10. */
  readonly parallel: number;
}

export const defaultReleaseOptions: ReleaseOptions = {
  mode: 'waves',
  rollback: 'all',
  bakeMs: 0,
  newCommit: 'finish',
  parallel: 10,
};

/** One application of a release with what it waits for. */
export interface Member {
  readonly application: string;
  readonly dependsOn: readonly string[];
  readonly wave: number;
}

/** A release as it is declared: by a file, or by the annotations of its members. */
export interface ReleaseSpec {
  readonly name: string;
  readonly members: readonly Member[];
  readonly options: ReleaseOptions;
}
