import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Jail } from './jail';
import type { Base } from './kustomize-bases';
import type { Rewrite } from './kustomize-walk';
import { parseMap } from './parse-yaml';

interface Wanted {
  readonly bases: readonly Base[];
  readonly rewrites: readonly Rewrite[];
}

/** Writes copies of the bases beside the files of the repository, and lets the kustomizations name those. */
export async function putBases(jail: Jail, { bases, rewrites }: Wanted, signal: AbortSignal): Promise<void> {
  for (const { view, mount } of bases) {
    const dir = jail.path('repo', mount);
    await mkdir(dir, { recursive: true });
    await view.trees.materialise(view.at.repoUrl, view.entries, dir, signal);
  }
  for (const [file, wanted] of Map.groupBy(rewrites, (each) => each.file)) {
    const place = jail.path('repo', file);
    const parsed = parseMap(await readFile(place, 'utf8'), file);
    if (!parsed.ok) continue; // it was read before
    const written = wanted.reduce<Readonly<Record<string, unknown>>>(replaced, parsed.value);
    await rm(place); // a link stays what it is for others
    await writeFile(place, stringify(written, { version: '1.1', aliasDuplicateObjects: false }));
  }
}

/** `resources[2]` with another text. */
function replaced(
  kustomization: Readonly<Record<string, unknown>>,
  { field: [name = '', at], to }: Rewrite,
): Readonly<Record<string, unknown>> {
  const list = kustomization[name];
  if (!Array.isArray(list)) return kustomization;
  return { ...kustomization, [name]: list.map((item: unknown, index) => (index === at ? to : item)) };
}
