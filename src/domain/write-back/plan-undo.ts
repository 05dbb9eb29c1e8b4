import type { ApplicationSpec } from '../application-spec';
import type { ApplicationState } from '../application-state';
import { planRestores, type Pinned, type PlannedRestore } from './planned-restores';
import { goodEntries, pinnedOf, undoTarget, type UndoTarget } from './undo-target';

/** What an undo would write, or why there is none. */
export type UndoPlan =
  | { readonly kind: 'undo'; readonly target: UndoTarget; readonly restores: readonly PlannedRestore[] }
  | { readonly kind: 'refused'; readonly why: string };

/** As many revisions as a sentence can name. */
const named = 5;

/**
 * Plans to bring Git back to a good revision of the history, asked for by (the beginning of) its id, or to the one that `undoTarget`
 * chooses. Git as it was seen last is what it goes back from.
 */
export function planUndo(
  spec: ApplicationSpec,
  state: ApplicationState,
  toRevision: string | undefined,
): UndoPlan {
  if (spec.writeBack === 'off')
    return refused(`write-back is off for ${spec.name}, so Git is not written; revert in Git yourself`);
  const found = toRevision === undefined ? lastOne(spec, state) : askedFor(spec, state, toRevision);
  if (typeof found === 'string') return refused(found);
  const bad = gitNow(spec, state);
  if ([bad.revision, ...(bad.pins ?? [])].includes(''))
    return refused('Git has not been looked at yet; ask again in a moment');
  const { restores, unwritable } = planRestores(spec, state, { good: found, bad });
  const [stuck] = unwritable;
  if (stuck !== undefined) {
    const { repoUrl, chart, targetRevision } = stuck.source;
    const what = chart === undefined ? `${targetRevision} of ${repoUrl}` : `the chart ${chart} of ${repoUrl}`;
    const why = stuck.isNew ? 'was not there at that revision' : 'is not a branch, so Git cannot be written';
    return refused(`${what} ${why}; point the application at what it shall run`);
  }
  if (restores.length === 0) return refused(`Git is at ${found.revision.slice(0, 12)} already`);
  return { kind: 'undo', target: found, restores };
}

/** What Git says in all sources, as it was seen last; empty texts: not seen yet. */
export function gitNow(
  { otherSources }: ApplicationSpec,
  { head = '', pins = [] }: ApplicationState,
): Pinned {
  if (otherSources === undefined) return { revision: head };
  return { revision: head, pins: otherSources.map((_source, index) => pins[index] ?? '') };
}

function lastOne({ name }: ApplicationSpec, state: ApplicationState): UndoTarget | string {
  return undoTarget(state) ?? `there is no earlier good revision in the history of ${name}`;
}

/** An entry, or why there is none to go to. */
function askedFor({ name }: ApplicationSpec, state: ApplicationState, asked: string): UndoTarget | string {
  const entries = goodEntries(state).filter(({ revision }) => revision.startsWith(asked));
  const [first] = entries;
  const revisions = unique(entries.map(({ revision }) => revision));
  if (revisions.length > 1) return `${asked} may be ${listed(revisions)}; write more of it`;
  if (first !== undefined) return pinnedOf(first);
  const bad = state.history.find(({ revision }) => revision.startsWith(asked));
  const is = bad === undefined ? 'is not in the history' : `was ${bad.result} in the history`;
  const known = unique(goodEntries(state).map(({ revision }) => revision));
  const others = known.length === 0 ? 'which has no good one yet' : `whose good ones are ${listed(known)}`;
  return `revision ${asked} ${is} of ${name}, ${others}`;
}

function listed(revisions: readonly string[]): string {
  const more = revisions.length > named ? ` and ${revisions.length - named} more` : '';
  return `${revisions
    .slice(0, named)
    .map((each) => each.slice(0, 12))
    .join(', ')}${more}`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function refused(why: string): UndoPlan {
  return { kind: 'refused', why };
}
