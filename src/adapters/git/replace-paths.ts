import { PortError } from '../../ports/port-error';
import { displayUrl } from './remote-url';
import type { Mirror } from './mirror';
import { dirsAbove, entriesOf, entryAt, type Levels } from './path-levels';
import { entryName, type RawEntry } from './tree-entries';
import { newTree, writeTrees, type NewTree } from './write-trees';

/** What is to lie at some paths; undefined: nothing. */
export type Replacements = ReadonlyMap<string, RawEntry | undefined>;

/**
 * Writes the root tree of a commit with other entries at some paths, and gives its id. A directory that becomes empty goes, too, one
 * that is missing is made. Works on tree objects alone: no work tree, no index, and nothing below the paths or beside them is read, so
 * modes, symlinks, submodules and odd names stay as they are. One process writes them all.
 */
export async function replacePaths(
  mirror: Pick<Mirror, 'local' | 'repoUrl'>,
  levels: Levels,
  replacements: Replacements,
  signal?: AbortSignal,
): Promise<string> {
  const whole = replacements.get('');
  if (whole !== undefined) return whole.id;
  const entries = new Map(replacements);
  const trees: NewTree[] = [];
  const dirs = [...new Set([...replacements.keys()].flatMap(dirsAbove))];
  // The deepest first: what is above names it.
  for (const dir of dirs.sort((one, other) => depthOf(other) - depthOf(one))) {
    const there = entryAt(levels, dir);
    if (there !== undefined && there.mode !== '40000') throw noDirectory(mirror.repoUrl, dir);
    const tree = newTree(contentOf(levels, dir, entries), levels.root.length);
    const isThere = dir === '' || tree.entries.length > 0;
    entries.set(dir, isThere ? { mode: '40000', name: entryName(dir), id: tree.id } : undefined);
    if (isThere) trees.push(tree);
  }
  await writeTrees(mirror, trees, signal);
  return entries.get('')?.id ?? '';
}

/** What lies in a directory once the entries are in their places. */
function contentOf(
  levels: Levels,
  dir: string,
  entries: ReadonlyMap<string, RawEntry | undefined>,
): RawEntry[] {
  const below = dir === '' ? '' : `${dir}/`;
  const inside = [...entries].filter(
    ([path]) => path.startsWith(below) && depthOf(path) === depthOf(dir) + 1,
  );
  const content = new Map<string, RawEntry>();
  for (const entry of entriesOf(levels, dir)) content.set(entry.name, entry);
  for (const [path, entry] of inside) {
    if (entry === undefined) content.delete(entryName(path));
    else content.set(entryName(path), entry);
  }
  return [...content.values()];
}

/** How many directories and files the path names: 0 for the root. */
function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

function noDirectory(repoUrl: string, path: string): PortError {
  const repository = displayUrl(repoUrl);
  return new PortError(
    `${path} is now no directory in ${repository}, and one is needed there; remove it by hand`,
    { code: 'Conflict', retry: 'never', facts: { repository, path } },
  );
}
