import { posix } from 'node:path';
import type { TreeFile } from '../../ports/git';
import { PortError } from '../../ports/port-error';
import { invalid } from './invalid';
import { displayUrl } from './remote-url';
import { fetchBlobs, type Source } from './fetch';
import type { Mirror } from './mirror';
import { lookUp } from './objects';
import { parseBatch, parseTree, type TreeEntry } from './tree-entries';

const limits = { files: 5000, fileBytes: 1 << 20, totalBytes: 32 << 20 };

/** The text files of a tree: YAML and JSON, symlinks followed inside the tree, submodules left out. */
export async function readTree(source: Source, tree: string): Promise<TreeFile[]> {
  const { mirror, signal } = source;
  const place = displayUrl(mirror.repoUrl);
  const entries = parseTree(await mirror.local(['ls-tree', '-r', '-z', '--full-tree', tree], { signal }));
  const links = entries.filter(({ mode }) => mode === '120000');
  const texts = entries.filter(({ mode, path }) => mode.startsWith('100') && isText(path));
  if (texts.length > limits.files)
    throw tooMuch(`holds ${texts.length} YAML and JSON files`, `${limits.files} files`, place);
  const blobs = await readBlobs(source, [...texts, ...links]);
  const linked = links.flatMap((link) => follow(link, entries, blobs));
  return [...texts.map((entry) => ({ path: entry.path, entry })), ...linked]
    .map(({ path, entry }) => ({ path, content: decode(path, blobs.get(entry.id)) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** All blobs with at most one transfer and two processes, whatever their number. */
async function readBlobs(source: Source, entries: readonly TreeEntry[]): Promise<Map<string, Buffer>> {
  const { mirror, signal } = source;
  const ids = [...new Set(entries.map(({ id }) => id))];
  if (ids.length === 0) return new Map();
  let infos = await lookUp(mirror, ids, signal);
  const missing = ids.filter((_, index) => infos[index] === undefined);
  if (missing.length > 0) {
    await fetchBlobs(source, missing);
    infos = await lookUp(mirror, ids, signal);
  }
  checkSizes(mirror, entries, new Map(ids.map((id, index) => [id, infos[index]?.size ?? 0])));
  const objects = parseBatch(await mirror.catFile(['--batch'], { input: `${ids.join('\n')}\n`, signal }));
  return new Map(ids.map((id, index) => [id, objects[index]?.content ?? Buffer.alloc(0)]));
}

function checkSizes(mirror: Mirror, entries: readonly TreeEntry[], sizes: ReadonlyMap<string, number>): void {
  const place = displayUrl(mirror.repoUrl);
  let total = 0;
  for (const { path, id } of entries) {
    const size = sizes.get(id) ?? 0;
    total += size;
    if (size > limits.fileBytes)
      throw tooMuch(`holds ${path} of ${size} bytes`, `${limits.fileBytes} bytes a file`, place);
  }
  if (total > limits.totalBytes)
    throw tooMuch(`holds ${total} bytes of YAML and JSON`, `${limits.totalBytes} bytes`, place);
}

/** The file that a symlink stands for, as often as the chain needs; a link to anything else is refused by its path. */
function follow(
  link: TreeEntry,
  entries: readonly TreeEntry[],
  blobs: ReadonlyMap<string, Buffer>,
): { path: string; entry: TreeEntry }[] {
  let entry: TreeEntry | undefined = link;
  for (let hops = 0; hops < 10 && entry?.mode === '120000'; hops++) {
    const target = blobs.get(entry.id)?.toString('utf8') ?? '';
    const path = posix.normalize(posix.join(posix.dirname(entry.path), target));
    if (posix.isAbsolute(target) || path === '..' || path.startsWith('../')) {
      throw invalid(`symlink ${link.path} leads out of the directory, to ${target}; replace it by the file`, {
        file: link.path,
      });
    }
    const next = entries.find((candidate) => candidate.path === path);
    if (next === undefined && entries.some((candidate) => candidate.path.startsWith(`${path}/`))) {
      throw invalid(`symlink ${link.path} leads to a directory, ${target}; replace it by the files`, {
        file: link.path,
      });
    }
    entry = next;
  }
  const found = entry !== undefined && entry.mode.startsWith('100');
  if (isText(link.path) && (!found || !blobs.has(entry?.id ?? ''))) {
    throw invalid(`symlink ${link.path} leads to no YAML or JSON file; replace it by the file`, {
      file: link.path,
    });
  }
  return isText(link.path) && entry !== undefined ? [{ path: link.path, entry }] : [];
}

function decode(path: string, content: Buffer | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content ?? Buffer.alloc(0));
  } catch {
    throw invalid(`${path} is not UTF-8 text; save it as UTF-8`, { file: path });
  }
}

function isText(path: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(path);
}

function tooMuch(what: string, limit: string, repository: string): PortError {
  return new PortError(
    `the directory in ${repository} ${what}, above the limit of ${limit}; choose a smaller path or split the application`,
    { code: 'Limit', retry: 'never', facts: { repository, limit } },
  );
}
