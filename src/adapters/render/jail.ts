import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, mkdtemp, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * A temporary directory that is all a program sees where it can be given a root of its own: `bin` with the program, `home`, `tmp`,
 * `repo` with the files of the source, `refs/<name>` with those of other repositories.
 */
export interface Jail {
  readonly dir: string;
  /** The path of a place in the jail on this machine. */
  path(...parts: readonly string[]): string;
  remove(): Promise<void>;
}

/** Makes a jail below `dir` that holds the program as `bin/<name>`. */
export async function createJail(dir: string, name: string, program: string): Promise<Jail> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const jail = await mkdtemp(join(dir, 'run-'));
  try {
    for (const folder of ['bin', 'home', 'tmp', 'repo', 'refs']) await mkdir(join(jail, folder));
    await put(dir, program, join(jail, 'bin', name));
  } catch (error: unknown) {
    await rm(jail, { recursive: true, force: true });
    throw error;
  }
  return {
    dir: jail,
    path: (...parts) => join(jail, ...parts),
    remove: () => rm(jail, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 }),
  };
}

/** Removes what runs of processes that died have left behind; no run takes an hour. */
export async function sweepJails(dir: string): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) {
    if (!name.startsWith('run-')) continue;
    const info = await stat(join(dir, name)).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs > 3_600_000)
      await rm(join(dir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Puts the program in place: a link where it is on the same file system, else one to a copy that is made once. */
async function put(dir: string, program: string, place: string): Promise<void> {
  try {
    await link(await realpath(program), place);
  } catch {
    const kept = await keep(dir, program);
    // Some file systems have no hard links.
    await link(kept, place).catch(() => copyFile(kept, place));
  }
}

async function keep(dir: string, program: string): Promise<string> {
  const { size, mtimeMs } = await stat(program);
  const kept = join(dir, 'bin', `${basename(program)}-${size}-${Math.trunc(mtimeMs)}`);
  if ((await stat(kept).catch(() => undefined))?.size === size) return kept;
  await mkdir(join(dir, 'bin'), { recursive: true });
  const draft = `${kept}.${randomUUID()}`;
  await copyFile(program, draft);
  await rename(draft, kept);
  return kept;
}

/** Where a file of the source's repository, or with `ref` of another one, lies in the jail. */
export function placeOf({ ref, path }: { readonly ref?: string; readonly path: string }): string {
  const root = ref === undefined ? 'repo' : `refs/${folderOf(ref)}`;
  return path === '.' ? root : `${root}/${path}`;
}

/** The name of a reference as that of a folder. */
export function folderOf(ref: string): string {
  return encodeURIComponent(ref).replaceAll('.', '%2E');
}
