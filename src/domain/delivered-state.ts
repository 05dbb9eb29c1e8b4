import type { ApplicationState, HistoryEntry } from './application-state';
import { lookedAt } from './revision-source';
import type { RevisionPlan, WorkloadPlan } from './revision-plan';

/** Objects that Git no longer has and that are still there. */
export interface Left {
  /** Their pruning waits for a person. */
  readonly unconfirmed: readonly string[];
  readonly unpruned: readonly string[];
}

/** As many as a person reads, and a state can hold. */
const mostNames = 50;

/** What changes in the state when a revision has become the good one. `at`: epoch milliseconds. */
export function delivered(
  { revision, tree, content, pins }: RevisionPlan,
  { unconfirmed, unpruned }: Left,
  at: number,
): Partial<ApplicationState> {
  const known = { ...(pins === undefined ? {} : { pins }), ...(content === undefined ? {} : { content }) };
  return {
    synced: revision,
    good: { revision, tree, at, ...known },
    drift: [],
    unconfirmed,
    unpruned: unpruned.slice(0, mostNames),
  };
}

/** How a sync ended: a result, and what a person reads of it. */
export interface SyncEnd {
  readonly result: HistoryEntry['result'];
  readonly message: string;
}

/** The end of a sync after which everything is out; `rolled` are the workloads that rollouts brought. */
export function goodEnd(
  { lastRevert }: Pick<ApplicationState, 'lastRevert'>,
  { revision, pins }: RevisionPlan,
  rolled: readonly WorkloadPlan[],
): SyncEnd {
  if (lastRevert !== undefined && lookedAt(lastRevert.revision, lastRevert.pins) === lookedAt(revision, pins))
    return { result: 'reverted', message: `back at the good version of ${lastRevert.good.slice(0, 12)}` };
  if (rolled.length === 0) return { result: 'synced', message: 'no workload changed' };
  return { result: 'promoted', message: rolled.map((each) => each.name).join(', ') };
}

/** The history with one entry more, newest first, of at most `limit`. `at`: epoch milliseconds. */
export function recorded(
  history: readonly HistoryEntry[],
  { revision, tree, workloads, pins }: RevisionPlan,
  end: SyncEnd,
  { at, limit }: { readonly at: number; readonly limit: number },
): readonly HistoryEntry[] {
  const entry = {
    id: (history[0]?.id ?? 0) + 1,
    revision,
    tree,
    ...(pins === undefined ? {} : { pins }),
    at,
    ...end,
    versions: Object.fromEntries(workloads.map((each) => [each.name, each.version])),
  };
  return [entry, ...history].slice(0, limit);
}
