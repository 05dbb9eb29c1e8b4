import { PortError } from '../../ports/port-error';
import { displayUrl } from './remote-url';
import type { Mirror } from './mirror';
import { atPath } from './objects';
import { parseBatch, parseRawTree, type RawEntry } from './tree-entries';

/**
 * Writes the root tree of `revision` with `path` replaced by `tree`, and gives its id. Works on tree objects alone: no work tree,
 * no index, and nothing below `path` or beside it is read, so modes, symlinks, submodules and odd names stay as they are.
 */
export async function replacePath(
  mirror: Mirror,
  { revision, path, tree }: { readonly revision: string; readonly path: string; readonly tree: string },
  signal?: AbortSignal,
): Promise<string> {
  if (path === '') return tree;
  const segments = path.split('/');
  const parents = segments.map((_, depth) => segments.slice(0, depth).join('/'));
  const levels = await readParents(mirror, { revision, parents, idBytes: tree.length / 2 }, signal);
  let child = tree;
  for (let depth = segments.length - 1; depth >= 0; depth--) {
    const name = Buffer.from(segments[depth] ?? '');
    const others = (levels[depth] ?? []).filter((entry) => !entry.name.equals(name));
    const input = Buffer.concat([...others, { mode: '40000', name, id: child }].map(mktreeLine));
    // `--missing`: the blobs of other paths are not in a blobless mirror.
    child = (await mirror.local(['mktree', '-z', '--missing'], { input, signal })).trim();
  }
  return child;
}

interface Parents {
  readonly revision: string;
  readonly parents: readonly string[];
  readonly idBytes: number;
}

async function readParents(
  mirror: Mirror,
  { revision, parents, idBytes }: Parents,
  signal?: AbortSignal,
): Promise<RawEntry[][]> {
  const input = parents.map((parent) => `${atPath(revision, parent)}\n`).join('');
  const objects = parseBatch(await mirror.catFile(['--batch'], { input, signal }));
  return parents.map((parent, depth) => {
    const object = objects[depth];
    if (object === undefined) return [];
    if (object.type === 'tree') return parseRawTree(object.content, idBytes);
    const repository = displayUrl(mirror.repoUrl);
    throw new PortError(
      `${parent} is now a file in ${repository}, a directory is needed there; remove it by hand`,
      {
        code: 'Conflict',
        retry: 'never',
        facts: { repository, path: parent },
      },
    );
  });
}

function mktreeLine({ mode, name, id }: RawEntry): Buffer {
  const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
  return Buffer.concat([Buffer.from(`${mode} ${type} ${id}\t`), name, Buffer.from([0])]);
}
