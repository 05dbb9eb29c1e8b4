import type { Mirror } from './mirror';
import { atPath } from './objects';
import { entryName, parseBatch, rawEntries, type RawEntry } from './tree-entries';

/** The directories on the way to some paths, at one commit. */
export interface Levels {
  /** Id of the root's tree. */
  readonly root: string;
  /** Trees as they are stored by path, the root being the empty one; undefined where there is no directory. */
  readonly dirs: ReadonlyMap<string, Buffer | undefined>;
}

/** The directories above a path, the root first; of the root itself the root. */
export function dirsAbove(path: string): string[] {
  const segments = path.split('/');
  return segments.map((_, depth) => segments.slice(0, depth).join('/'));
}

/** Some paths at a commit that the mirror holds. */
export interface PathsAt {
  readonly commit: string;
  readonly paths: readonly string[];
}

/**
 * Reads what is on the way to the paths, of each place: one process for all. Trees are read as they are stored, so that a file is known
 * by its mode, too, and need not be in a blobless mirror.
 */
export async function readLevels(
  mirror: Pick<Mirror, 'catFile'>,
  places: readonly PathsAt[],
  signal?: AbortSignal,
): Promise<Levels[]> {
  const wanted = places.map(({ commit, paths }) => ({
    commit,
    dirs: [...new Set(paths.flatMap(dirsAbove))],
  }));
  const names = wanted.flatMap(({ commit, dirs }) => dirs.map((dir) => `${atPath(commit, dir)}\n`));
  const objects = parseBatch(await mirror.catFile(['--batch'], { input: names.join(''), signal }));
  let at = 0;
  return wanted.map(({ dirs }) => {
    const own = objects.slice(at, (at += dirs.length));
    const contents = own.map((object) => (object?.type === 'tree' ? object.content : undefined));
    return { root: own[0]?.id ?? '', dirs: new Map(dirs.map((dir, index) => [dir, contents[index]])) };
  });
}

/** What lies at one of the paths that the levels were read for, or at a directory above it. */
export function entryAt(levels: Levels, path: string): RawEntry | undefined {
  const name = entryName(path);
  if (path === '') return { mode: '40000', name, id: levels.root };
  const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  for (const entry of entriesOf(levels, parent)) if (entry.name === name) return entry;
  return undefined;
}

/** What lies in a directory that was read; nothing where there is none. */
export function* entriesOf({ root, dirs }: Levels, dir: string): Generator<RawEntry> {
  const content = dirs.get(dir);
  if (content !== undefined) yield* rawEntries(content, root.length / 2);
}

/** Whether the same lies at both: content, kind and mode. */
export function sameEntry(one: RawEntry | undefined, other: RawEntry | undefined): boolean {
  return one?.id === other?.id && one?.mode === other?.mode;
}
