import type { TreeFile } from '../../ports/git';

/** Files of the trees read last, within a number of bytes. A tree id names its content, so an entry is never stale. */
export class SnapshotCache {
  readonly #entries = new Map<string, { readonly files: readonly TreeFile[]; readonly bytes: number }>();
  #bytes = 0;

  constructor(readonly capacity: number) {}

  get(key: string): readonly TreeFile[] | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.files;
  }

  set(key: string, files: readonly TreeFile[]): void {
    const bytes = files.reduce((sum, { path, content }) => sum + 2 * (path.length + content.length), 0);
    if (bytes > this.capacity || this.#entries.has(key)) return;
    this.#entries.set(key, { files, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.capacity) break;
      this.#entries.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }
}
