import type { Problem } from '../problem';
import type { Membership, ReleaseSpec } from './spec';
import type { ReleasePhase } from './state';

/** What the entity of a release's name keeps. Times are epoch milliseconds. */
export interface ReleasesState {
  /** Of the newest release. */
  readonly number: number;
  /** A release file; absent: the members' annotations declare it. */
  readonly file?: ReleaseSpec;
  /** What members have told, by application. */
  readonly members: Readonly<Record<string, MemberHead>>;
  /** Why nothing can be released. */
  readonly problems: readonly Problem[];
  /** The release under way. */
  readonly running?: {
    readonly id: string;
    readonly since: number;
    readonly revisions: Readonly<Record<string, string>>;
  };
  /** What waits for it to end, and why. */
  readonly queued?: { readonly since: number; readonly reason: string };
  /** Revisions that went back with their release, by application: they come out again only when a person asks. */
  readonly refused?: Readonly<Record<string, string>>;
  /** The newest release that went back and the newest good one: what was written to Git, or would be to undo it. */
  readonly failed?: ReleaseOutcome;
  readonly good?: ReleaseOutcome;
  /** What came of the newest request of a person; `isPassing`: it goes on by itself. */
  readonly answer?: { readonly at: number; readonly text: string; readonly isPassing?: true };
  /** Newest first, the last 20. */
  readonly history: readonly {
    readonly id: string;
    readonly phase: ReleasePhase;
    readonly message: string;
    readonly startedAt: number;
    readonly endedAt: number;
  }[];
}

/** What a release leaves in Git: enough to take it back there, or to take its revert back. */
export interface ReleaseOutcome {
  readonly id: string;
  readonly members: readonly string[];
  /** Why it cannot be taken back by a commit. */
  readonly unwritable?: string;
  /** One for each branch; `good` and `bad` as the release saw them, `revision` is the revert, where one was written. */
  readonly writes: readonly {
    readonly repoUrl: string;
    readonly branch: string;
    readonly members: readonly string[];
    readonly parts: readonly {
      readonly paths: readonly string[];
      readonly good: string;
      readonly bad: string;
    }[];
    readonly revision?: string;
  }[];
}

/** A member as `releases` knows it. */
export interface MemberHead {
  readonly application: string;
  /** Absent: a release file names it, and nothing is written on it. */
  readonly membership?: Membership;
  readonly cluster?: string;
  /** `<normalised url>#<branch>`: members of one are released by one commit. */
  readonly branch: string;
  readonly head: string;
  readonly pins?: readonly string[];
  /** The head differs from what is delivered: it wants to come out. */
  readonly isBehind: boolean;
  /** Automated sync: it is released as soon as Git says so, else when somebody asks. */
  readonly isAutomated: boolean;
  readonly at: number;
}
