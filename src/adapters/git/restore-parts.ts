import type { RestoreRequest } from '../../ports/git';
import { invalid } from './invalid';
import { fullRevision, treePaths } from './objects';
import { entryAt, sameEntry, type Levels } from './path-levels';

/** Paths that go back together, from one revision to another. */
export interface RestorePart {
  /** In git's spelling: the root is the empty one. None lies inside another. */
  readonly paths: readonly string[];
  readonly good: string;
  readonly bad: string;
}

/** A path that lies in a path of an earlier or later part, or is the same as one. */
export interface Shared {
  readonly path: string;
  /** The part that has the path itself. */
  readonly inner: number;
  /** The part that has what it lies in. */
  readonly outer: number;
}

/** The parts of a request, the one that every request has first. Throws PortError `InvalidSpec`. */
export function partsOf(request: RestoreRequest): readonly RestorePart[] {
  return [request, ...(request.also ?? [])].map(({ paths, goodRevision, badRevision }) => ({
    paths: treePaths(paths),
    good: fullRevision(goodRevision),
    bad: fullRevision(badRevision),
  }));
}

/** All paths of a request in git's spelling, none inside another. */
export function pathsOf(request: RestoreRequest): readonly string[] {
  return treePaths([request, ...(request.also ?? [])].flatMap(({ paths }) => paths));
}

/** Paths that more than one part brings back. */
export function sharedPaths(parts: readonly RestorePart[]): readonly Shared[] {
  return parts.flatMap(({ paths }, inner) =>
    paths.flatMap((path) => {
      // Of two that are the same the earlier one counts as the one that holds the other.
      const outer = parts.findIndex(
        (other, at) =>
          at !== inner && other.paths.some((each) => (each === path ? at < inner : isWithin(each, path))),
      );
      return outer < 0 ? [] : [{ path, inner, outer }];
    }),
  );
}

/** Whether a path of a tree is below another one, or the same. */
export function isWithin(path: string, below: string): boolean {
  return path === '' || below === path || below.startsWith(`${path}/`);
}

/**
 * Refuses parts that would bring one path back to two contents, or from two: applications share files, and at most revisions these are
 * the same. Throws PortError `InvalidSpec` with the path and the revisions.
 */
export function checkShared(
  shared: readonly Shared[],
  parts: readonly (RestorePart & { readonly atGood: Levels; readonly atBad?: Levels })[],
): void {
  for (const { path, inner, outer } of shared) {
    const [one, other] = [parts[inner], parts[outer]];
    if (one === undefined || other === undefined) continue;
    const sameGood = sameEntry(entryAt(one.atGood, path), entryAt(other.atGood, path));
    const sameBad = sameEntry(entryOf(one.atBad, path), entryOf(other.atBad, path));
    if (sameGood && sameBad) continue;
    const [from, what] = sameGood ? ([one.bad, other.bad] as const) : ([one.good, other.good] as const);
    const side = sameGood ? 'from' : 'to';
    throw invalid(
      `path ${path || '.'} would go back twice in one commit, ${side} ${from.slice(0, 12)} and ${side} ${what.slice(0, 12)}, where it differs; restore it by hand, or give the applications that share it one good revision`,
      { path: path || '.' },
    );
  }
}

function entryOf(levels: Levels | undefined, path: string) {
  return levels === undefined ? undefined : entryAt(levels, path);
}
