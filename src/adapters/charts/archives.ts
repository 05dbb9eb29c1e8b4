import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PortError } from '../../ports/port-error';

const dayMs = 86_400_000;
/** Archives that nobody has asked for so long are removed. */
const keptMs = 14 * dayMs;
const betweenCleaningsMs = dayMs / 24;

/** Archives by their digest, in a directory that several processes may share and that may be deleted at any time. */
export class Archives {
  #cleanedAt = Number.NEGATIVE_INFINITY;

  constructor(readonly dir: string) {}

  /** The path of an archive, undefined when there is none; a damaged one is removed. */
  async find(digest: string): Promise<string | undefined> {
    const path = this.#pathOf(digest);
    const content = await readFile(path).catch(() => undefined);
    if (content === undefined) return undefined;
    if (digestOf(content) === digest) {
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return path;
    }
    await rm(path, { force: true });
    return undefined;
  }

  /** Stores an archive under its digest. Whoever is killed here leaves at most a file that nobody reads. */
  async store(content: Buffer): Promise<{ readonly archive: string; readonly digest: string }> {
    const digest = digestOf(content);
    const archive = this.#pathOf(digest);
    const draft = `${archive}.${process.pid}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.dir, { recursive: true });
      await writeFile(draft, content);
      await rename(draft, archive);
    } catch (error: unknown) {
      throw cannotStore(this.dir, error);
    } finally {
      await rm(draft, { force: true }).catch(() => undefined);
    }
    await this.#clean();
    return { archive, digest };
  }

  #pathOf(digest: string): string {
    return join(this.dir, `${digest.replace(/^sha256:/, '')}.tgz`);
  }

  async #clean(): Promise<void> {
    if (performance.now() - this.#cleanedAt < betweenCleaningsMs) return;
    this.#cleanedAt = performance.now();
    for (const name of await readdir(this.dir).catch(() => [])) {
      const age = /^[0-9a-f]{64}\.tgz$/.test(name) ? keptMs : /\.tmp$/.test(name) ? dayMs : undefined;
      const path = join(this.dir, name);
      const info = age === undefined ? undefined : await stat(path).catch(() => undefined);
      if (info !== undefined && Date.now() - info.mtimeMs > (age ?? 0)) await rm(path, { force: true });
    }
  }
}

function cannotStore(dir: string, error: unknown): PortError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const remedy = 'free space there, or make it writable for the worker';
  const message = `cannot keep a chart in ${dir} (${reason}); ${remedy}`;
  return new PortError(message, { code: 'Limit', retry: 'later', facts: { dir, reason }, cause: error });
}

/** `sha256:…` of a content. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Whether a content begins as a gzip file does. */
export function isGzip(content: Buffer): boolean {
  return content.length > 18 && content[0] === 0x1f && content[1] === 0x8b;
}
