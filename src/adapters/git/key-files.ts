import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets that git can only read from files. */
export interface KeyFiles {
  /** The path of a file with this content, readable by nobody else. */
  fileOf(content: string): Promise<string>;
}

/** Keys that were not used for so long have been replaced, and go. */
const keptMs = 3_600_000;

/** Keeps keys in a directory, each under the hash of its content: a new key never changes the file of a transfer that runs. */
export function keepKeys(dir: string): KeyFiles {
  return {
    fileOf: async (content) => {
      // OpenSSH refuses a key without a line break at its end.
      const text = content.endsWith('\n') ? content : `${content}\n`;
      const path = join(dir, createHash('sha256').update(text).digest('hex'));
      const now = new Date();
      if (await succeeds(utimes(path, now, now))) return path;
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await chmod(dir, 0o700);
      const draft = `${path}.${randomUUID()}.tmp`;
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, path);
      await clean(dir);
      return path;
    },
  };
}

async function clean(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!/^[0-9a-f]{64}(?:\.[0-9a-f-]+\.tmp)?$/.test(name)) continue;
    const path = join(dir, name);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs > keptMs) await rm(path, { force: true });
  }
}

async function succeeds(done: Promise<unknown>): Promise<boolean> {
  return await done.then(
    () => true,
    () => false,
  );
}
