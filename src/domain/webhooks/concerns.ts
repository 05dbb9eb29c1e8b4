import { isInTagRange, tagRange } from '../tag-range';

/** What somebody has heard of a repository: which of its refs have changed. A hint. */
export interface Heard {
  /** Full refs; none: which ones is not known. */
  readonly refs: readonly string[];
  /** Short name of the branch that `HEAD` names; absent: not known. */
  readonly defaultBranch?: string;
}

/**
 * Whether a change of `eventRef` (a full ref, or a bare name of which nobody knows whether it is a branch or a tag) may change what
 * `targetRevision` names. As in Argo CD, `''` and `HEAD` mean the default branch, and a range of versions is changed by each tag
 * in it. Unlike there, `refs/tags/x` is not changed by a branch `x`, nor a range by a branch that is named like a version.
 */
export function revisionHasChanged(targetRevision: string, eventRef: string, touchedHead: boolean): boolean {
  const target = targetRevision.trim();
  if (target === '' || target === 'HEAD') return touchedHead;
  if (tagRange(target) !== undefined)
    return !eventRef.startsWith('refs/heads/') && isInTagRange(target, eventRef);
  const [asked, changed] = [partsOf(target), partsOf(eventRef)];
  const isSameFolder =
    asked.folder === undefined || changed.folder === undefined || asked.folder === changed.folder;
  return asked.name === changed.name && isSameFolder;
}

/** Whether what was heard may change what `targetRevision` names; with nothing known about refs, it may. */
export function concerns({ refs, defaultBranch }: Heard, targetRevision: string): boolean {
  if (refs.length === 0) return true;
  const head = defaultBranch === undefined ? undefined : `refs/heads/${defaultBranch}`;
  return refs.some((ref) => revisionHasChanged(targetRevision, ref, head === undefined || ref === head));
}

function partsOf(ref: string): { readonly folder: string | undefined; readonly name: string } {
  const [, folder, name = ref] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  return { folder, name };
}
