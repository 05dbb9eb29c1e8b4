import type { RestoreRequest } from '../../ports/git';
import { listCommits, type ListedCommit } from './list-commits';
import { entryAt, readLevels, sameEntry } from './path-levels';
import { oneLine, runTrailer } from './restore-message';
import type { RestoreContext } from './restore-path';
import type { BranchView, PartView } from './restore-view';

/** How many of the newest commits are looked at for the one that brought the bad content in by another way. */
const searched = 20;

/** The commit that an earlier attempt of this run pushed and whose answer was lost. */
export async function findRun(
  { mirror, signal }: RestoreContext,
  request: RestoreRequest,
  { head, parts }: BranchView,
): Promise<string | undefined> {
  const run = request.trailers[runTrailer];
  if (run === undefined) return undefined;
  const trailers = `%(trailers:key=${runTrailer},valueonly,unfold,separator=%x09)`;
  const grep = ['--fixed-strings', `--grep=${runTrailer}: ${oneLine(run)}`];
  const before = parts.map(({ good, bad, atBad }) => `^${atBad === undefined ? good : bad}`);
  const range = [...grep, head, ...new Set(before)];
  // A count always prints something; simple-git waits another 50 ms for a command that prints nothing.
  if ((await mirror.local(['rev-list', '--count', ...range], { signal })).trim() === '0') return undefined;
  const args = ['log', '--no-color', '--no-show-signature', `--format=%H%x09${trailers}`, ...range];
  const commits = (await mirror.local(args, { signal })).split('\n').map((line) => line.split('\t'));
  return commits.find(([, ...values]) => values.some((value) => value.trim() === oneLine(run)))?.[0];
}

/** The commits whose changes of the paths go back, newest first. */
export interface TakenBack {
  /** Those that are to go back; none where none can be told. */
  readonly bad: readonly ListedCommit[];
  /** What goes back with it. */
  readonly others: readonly ListedCommit[];
}

/**
 * Commits whose changes go back where each part does so for itself; no commit is both, and each is there once.
 *
 * A commit that is the bad one of a part goes back as such with every part that it changed.
 */
export async function takenBack(
  context: RestoreContext,
  parts: readonly PartView[],
  until: string,
): Promise<TakenBack> {
  const bad = new Map<string, ListedCommit>();
  const others = new Map<string, ListedCommit>();
  for (const part of parts) {
    const taken = await takenBackOf(context, part, until);
    if (taken.bad !== undefined) bad.set(taken.bad.revision, taken.bad);
    for (const each of taken.others) others.set(each.revision, each);
  }
  return {
    bad: [...bad.values()],
    others: [...others.values()].filter(({ revision }) => !bad.has(revision)),
  };
}

/**
 * Commits after the good one, up to `until`, that changed the paths, told apart by whether they are the bad one's own. The branch's own
 * line counts (first parents): a merge is one commit that brings what it merged. The bad revision may be a later commit that did not
 * touch the paths; then the one before it that did is the bad one. Where the bad commit is not on that line, the merge that brought it
 * is its own, as is the commit that a rebase or a squash has put in its place: the paths are there as in the bad revision.
 */
async function takenBackOf(
  context: RestoreContext,
  view: PartView,
  until: string,
): Promise<{ readonly bad: ListedCommit | undefined; readonly others: readonly ListedCommit[] }> {
  const { good, bad, paths, atBad } = view;
  const line = await listCommits(context, { from: good, to: until, paths, line: 'first parents' });
  if (atBad === undefined) return { bad: undefined, others: line };
  const without = (own: ListedCommit) => line.filter(({ revision }) => revision !== own.revision);
  const listed = line.find(({ revision }) => revision === bad);
  if (listed !== undefined) return { bad: listed, others: without(listed) };
  const before = await listCommits(context, { from: good, to: bad, paths, line: 'first parents' });
  const [last] = before;
  if (last === undefined) return { bad: undefined, others: line };
  if (line.some(({ revision }) => revision === last.revision)) return { bad: last, others: without(last) };
  const bringing = await findBringing(context, view, line);
  const others = bringing === undefined ? line : without(bringing);
  return {
    bad: last,
    others: (await isMerged(context, bad, until)) ? [...others, ...before.slice(1)] : others,
  };
}

/** The oldest of the newest commits that has the paths as the bad one. */
async function findBringing(
  { mirror, signal }: RestoreContext,
  { paths, atBad }: PartView,
  line: readonly ListedCommit[],
): Promise<ListedCommit | undefined> {
  const newest = line.slice(0, searched);
  const places = newest.map(({ revision }) => ({ commit: revision, paths }));
  const levels = await readLevels(mirror, places, signal);
  return newest.findLast((_, index) => {
    const at = levels[index];
    return (
      at !== undefined &&
      atBad !== undefined &&
      paths.every((path) => sameEntry(entryAt(at, path), entryAt(atBad, path)))
    );
  });
}

async function isMerged({ mirror, signal }: RestoreContext, bad: string, until: string): Promise<boolean> {
  return (await mirror.local(['rev-list', '--count', `${until}..${bad}`], { signal })).trim() === '0';
}
