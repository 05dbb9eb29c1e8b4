import { mkdir } from 'node:fs/promises';
import { folderOf, type Jail } from './jail';
import type { SourceView } from './source-view';

/** Writes what is used of other repositories into `refs/<name>` of the jail. */
export async function writeRefs(
  jail: Jail,
  refs: ReadonlyMap<string, SourceView>,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, { trees, at, entries }] of refs) {
    if (entries.length === 0) continue;
    const folder = jail.path('refs', folderOf(name));
    await mkdir(folder, { recursive: true });
    await trees.materialise(at.repoUrl, entries, folder, signal);
  }
}
