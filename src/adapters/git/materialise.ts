import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { GitEntry } from '../../ports/git';
import type { Source } from './fetch';
import { invalid } from './invalid';
import { eachBlob } from './read-blobs';

/**
 * Writes files of a commit below `dir`: their modes kept, symlinks as symlinks, submodules and directories left out, LFS pointers as
 * they are. Nothing is written through a link: links come last, and no file is written twice.
 */
export async function materialise(source: Source, entries: readonly GitEntry[], dir: string): Promise<void> {
  const root = resolve(dir);
  const blobs = entries.filter(({ mode }) => mode.startsWith('100') || mode === '120000');
  const byId = new Map<string, GitEntry[]>();
  for (const entry of blobs) byId.set(entry.id, [...(byId.get(entry.id) ?? []), entry]);
  for (const folder of new Set(blobs.map(({ path }) => dirname(inside(root, path))))) {
    await mkdir(folder, { recursive: true });
  }
  const links: { path: string; target: Buffer }[] = [];
  await eachBlob(source, blobs, async (id, content) => {
    for (const { mode, path } of byId.get(id) ?? []) {
      const target = inside(root, path);
      if (mode === '120000') links.push({ path: target, target: Buffer.from(content) });
      else await writeFile(target, content, { flag: 'wx', mode: mode === '100755' ? 0o755 : 0o644 });
    }
  });
  for (const { path, target } of links) await symlink(target, path);
}

/** Git itself makes no such names; a crafted tree may hold them. */
function inside(root: string, path: string): string {
  const target = resolve(join(root, path));
  if (target.startsWith(`${root}${sep}`) && !path.includes('\0')) return target;
  throw invalid(
    `the repository holds the file name ${JSON.stringify(path)}, which leads out of it; remove it`,
    {
      file: path,
    },
  );
}
