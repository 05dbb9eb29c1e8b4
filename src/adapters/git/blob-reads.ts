import type { GitEntry } from '../../ports/git';
import { isPortError } from '../../ports/port-error';
import { Batches } from './batches';
import type { Source } from './fetch';
import { eachBlob } from './read-blobs';

/** Contents kept in memory: settings such as kustomization files, which are read again and again. */
const kept = { bytes: 8 << 20, blobBytes: 256 << 10 };
/** Of one batch; who wants more has a batch of their own. */
const mostTogether = 2_000;

type Contents = ReadonlyMap<string, Buffer>;

/**
 * Reads blobs by id, those of several callers at a time together: what hundreds of applications of a repository want at a new commit
 * comes in a few transfers and processes.
 */
export class BlobReads {
  readonly #kept = new Map<string, Buffer>();
  #keptBytes = 0;
  readonly #batches = new Batches<GitEntry, Contents>(mostTogether);

  async read(source: Source, entries: readonly GitEntry[]): Promise<Contents> {
    const found = new Map<string, Buffer>();
    const missing: GitEntry[] = [];
    for (const entry of entries) {
      const content = this.#kept.get(entry.id);
      if (content === undefined) missing.push(entry);
      else found.set(entry.id, content);
    }
    if (missing.length === 0) return found;
    const readTogether = (all: readonly GitEntry[], isShared: boolean): Promise<Contents> =>
      readAll(isShared ? { ...source, signal: undefined } : source, all);
    const batch = this.#batches.run(source.mirror.dir, missing, readTogether);
    const read = await batch.catch((error: unknown) => {
      source.signal?.throwIfAborted();
      // It may be another one's that is too large: each then hears of their own.
      if (isPortError(error, 'Limit')) return readAll(source, missing);
      throw error;
    });
    source.signal?.throwIfAborted();
    for (const { id } of missing) {
      const content = read.get(id);
      if (content === undefined) continue;
      found.set(id, content);
      this.#keep(id, content);
    }
    return found;
  }

  #keep(id: string, content: Buffer): void {
    if (content.length > kept.blobBytes || this.#kept.has(id)) return;
    // A copy: the content is a part of a larger buffer, which it would hold.
    this.#kept.set(id, Buffer.from(content));
    this.#keptBytes += content.length;
    for (const [oldest, old] of this.#kept) {
      if (this.#keptBytes <= kept.bytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= old.length;
    }
  }
}

async function readAll(source: Source, entries: readonly GitEntry[]): Promise<Contents> {
  const found = new Map<string, Buffer>();
  await eachBlob(source, entries, (id, content) => void found.set(id, content));
  return found;
}
