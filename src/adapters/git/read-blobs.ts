import type { GitEntry } from '../../ports/git';
import { PortError } from '../../ports/port-error';
import { fetchBlobs, type Source } from './fetch';
import { lookUp } from './objects';
import { displayUrl } from './remote-url';
import { parseBatch } from './tree-entries';

/** What one application may take from a repository. */
const limits = { files: 20_000, fileBytes: 32 << 20, totalBytes: 256 << 20 };
/** Bytes of one `cat-file --batch`, whose whole output is held in memory. */
const batchBytes = 32 << 20;

/**
 * Gives the blobs to `use`, each once, some megabytes at a time: at most one transfer, and one process for each 32 MB.
 * Refuses with `Limit` before anything is read.
 */
export async function eachBlob(
  source: Source,
  entries: readonly GitEntry[],
  use: (id: string, content: Buffer) => Promise<void> | void,
): Promise<void> {
  const { mirror, signal } = source;
  const place = displayUrl(mirror.repoUrl);
  if (entries.length > limits.files) throw tooMuch(place, `${entries.length} files`, `${limits.files} files`);
  const names = new Map(entries.map(({ id, path }) => [id, path]));
  const ids = [...names.keys()];
  let infos = await lookUp(mirror, ids, signal);
  const missing = ids.filter((_, index) => infos[index] === undefined);
  if (missing.length > 0) {
    await fetchBlobs(source, missing);
    infos = await lookUp(mirror, ids, signal);
  }
  const sizes = infos.map((info) => info?.size ?? 0);
  sizes.forEach((size, index) => {
    if (size > limits.fileBytes)
      throw tooMuch(
        place,
        `${names.get(ids[index] ?? '')} of ${size} bytes`,
        `${limits.fileBytes} bytes a file`,
      );
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > limits.totalBytes) throw tooMuch(place, `${total} bytes`, `${limits.totalBytes} bytes`);
  for (const batch of batches(ids, sizes)) {
    const output = await mirror.catFile(['--batch'], { input: `${batch.join('\n')}\n`, signal });
    const objects = parseBatch(output);
    for (const [index, id] of batch.entries()) await use(id, objects[index]?.content ?? Buffer.alloc(0));
  }
}

function batches(ids: readonly string[], sizes: readonly number[]): string[][] {
  const all: string[][] = [];
  let room = 0;
  ids.forEach((id, index) => {
    const size = sizes[index] ?? 0;
    if (all.length === 0 || size > room) {
      all.push([]);
      room = batchBytes;
    }
    all.at(-1)?.push(id);
    room -= size;
  });
  return all;
}

function tooMuch(repository: string, what: string, limit: string): PortError {
  return new PortError(
    `what is rendered from ${repository} holds ${what}, above the limit of ${limit}; choose a smaller path or split the application`,
    { code: 'Limit', retry: 'never', facts: { repository, limit } },
  );
}
