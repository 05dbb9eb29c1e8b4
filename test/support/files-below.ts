import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files below a folder of the project, by their path relative to it. */
export function filesBelow(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder).flatMap((name): [string, string][] => {
    const path = join(folder, name);
    if (!statSync(path).isDirectory()) return [[name, readFileSync(path, 'utf8')]];
    return Object.entries(filesBelow(path)).map(([below, content]) => [`${name}/${below}`, content]);
  });
  return Object.fromEntries(entries);
}
