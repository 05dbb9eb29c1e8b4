import type { ApplicationState, HistoryEntry } from '../application-state';
import type { Pinned } from './planned-restores';

const good: readonly HistoryEntry['result'][] = ['promoted', 'synced', 'reverted'];

/** Where an undo goes back to: an entry of the history, or the good revision where Git is ahead of it. */
export interface UndoTarget extends Pinned {
  /** When it was brought out. */
  readonly at: number;
  /** Number of the entry; a revision that changed nothing has none. */
  readonly id?: number;
}

/** The entries that were brought out completely. */
export function goodEntries({ history }: Pick<ApplicationState, 'history'>): readonly HistoryEntry[] {
  return history.filter(({ result }) => good.includes(result));
}

/**
 * Where an undo without a revision goes back to. Where the application is held, or waits for a failure to be confirmed, and Git is not
 * at the good revision: to that one, for what is to be undone is what Git says. Else to the last good entry with another content than
 * the good revision, so that a second undo takes the first one back, as with `kubectl rollout undo`.
 */
export function undoTarget(state: ApplicationState): UndoTarget | undefined {
  const { good: now, head, pins, hold, unconfirmedFailure } = state;
  const isStuck = hold !== undefined || unconfirmedFailure !== undefined;
  if (
    isStuck &&
    now !== undefined &&
    head !== undefined &&
    !isAt(now, { revision: head, ...(pins && { pins }) })
  )
    return pinnedOf(goodEntries(state).find((entry) => isAt(now, entry)) ?? now);
  const target = goodEntries(state).find((entry) => !isSame(entry, state));
  return target && pinnedOf(target);
}

/** A target without what else an entry says. */
export function pinnedOf({
  revision,
  pins,
  at,
  id,
}: Pinned & { readonly at: number; readonly id?: number }): UndoTarget {
  return { revision, at, ...(pins === undefined ? {} : { pins }), ...(id === undefined ? {} : { id }) };
}

function isAt(one: Pinned, other: Pinned): boolean {
  return one.revision === other.revision && (one.pins ?? []).join() === (other.pins ?? []).join();
}

/** Files of values outside the path change no tree, but the versions of workloads. */
function isSame(entry: HistoryEntry, { good: now, workloads }: ApplicationState): boolean {
  const versions = Object.entries(entry.versions);
  return (
    entry.tree === now?.tree &&
    (entry.pins ?? []).join() === (now.pins ?? []).join() &&
    versions.every(([name, version]) => (workloads[name]?.version ?? version) === version)
  );
}
