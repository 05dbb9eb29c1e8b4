import type { RestoreRequest } from '../../ports/git';
import { isPortError, PortError } from '../../ports/port-error';
import { complaintOf } from './errors';
import { fetchBranch, fetchCommit, type Source } from './fetch';
import { branchRef, fullRevision, lookUp, treePaths } from './objects';
import { entryAt, readLevels, sameEntry, type Levels } from './path-levels';
import { displayUrl } from './remote-url';
import type { Replacements } from './replace-paths';

/** The branch as one attempt saw it. */
export interface BranchView {
  readonly head: string;
  /** In git's spelling: the root is the empty one. */
  readonly paths: readonly string[];
  readonly good: string;
  /** Absent when the repository lost the bad commit. */
  readonly bad?: string;
  readonly levels: { readonly head: Levels; readonly good: Levels; readonly bad?: Levels };
}

/** Looks at the branch as it is now, and at the good and the bad commit. Throws PortError `PathNotFound` where nothing was good. */
export async function look(context: Source, request: RestoreRequest): Promise<BranchView> {
  const { mirror, signal } = context;
  const paths = treePaths(request.paths);
  const good = fullRevision(request.goodRevision);
  const bad = fullRevision(request.badRevision);
  const ref = await fetchBranch(context, branchRef(request.branch));
  const names = [ref, good, bad].map((name) => `${name}^{commit}`);
  let found = await lookUp(mirror, names, signal);
  if (found[1] === undefined) await fetchCommit(context, good);
  if (found[2] === undefined) await fetchUnlessGone(context, bad);
  // The head, too: what has just been fetched may be on top of it.
  if (found[1] === undefined || found[2] === undefined) found = await lookUp(mirror, names, signal);
  const head = found[0]?.id ?? '';
  const isBadThere = found[2] !== undefined;
  const commits = isBadThere ? [head, good, bad] : [head, good];
  const [atHead, atGood, atBad] = await readLevels(mirror, commits, paths, signal);
  if (atHead === undefined || atGood === undefined || paths.every((path) => !entryAt(atGood, path)))
    throw nothingGood(request, displayUrl(mirror.repoUrl));
  return {
    head,
    paths,
    good,
    ...(isBadThere ? { bad } : {}),
    levels: { head: atHead, good: atGood, ...(atBad === undefined ? {} : { bad: atBad }) },
  };
}

/** What must change at the head to have the good revision's content at every path. */
export function missingAt({ paths, levels }: BranchView): Replacements {
  const differing = paths.filter(
    (path) => !sameEntry(entryAt(levels.head, path), entryAt(levels.good, path)),
  );
  return new Map(differing.map((path) => [path, entryAt(levels.good, path)]));
}

/** Whether every path that is not good is as in the bad revision: nobody has pushed a fix on top. */
export function isBadElsewhere({ levels: { head, bad } }: BranchView, missing: Replacements): boolean {
  return (
    bad !== undefined &&
    [...missing.keys()].every((path) => sameEntry(entryAt(head, path), entryAt(bad, path)))
  );
}

/** A force-push may have dropped the commit: then nothing is taken for it. */
export async function fetchUnlessGone(source: Source, revision: string): Promise<void> {
  try {
    await fetchCommit(source, revision);
  } catch (error: unknown) {
    if (complaintOf(error) !== 'object missing' && !isPortError(error, 'RevisionNotFound')) throw error;
  }
}

function nothingGood({ paths, goodRevision }: RestoreRequest, repository: string): PortError {
  const path = paths.join(', ');
  return new PortError(
    `${paths.length === 1 ? `path ${path} does` : `paths ${path} do`} not exist at the good revision ${goodRevision} of ${repository}; there is nothing to go back to, restore by hand`,
    { code: 'PathNotFound', retry: 'never', facts: { repository, path, revision: goodRevision } },
  );
}
