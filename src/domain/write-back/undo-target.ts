import type { ApplicationState, HistoryEntry } from '../application-state';

const good: readonly HistoryEntry['result'][] = ['promoted', 'synced', 'reverted'];

/** The good entry of the history that is asked for by (the begin of) its revision; else the last one with another content than now. */
export function undoTarget(
  { history, good: now }: Pick<ApplicationState, 'history' | 'good'>,
  toRevision: string | undefined,
): HistoryEntry | undefined {
  return history.find(
    (entry) =>
      good.includes(entry.result) &&
      (toRevision === undefined ? !isSame(entry, now) : entry.revision.startsWith(toRevision)),
  );
}

function isSame(entry: HistoryEntry, now: ApplicationState['good']): boolean {
  return entry.tree === now?.tree && entry.pins?.join() === now.pins?.join();
}
