import { createHash } from 'node:crypto';
import type { Mirror } from './mirror';
import type { RawEntry } from './tree-entries';

/** A tree that is to be written. */
export interface NewTree {
  readonly entries: readonly RawEntry[];
  readonly id: string;
}

/**
 * A tree of the entries with the id that git gives it: of its content as git stores it, in git's order, in which a directory is sorted
 * as if its name ended with a slash. So a tree can be named before it is written, and one process writes a whole path of them.
 */
export function newTree(entries: readonly RawEntry[], idLength: number): NewTree {
  const order = ({ mode, name }: RawEntry): string => (mode === '40000' ? `${name}/` : name);
  // One character is one byte, so that characters compare as bytes do.
  const sorted = [...entries].sort((one, other) => (order(one) < order(other) ? -1 : 1));
  const bytes = sorted.reduce((sum, { mode, name }) => sum + mode.length + name.length + 2 + idLength / 2, 0);
  const hash = createHash(idLength === 64 ? 'sha256' : 'sha1').update(`tree ${bytes}\0`);
  for (const { mode, name, id } of sorted) hash.update(`${mode} ${name}\0`, 'latin1').update(id, 'hex');
  return { entries: sorted, id: hash.digest('hex') };
}

/** Writes the trees into the mirror, all by one process. What they name need not be there: a mirror holds few contents. */
export async function writeTrees(
  mirror: Pick<Mirror, 'local'>,
  trees: readonly NewTree[],
  signal?: AbortSignal,
): Promise<void> {
  // An empty record ends a tree.
  const records = trees.map(({ entries }) => `${entries.map(mktreeRecord).join('')}\0`);
  const input = Buffer.from(records.join(''), 'latin1');
  const output = await mirror.local(['mktree', '-z', '--batch', '--missing'], { input, signal });
  const written = output.trim().split('\n');
  const wrong = trees.findIndex(({ id }, index) => written[index] !== id);
  if (wrong >= 0) throw new Error(`git wrote the tree ${written[wrong]}, not ${trees[wrong]?.id}`);
}

function mktreeRecord({ mode, name, id }: RawEntry): string {
  const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
  return `${mode} ${type} ${id}\t${name}\0`;
}
