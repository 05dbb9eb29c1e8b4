import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PolicyFile } from '../../ports/policies';
import { folderLimits } from './limits';

/** The files of a folder and those below it, named from the folder's own name on. Throws when one cannot be read. */
export function readFolder(dir: string): readonly PolicyFile[] {
  const files: PolicyFile[] = [];
  let bytes = 0;
  const visit = (folder: string, name: string, depth: number): void => {
    for (const entry of readdirSync(folder).sort()) {
      // A mounted ConfigMap has its files a second time below a name with dots.
      if (entry.startsWith('.')) continue;
      const path = join(folder, entry);
      const stat = statSync(path);
      if (stat.isDirectory() && depth < 10) visit(path, `${name}/${entry}`, depth + 1);
      if (!stat.isFile() || !isPolicy(entry)) continue;
      bytes += stat.size;
      if (files.length >= folderLimits.files || bytes > folderLimits.bytes)
        throw new Error(
          `${dir} holds more than ${folderLimits.files} files or ${folderLimits.bytes} bytes of policies`,
        );
      files.push({ path: `${name}/${entry}`, content: readFileSync(path, 'utf8') });
    }
  };
  visit(dir, basename(dir), 0);
  return files;
}

/** Tests of policies (`*_test.rego`), their documentation and hidden files are none. */
export function isPolicy(path: string): boolean {
  const name = path.split('/').at(-1) ?? path;
  return /\.(rego|cel|ya?ml)$/.test(name) && !name.endsWith('_test.rego') && !name.startsWith('.');
}
