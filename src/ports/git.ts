import type { Problem } from '../domain/problem';

/** One file of a tree at a revision; `path` is relative to the directory that was asked for. */
export interface TreeFile {
  readonly path: string;
  readonly content: string;
}

/** A directory at a revision: its tree id is the cache key of everything rendered from it. */
export interface TreeSnapshot {
  readonly revision: string;
  readonly tree: string;
  readonly files: readonly TreeFile[];
}

/** Reading side of one repository, with credentials resolved by the adapter from the URL. Throws PortError. */
export interface GitReader {
  /** The commit a branch, tag, full ref, SHA or `HEAD` names now, asked of the remote. Never fetches objects. */
  resolve(repoUrl: string, targetRevision: string): Promise<ResolvedRevision>;
  /** The directory `path` at `revision`. Fetches into the mirror only what is missing. */
  snapshot(repoUrl: string, path: string, revision: string): Promise<TreeSnapshot>;
  /** Tree id of `path` at `revision`, or undefined when the path does not exist there. */
  treeId(repoUrl: string, path: string, revision: string): Promise<string | undefined>;
  /** Author, subject and time of a commit. */
  commit(repoUrl: string, revision: string): Promise<CommitInfo>;
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
   * Makes `path` at the head of `branch` equal to its tree at `goodRevision`, as one commit on the current head, pushed with the
   * expected old value; on a race everything is recomputed. Idempotent: first the goal, then the trailer is looked for.
   */
  restorePath(request: RestoreRequest): Promise<RestoreResult>;
}

export interface RestoreRequest {
  readonly repoUrl: string;
  /** Full ref, e.g. `refs/heads/main`. */
  readonly branch: string;
  readonly path: string;
  readonly goodRevision: string;
  readonly badRevision: string;
  /** First line of the commit message, at most 72 characters. */
  readonly subject: string;
  /** What failed, where, and how to redeploy. */
  readonly body: string;
  /** In this order at the end of the message; `Belay-Run` is the idempotency key. */
  readonly trailers: Readonly<Record<string, string>>;
}

export type RestoreResult =
  /** We pushed this commit (now or in an attempt whose answer was lost). */
  | { readonly kind: 'pushed'; readonly revision: string; readonly alsoReverted: readonly string[] }
  /** Somebody already brought the path back to the good tree. */
  | { readonly kind: 'already'; readonly revision: string }
  /** The path at the head is neither the bad nor the good tree: somebody pushed a fix on top. Nothing was written. */
  | { readonly kind: 'superseded'; readonly revision: string }
  /** The server refuses this push for good (protected branch, hook, permission): nothing was written. */
  | { readonly kind: 'refused'; readonly problem: Problem };
