import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeFile } from '../../ports/git';

/**
 * Renderings on disk by their key, the last used ones within a number of bytes, readable by the worker's user alone. It may be
 * deleted at any time, and several processes may share it; a file that cannot be read is as if it were not there.
 */
export class ResultCache {
  readonly #dir: string;
  #written = 0;

  constructor(
    dir: string,
    readonly capacity: number,
  ) {
    this.#dir = join(dir, 'results');
  }

  async get(key: string): Promise<readonly TreeFile[] | undefined> {
    try {
      const file = this.#fileOf(key);
      const files = JSON.parse(await readFile(file, 'utf8')) as readonly TreeFile[];
      await utimes(file, new Date(), new Date());
      return files;
    } catch {
      return undefined;
    }
  }

  async set(key: string, files: readonly TreeFile[]): Promise<void> {
    const text = JSON.stringify(files);
    if (text.length > this.capacity / 4) return;
    try {
      await mkdir(this.#dir, { recursive: true, mode: 0o700 });
      const file = this.#fileOf(key);
      const draft = `${file}.${process.pid}.draft`;
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, file);
      this.#written += text.length;
      if (this.#written > this.capacity / 8) await this.#shrink();
    } catch {
      // A full disk only costs time: the next one renders again.
    }
  }

  async #shrink(): Promise<void> {
    this.#written = 0;
    const names = await readdir(this.#dir);
    const found = await Promise.all(
      names.map(async (name) => {
        const info = await stat(join(this.#dir, name)).catch(() => undefined);
        return { name, bytes: info?.size ?? 0, usedAt: info?.mtimeMs ?? 0 };
      }),
    );
    let bytes = 0;
    for (const each of found.sort((a, b) => b.usedAt - a.usedAt)) {
      bytes += each.bytes;
      if (bytes > this.capacity) await rm(join(this.#dir, each.name), { force: true });
    }
  }

  #fileOf(key: string): string {
    return join(this.#dir, `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}
