import type { Problem } from '../domain/problem';

/** One file at a revision; `path` is what a person finds in Git where that is possible. */
export interface TreeFile {
  readonly path: string;
  readonly content: string;
}

/** Reading side of one repository, with credentials resolved by the adapter from the URL. Throws PortError. */
export interface GitReader {
  /** The commit a branch, tag, full ref, SHA or `HEAD` names now, asked of the remote. Never fetches objects. */
  resolve(repoUrl: string, targetRevision: string): Promise<ResolvedRevision>;
  /** Author, subject and time of a commit. */
  commit(repoUrl: string, revision: string): Promise<CommitInfo>;
  /** What differs below the paths from one commit to another, without contents: they may hold secrets. `Limit` above 2000 entries. */
  changes(
    repoUrl: string,
    range: { readonly from: string; readonly to: string; readonly paths: readonly string[] },
    signal?: AbortSignal,
  ): Promise<readonly TreeChange[]>;
}

export interface ResolvedRevision {
  readonly revision: string;
  /** The full ref when `targetRevision` names a branch, e.g. `refs/heads/main`: only then can Git be written back. */
  readonly branch?: string;
}

export interface CommitInfo {
  readonly revision: string;
  readonly subject: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** Epoch milliseconds. */
  readonly authoredAt: number;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Writing side of one branch; only the Git write activities hold it. */
export interface GitWriter {
  /**
   * Makes `paths` at the head of `branch` equal to what they are at `goodRevision`, as one commit on the current head, pushed with the
   * expected old value; on a race everything is recomputed. Idempotent: first the goal, then the trailer is looked for.
   */
  restorePath(request: RestoreRequest, signal?: AbortSignal): Promise<RestoreResult>;
}

export interface RestoreRequest {
  readonly repoUrl: string;
  /** Full ref, e.g. `refs/heads/main`. */
  readonly branch: string;
  /** Directories and files from the root, `.` for all of it, none inside another; what the good revision lacks there is removed. */
  readonly paths: readonly string[];
  readonly goodRevision: string;
  readonly badRevision: string;
  /**
   * More paths that go back in the same commit, each to a revision of its own. What lies in paths of two of them must be the same at
   * both good revisions, and at both bad ones.
   */
  readonly also?: readonly {
    readonly paths: readonly string[];
    readonly goodRevision: string;
    readonly badRevision: string;
  }[];
  /** First line of the commit message, at most 72 characters. */
  readonly subject: string;
  /** What failed, where, and how to redeploy. */
  readonly body: string;
  /** In this order at the end of the message; `Belay-Run` is the idempotency key. */
  readonly trailers: Readonly<Record<string, string>>;
  /**
   * Where other commits than the bad one changed the paths since the good one, and would be taken back with it: list them in the message
   * (default), or write nothing and answer `mixed`.
   */
  readonly others?: 'include' | 'refuse';
  /**
   * Full ref of another branch that the commit is pushed to instead, for a pull request. What an earlier attempt has left there is
   * replaced, unless it is just this commit on the same head.
   */
  readonly onto?: string;
}

/** What a server will not have; `protected`, `hook` and `unsigned` leave the way of a pull request. */
export type RefusalReason = 'protected' | 'hook' | 'unsigned' | 'forbidden' | 'branch missing' | 'other';

export type RestoreResult =
  /** We pushed this commit (now or in an attempt whose answer was lost). */
  | { readonly kind: 'pushed'; readonly revision: string; readonly alsoReverted: readonly string[] }
  /** Somebody already brought the paths back to the good tree. */
  | { readonly kind: 'already'; readonly revision: string }
  /** A path at the head is neither as in the bad nor as in the good revision: somebody pushed a fix on top. Nothing was written. */
  | { readonly kind: 'superseded'; readonly revision: string }
  /** Others' commits would go back too, and the request forbids that. Nothing was written. */
  | { readonly kind: 'mixed'; readonly revision: string; readonly others: readonly string[] }
  /** The server refuses this push for good: nothing was written. */
  | { readonly kind: 'refused'; readonly why: RefusalReason; readonly problem: Problem };

/** A file that differs between two revisions. */
export interface TreeChange {
  readonly path: string;
  readonly change: 'added' | 'deleted' | 'modified' | 'mode' | 'type';
  /** Lines; absent for binary files, symlinks and submodules. */
  readonly added?: number;
  readonly removed?: number;
}

/** A commit of a repository. */
export interface CommitPlace {
  readonly repoUrl: string;
  /** All 40 digits. */
  readonly revision: string;
}

/** One entry of a commit's trees. */
export interface GitEntry {
  /** Relative to the repository's root. */
  readonly path: string;
  /** `100644`, `100755`, `120000` (a symlink), `040000` (a directory) or `160000` (a submodule). */
  readonly mode: string;
  readonly id: string;
}

/**
 * The files of any paths of a commit, without a checkout of the rest. Paths are relative to the repository's root, `.` is the root
 * itself; symlinks are entries, they are not followed. Throws PortError; `Limit` above the limits of files and bytes.
 */
export interface SourceTrees {
  /** Object ids of what lies at the paths, undefined where nothing does: equal ids, equal content. One process for all. */
  ids(
    at: CommitPlace,
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly (string | undefined)[]>;
  /** What lies at the paths, and with `deep` everything below; directories included. */
  list(
    at: CommitPlace,
    paths: readonly string[],
    options: { readonly deep: boolean },
    signal?: AbortSignal,
  ): Promise<readonly GitEntry[]>;
  /** Contents by object id; of a symlink its target. Fetches what the mirror lacks in one transfer. */
  read(
    repoUrl: string,
    entries: readonly GitEntry[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>>;
  /**
   * Writes the files below `dir` with their modes, symlinks as symlinks (the caller has checked where they lead), submodules and
   * directories left out, LFS pointers as they are.
   */
  materialise(
    repoUrl: string,
    entries: readonly GitEntry[],
    dir: string,
    signal?: AbortSignal,
  ): Promise<void>;
}
