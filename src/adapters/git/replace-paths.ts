import { PortError } from '../../ports/port-error';
import { displayUrl } from './remote-url';
import type { Mirror } from './mirror';
import { dirsAbove, entryAt, type Levels } from './path-levels';
import type { RawEntry } from './tree-entries';

/** What is to lie at some paths; undefined: nothing. */
export type Replacements = ReadonlyMap<string, RawEntry | undefined>;

/**
 * Writes the root tree of a commit with other entries at some paths, and gives its id. A directory that becomes empty goes, too, one
 * that is missing is made. Works on tree objects alone: no work tree, no index, and nothing below the paths or beside them is read, so
 * modes, symlinks, submodules and odd names stay as they are. One process for each depth at which a directory changes.
 */
export async function replacePaths(
  mirror: Pick<Mirror, 'local' | 'repoUrl'>,
  levels: Levels,
  replacements: Replacements,
  signal?: AbortSignal,
): Promise<string> {
  const root = replacements.get('');
  if (root !== undefined) return root.id;
  const entries = new Map(replacements);
  const dirs = [...new Set([...replacements.keys()].flatMap(dirsAbove))];
  for (let depth = Math.max(...dirs.map(depthOf)); depth >= 0; depth--) {
    const changed = dirs.filter((dir) => depthOf(dir) === depth);
    const trees = changed.map((dir) => ({ dir, content: contentOf(mirror.repoUrl, levels, dir, entries) }));
    const written = trees.filter(({ dir, content }) => dir === '' || content.length > 0);
    const ids = await writeTrees(mirror, written, signal);
    for (const dir of changed) entries.set(dir, undefined);
    written.forEach(({ dir }, index) =>
      entries.set(dir, { mode: '40000', name: nameOf(dir), id: ids[index] ?? '' }),
    );
  }
  return entries.get('')?.id ?? '';
}

function contentOf(
  repoUrl: string,
  levels: Levels,
  dir: string,
  entries: Map<string, RawEntry | undefined>,
): RawEntry[] {
  const there = entryAt(levels, dir);
  if (there !== undefined && there.mode !== '40000') throw noDirectory(repoUrl, dir);
  const below = dir === '' ? '' : `${dir}/`;
  const changed = [...entries].filter(
    ([path]) => path.startsWith(below) && depthOf(path) === depthOf(dir) + 1,
  );
  const names = changed.map(([path]) => nameOf(path));
  const kept = (levels.dirs.get(dir) ?? []).filter(({ name }) => !names.some((each) => each.equals(name)));
  return [...kept, ...changed.flatMap(([, entry]) => entry ?? [])];
}

/** `mktree` sorts by itself. Trees are set apart by an empty record. */
async function writeTrees(
  mirror: Pick<Mirror, 'local'>,
  trees: readonly { readonly content: readonly RawEntry[] }[],
  signal?: AbortSignal,
): Promise<string[]> {
  if (trees.length === 0) return [];
  const end = Buffer.from([0]);
  const input = Buffer.concat(trees.flatMap(({ content }) => [...content.map(mktreeLine), end]));
  // `--missing`: the blobs of other paths are not in a blobless mirror.
  const output = await mirror.local(['mktree', '-z', '--batch', '--missing'], { input, signal });
  return output.trim().split('\n');
}

function mktreeLine({ mode, name, id }: RawEntry): Buffer {
  const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
  return Buffer.concat([Buffer.from(`${mode} ${type} ${id}\t`), name, Buffer.from([0])]);
}

/** How many directories and files the path names: 0 for the root. */
function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

function nameOf(path: string): Buffer {
  return Buffer.from(path.slice(path.lastIndexOf('/') + 1));
}

function noDirectory(repoUrl: string, path: string): PortError {
  const repository = displayUrl(repoUrl);
  return new PortError(
    `${path} is now no directory in ${repository}, and one is needed there; remove it by hand`,
    { code: 'Conflict', retry: 'never', facts: { repository, path } },
  );
}
