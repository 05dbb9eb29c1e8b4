import type { TreeChange } from '../../ports/git';
import { PortError } from '../../ports/port-error';
import { fetchMissing, type Source } from './fetch';
import { pathspecs } from './list-commits';
import { displayUrl } from './remote-url';

/** Of one question. */
const most = 2000;

/** Two commits that the mirror holds, and paths in git's spelling. */
export interface ChangesRange {
  readonly from: string;
  readonly to: string;
  readonly paths: readonly string[];
}

/** One entry of `git diff-tree -r -z`. */
interface RawChange {
  readonly status: string;
  readonly modes: readonly [string, string];
  readonly ids: readonly [string, string];
  readonly path: string;
}

/**
 * What differs below the paths, with the numbers of lines and without contents: as `git diff --raw --numstat --no-renames` says it.
 * Contents that the mirror lacks are fetched in one transfer, to count their lines. Throws PortError `Limit` above 2000 entries.
 */
export async function readChanges(source: Source, range: ChangesRange): Promise<readonly TreeChange[]> {
  const { mirror, signal } = source;
  const diff = async (form: string): Promise<string[]> => {
    const args = ['diff-tree', '-r', '-z', '--no-renames', form, range.from, range.to];
    return (await mirror.local([...args, ...pathspecs(range.paths)], { signal })).split('\0');
  };
  const changes = parseRaw(await diff('--raw'));
  if (changes.length > most) throw tooMany(displayUrl(mirror.repoUrl), changes.length);
  if (changes.length === 0) return [];
  await fetchMissing(source, [...new Set(changes.flatMap(blobsOf))]);
  // In the same order: names that are no UTF-8 could not be told apart.
  const numbers = await diff('--numstat');
  return changes.map((change, index) => ({
    path: change.path,
    change: kindOf(change),
    ...linesOf(change, numbers[index] ?? ''),
  }));
}

function parseRaw(fields: readonly string[]): RawChange[] {
  return Array.from({ length: Math.floor(fields.length / 2) }, (_, index) => {
    const [from = '', to = '', fromId = '', toId = '', status = ''] = (fields[2 * index] ?? '')
      .slice(1)
      .split(' ');
    return { status, modes: [from, to], ids: [fromId, toId], path: fields[2 * index + 1] ?? '' };
  });
}

function blobsOf({ modes, ids }: RawChange): string[] {
  return ids.filter((_, side) => isBlob(modes[side] ?? ''));
}

/** Files and symlinks: neither nothing nor a submodule. */
function isBlob(mode: string): boolean {
  return mode.startsWith('100') || mode === '120000';
}

function kindOf({ status, modes, ids }: RawChange): TreeChange['change'] {
  switch (status) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'T':
      return 'type';
    default:
      return ids[0] === ids[1] && modes[0] !== modes[1] ? 'mode' : 'modified';
  }
}

/** `-` stands for a binary file; the one line of a symlink or a submodule is no text of anybody. */
function linesOf({ modes }: RawChange, numbers: string): Pick<TreeChange, 'added' | 'removed'> {
  const [, added, removed] = /^(\d+)\t(\d+)\t/.exec(numbers) ?? [];
  const isText = modes.every((mode) => mode.startsWith('100') || mode === '000000');
  return added === undefined || !isText ? {} : { added: Number(added), removed: Number(removed) };
}

function tooMany(repository: string, count: number): PortError {
  return new PortError(
    `${count} files differ in ${repository}, above the limit of ${most}; ask for fewer paths`,
    { code: 'Limit', retry: 'never', facts: { repository, limit: most } },
  );
}
