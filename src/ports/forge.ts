import type { Problem } from '../domain/problem';
import type { ProposalWanted } from '../domain/write-back/proposal';
import type { RefusalReason } from './git';

/** How a commit stands, in the words of GitHub; adapters translate. */
export type StatusState = 'pending' | 'success' | 'failure' | 'error';

/** What is told about one commit under one name. */
export interface CommitStatus {
  readonly repoUrl: string;
  /** All 40 digits. */
  readonly revision: string;
  readonly state: StatusState;
  /** `belay/<application>`: a later status of the same name replaces it. */
  readonly context: string;
  /** One line; cut to what the forge takes. No secrets. */
  readonly description: string;
  readonly targetUrl?: string;
}

/** Whether a forge was told. */
export type StatusSet = { readonly kind: 'set' } | UnknownForge;

/** A pull request (GitLab: merge request) that is wanted; both branches are in the repository itself. */
export interface PullRequestAsk extends Omit<ProposalWanted, 'when'> {
  readonly repoUrl: string;
  readonly base: string;
}

/** A pull request as it stands. */
export interface PullRequest {
  readonly kind: 'pull-request';
  readonly number: number;
  /** For people. */
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  /** What was asked for and could not be had, for people: a label that is unknown, a reviewer, auto-merge. */
  readonly remarks: readonly string[];
}

/** No forge is known for this repository. */
export interface UnknownForge {
  readonly kind: 'unknown';
  readonly host: string;
}

/** A commit that the forge is to make itself, so that it signs it. */
export interface CommitAsk {
  readonly repoUrl: string;
  /** Branch without `refs/heads/`. */
  readonly branch: string;
  /** What the branch names now, undefined where it is missing: anything else is `moved`. Other than `parent`, the branch is replaced. */
  readonly expected: string | undefined;
  /** The commit that this one follows, all 40 digits. */
  readonly parent: string;
  /** The tree that `entries` change: that of `parent`. */
  readonly baseTree: string;
  /** What differs from it. Objects that the repository has already; without an `id` the path is removed. */
  readonly entries: readonly CommitEntry[];
  /** What tree that makes: where the forge makes another one, nothing is committed and a PortError says so. */
  readonly tree: string;
  /** All of it, with its trailers. Author and committer are whom the forge takes the credential for. */
  readonly message: string;
}

/** A path as it is in the new commit; modes as in `GitEntry`. */
export interface CommitEntry {
  readonly path: string;
  readonly mode: string;
  readonly id: string | undefined;
}

/** What became of such a commit; `unknown` also where this kind of forge makes no commits that it signs. */
export type CommitPublished =
  | { readonly kind: 'published'; readonly revision: string }
  /** The branch names another commit than expected: nothing that anybody sees was written. */
  | { readonly kind: 'moved' }
  /** The forge will not have it on this branch. */
  | { readonly kind: 'refused'; readonly why: RefusalReason; readonly problem: Problem }
  | UnknownForge;

/** The forge that hosts a repository, found by its URL. Throws PortError. */
export interface Forge {
  /** Idempotent: telling the same again changes nothing that anybody sees. */
  setStatus(status: CommitStatus, signal?: AbortSignal): Promise<StatusSet>;
  /** Opens it, or finds the open one with the same head and base again (title and body are then brought up to date). */
  openPullRequest(ask: PullRequestAsk, signal?: AbortSignal): Promise<PullRequest | UnknownForge>;
  /** `NotFound` where there is none of this number. */
  pullRequest(repoUrl: string, number: number, signal?: AbortSignal): Promise<PullRequest | UnknownForge>;
  /** Says why in a comment, closes it and deletes its branch; one that is merged or closed stays as it is, without a second comment. */
  closePullRequest(
    repoUrl: string,
    number: number,
    comment: string,
    signal?: AbortSignal,
  ): Promise<PullRequest | UnknownForge>;
  /** Makes a commit through the forge's API and moves the branch to it, never over what somebody else has pushed. */
  publishCommit(commit: CommitAsk, signal?: AbortSignal): Promise<CommitPublished>;
}
