import type { RestoreRequest } from '../../ports/git';
import { isPortError, PortError } from '../../ports/port-error';
import { complaintOf } from './errors';
import { fetchBranch, fetchCommit, type Source } from './fetch';
import { branchRef, lookUp } from './objects';
import { entryAt, readLevels, sameEntry, type Levels } from './path-levels';
import { displayUrl } from './remote-url';
import type { Replacements } from './replace-paths';
import { checkShared, partsOf, sharedPaths, type RestorePart } from './restore-parts';

/** The branch as one attempt saw it. */
export interface BranchView {
  readonly head: string;
  readonly atHead: Levels;
  /** No path lies inside one of another part. */
  readonly parts: readonly PartView[];
}

/** Paths that go back together, and what lies there at the good and the bad commit. */
export interface PartView extends RestorePart {
  readonly atGood: Levels;
  /** Absent when the repository lost the bad commit. */
  readonly atBad?: Levels;
}

/**
 * Looks at the branch as it is now, and at the good and the bad commits. Throws PortError `PathNotFound` where nothing was good, and
 * `InvalidSpec` where a path would go back to two contents.
 */
export async function look(context: Source, request: RestoreRequest): Promise<BranchView> {
  const parts = partsOf(request);
  const { head, lost } = await fetchAll(context, branchRef(request.branch), parts);
  const shared = sharedPaths(parts);
  const places = parts.flatMap(({ paths, good, bad }, index) => {
    const held = shared.filter(({ outer }) => outer === index).map(({ path }) => path);
    const read = [...paths, ...held];
    return [{ commit: good, paths: read }, ...(lost.has(bad) ? [] : [{ commit: bad, paths: read }])];
  });
  const all = { commit: head, paths: parts.flatMap(({ paths }) => paths) };
  const [atHead, ...rest] = await readLevels(context.mirror, [all, ...places], context.signal);
  const views = parts.map((part): PartView => {
    const [atGood, atBad] = rest.splice(0, lost.has(part.bad) ? 1 : 2);
    if (atGood === undefined || part.paths.every((path) => !entryAt(atGood, path)))
      throw nothingGood(part, displayUrl(context.mirror.repoUrl));
    return { ...part, atGood, ...(atBad === undefined ? {} : { atBad }) };
  });
  checkShared(shared, views);
  const isHeld = (path: string, index: number) =>
    shared.some((each) => each.inner === index && each.path === path);
  const own = views.map((view, index) => ({
    ...view,
    paths: view.paths.filter((path) => !isHeld(path, index)),
  }));
  if (atHead === undefined) throw new Error('git has read nothing at the head');
  return { head, atHead, parts: own.filter(({ paths }) => paths.length > 0) };
}

/** Brings the head and the commits of the parts into the mirror; `lost` are bad ones that the repository has no more. */
async function fetchAll(
  context: Source,
  branch: string,
  parts: readonly RestorePart[],
): Promise<{ readonly head: string; readonly lost: ReadonlySet<string> }> {
  const { mirror, signal } = context;
  const ref = await fetchBranch(context, branch);
  const goods = [...new Set(parts.map(({ good }) => good))];
  const bads = [...new Set(parts.map(({ bad }) => bad))];
  const commits = [...goods, ...bads];
  const names = [ref, ...commits].map((name) => `${name}^{commit}`);
  let found = await lookUp(mirror, names, signal);
  const missing = commits.filter((_, index) => found[index + 1] === undefined);
  for (const commit of missing)
    await (goods.includes(commit) ? fetchCommit(context, commit) : fetchUnlessGone(context, commit));
  // The head, too: what has just been fetched may be on top of it.
  if (missing.length > 0) found = await lookUp(mirror, names, signal);
  const lost = commits.filter((_, index) => found[index + 1] === undefined);
  return { head: found[0]?.id ?? '', lost: new Set(lost) };
}

/** What must change at a commit to have the good content at every path of the parts. */
export function missingAt(parts: readonly PartView[], levels: Levels): Replacements {
  return new Map(
    parts.flatMap(({ paths, atGood }) =>
      paths
        .filter((path) => !sameEntry(entryAt(levels, path), entryAt(atGood, path)))
        .map((path) => [path, entryAt(atGood, path)] as const),
    ),
  );
}

/** The parts that are not good at a commit. */
export function changing(parts: readonly PartView[], levels: Levels): readonly PartView[] {
  return parts.filter((part) => missingAt([part], levels).size > 0);
}

/** Whether every path that is not good is as in its bad revision: nobody has pushed a fix on top. */
export function isBadElsewhere({ atHead, parts }: BranchView, missing: Replacements): boolean {
  return parts.every(({ paths, atBad }) =>
    paths.every(
      (path) =>
        !missing.has(path) || (atBad !== undefined && sameEntry(entryAt(atHead, path), entryAt(atBad, path))),
    ),
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

function nothingGood({ paths, good }: RestorePart, repository: string): PortError {
  const path = paths.map((each) => each || '.').join(', ');
  return new PortError(
    `${paths.length === 1 ? `path ${path} does` : `paths ${path} do`} not exist at the good revision ${good} of ${repository}; there is nothing to go back to, restore by hand`,
    { code: 'PathNotFound', retry: 'never', facts: { repository, path, revision: good } },
  );
}
