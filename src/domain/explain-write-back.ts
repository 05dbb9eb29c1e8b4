import type { ApplicationState, LastRevert, Proposal } from './application-state';
import type { ApplicationStatus } from './application-status';
import { ago, roughly, shortRevision } from './explain-time';
import { cannotWriteNow } from './write-back/delayed';

/** Each pull request that Git waits for: since when, and when it is looked at next. */
export function explainProposals({ proposals = [] }: ApplicationState, now: number): string[] {
  return proposals.map((each) => explainProposal(each, now));
}

function explainProposal({ number, since, nextLook }: Proposal, now: number): string {
  if (nextLook === undefined)
    return `Pull request #${number} is merged, and the branch is taken in as soon as it is seen`;
  return `Pull request #${number} is open since ${roughly(now - since)} and is looked at again in ${roughly(nextLook - now)}`;
}

/**
 * What a person can do while Git goes back: nothing, or, in the time in which a failure waits to be confirmed or Git does not take the
 * write, something that helps.
 */
export function nextOfRollback({ spec, state, operation }: ApplicationStatus, now: number): string {
  const { name } = spec;
  const { unconfirmedFailure } = state;
  if (operation?.message.includes(cannotWriteNow) === true)
    return 'Next: mend what is in the way of Git; it is tried again by itself, every 5 min at least';
  if (unconfirmedFailure === undefined) return 'Nothing to do: traffic goes back first, then Git';
  const left = roughly(unconfirmedFailure.until - now);
  return `Next: \`belay retry ${name}\` if it was a flake (a second failure confirms it), or push a fix; in ${left} Git goes back by itself, and \`belay undo ${name}\` does it at once`;
}

/** The commits that brought Git back, as `commit 77e0b3f restores 3f2c1aa`. */
export function revertCommits({ revision, good, writes = [] }: LastRevert): string {
  const commits = [...new Set(writes.map((write) => shortRevision(write.revision)))];
  return commits.length > 1
    ? `commits ${commits.join(', ')} restore ${shortRevision(good)}`
    : `commit ${shortRevision(commits[0] ?? revision)} restores ${shortRevision(good)}`;
}

/** The failure that a pull request is about; one that came of an undo is about none. */
export function failedBefore({ lastFailure, history }: ApplicationState, now: number): string[] {
  const result = history[0]?.result;
  if (lastFailure === undefined || (result !== 'failed' && result !== 'aborted')) return [];
  return [
    `${shortRevision(lastFailure.revision)} failed ${ago(lastFailure.at, now)}: ${lastFailure.sentence}`,
  ];
}
