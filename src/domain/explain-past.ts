import type { HistoryEntry } from './application-state';
import type { ApplicationStatus } from './application-status';
import { ago, shortRevision } from './explain-time';
import { revertCommits } from './explain-write-back';

type State = ApplicationStatus['state'];

/** What came of the newest deployment when it did not go well; nothing after a success. */
export function explainPast({ spec, state }: ApplicationStatus, now: number): string[] {
  const bad = badEntry(state);
  if (bad === undefined) return [];
  const { name } = spec;
  const revision = shortRevision(bad.revision);
  const next =
    bad.result === 'aborted'
      ? `Next: \`belay retry ${name}\` tries ${revision} once more, or push another commit`
      : `Next: push a corrected commit; \`belay retry ${name}\` tries ${revision} once more`;
  return [`${what(bad)} ${ago(bad.at, now)}: ${bad.message}`, ...consequence(state, bad), next];
}

function what({ revision, result }: HistoryEntry): string {
  const short = shortRevision(revision);
  return result === 'aborted' ? `the rollout of ${short} was aborted` : `${short} failed`;
}

/** The history is newest first; after a revert the entry before it is the one that was reverted. */
function badEntry({ history, lastRevert }: State): HistoryEntry | undefined {
  const [newest] = history;
  const bad =
    newest?.result === 'reverted'
      ? history.find((entry) => entry.revision === lastRevert?.bad && entry.result !== 'reverted')
      : newest;
  return bad?.result === 'failed' || bad?.result === 'aborted' ? bad : undefined;
}

function consequence({ lastRevert, good }: State, bad: HistoryEntry): string[] {
  if (lastRevert?.bad === bad.revision) {
    return [`Users have the good version back, and Git too: ${revertCommits(lastRevert)}`];
  }
  return good === undefined ? ['There is no good version to go back to'] : [];
}
