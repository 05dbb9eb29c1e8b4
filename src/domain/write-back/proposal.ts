import type { ApplicationSpec } from '../application-spec';
import { shortHash } from '../fit-name';
import type { PlannedRestore } from './planned-restores';

/** A pull request for a restore, as the policy of an application wants it. */
export interface ProposalWanted {
  /**
   * `if-refused`: a push is tried first, and a pull request is for a branch that does not take it, and for commits of others;
   * `if-others`: only for commits of others.
   */
  readonly when: 'always' | 'if-refused' | 'if-others';
  /** Branch without `refs/heads/`; the same for the same wish, so that a lost answer does no harm. */
  readonly head: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly labels: readonly string[];
  /** Login names; of GitHub and Gitea also `organisation/team`. */
  readonly reviewers: readonly string[];
  /** Merge it as soon as the forge's rules are met. */
  readonly autoMerge: boolean;
}

/** What a pull request would say: the commit's message. */
export interface ProposalText {
  readonly subject: string;
  readonly body: string;
}

/**
 * The pull request for a restore, or undefined where the policy is only to push. Its branch is named by what goes back (the application,
 * the bad revision, and a hash of branch and paths), so that every attempt for the same failure finds the same one, and no other finds
 * it: another Belay may deliver an application of that name from other paths of the same repository.
 */
export function proposalFor(
  { name, writeBack, writeBackOptions = {} }: ApplicationSpec,
  { bad, branch, paths }: Pick<PlannedRestore, 'bad' | 'branch' | 'paths'>,
  { subject, body }: ProposalText,
): ProposalWanted | undefined {
  const { otherCommits, labels = [], reviewers = [], autoMerge = false } = writeBackOptions;
  const isOnlyPush = writeBack === 'revert' && otherCommits !== 'pull-request';
  if (isOnlyPush || writeBack === 'hold' || writeBack === 'off') return undefined;
  return {
    when: writeBack === 'pull-request' ? 'always' : writeBack === 'revert' ? 'if-others' : 'if-refused',
    head: `belay/revert/${name}-${bad.slice(0, 12)}-${shortHash([branch, ...paths].join(' '))}`,
    title: subject,
    body,
    labels,
    reviewers,
    autoMerge,
  };
}
