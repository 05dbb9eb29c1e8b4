import type { ApplicationStatus } from './application-status';
import { ago, shortRevision } from './explain-time';

/** What the newest entry of the history says when it did not go well; nothing after a success. */
export function explainPast({ spec, state }: ApplicationStatus, now: number): string[] {
  const last = state.history.at(-1);
  if (last === undefined) return [];
  const { name } = spec;
  const revision = shortRevision(last.revision);
  switch (last.result) {
    case 'reverted':
    case 'failed':
      return [
        `${revision} failed ${ago(last.at, now)}: ${reasonOf(state, last.revision) ?? last.message}`,
        ...consequence(state),
        `Next: push a corrected commit; \`belay retry ${name}\` tries ${revision} once more`,
      ];
    case 'aborted':
      return [
        `the rollout of ${revision} was aborted ${ago(last.at, now)}: ${last.message}`,
        `Next: \`belay retry ${name}\` tries it once more`,
      ];
    case 'synced':
    case 'promoted':
    case 'superseded':
      return [];
  }
}

function reasonOf({ lastFailure }: ApplicationStatus['state'], revision: string): string | undefined {
  return lastFailure?.revision === revision ? lastFailure.sentence : undefined;
}

function consequence({ lastRevert, history, good }: ApplicationStatus['state']): string[] {
  const bad = history.at(-1)?.revision;
  if (lastRevert !== undefined && lastRevert.bad === bad)
    return [
      `users have the good version back, and Git too: commit ${shortRevision(lastRevert.revision)} restores ${shortRevision(lastRevert.good)}`,
    ];
  return good === undefined ? ['there is no good version to go back to'] : [];
}
