import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliContext } from './context';
import { UsageError } from './usage-error';

/** A file with its path as a person would type it. */
export interface LintFile {
  readonly path: string;
  readonly content: string;
  /** Whether it was given by name, not found in a directory. */
  readonly isNamed: boolean;
}

const wanted = /\.(?:ya?ml|json|jsonnet)$|(?:^|\/)Kustomization$/;

/** The files of these paths that may hold manifests; directories with all that is below them, but for hidden ones and dependencies. */
export async function readLintFiles(
  cli: Pick<CliContext, 'readText'>,
  paths: readonly string[],
): Promise<readonly LintFile[]> {
  const found = new Map<string, boolean>();
  for (const path of paths) {
    for (const file of await filesAt(path)) found.set(file, found.get(file) === true || file === path);
  }
  const reading = [...found].map(async ([path, isNamed]) => {
    const content = await cli.readText(path);
    return { path: path === '-' ? 'stdin' : path, content, isNamed };
  });
  return Promise.all(reading);
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (path === '-') return [path];
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => undefined,
  );
  if (isDirectory === undefined) throw new UsageError(`${path} is not there`, 'give files or directories');
  return isDirectory ? below(path) : [path];
}

async function below(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const found = entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry) => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return below(path);
      return entry.isFile() && wanted.test(entry.name) ? [path] : [];
    });
  return (await Promise.all(found)).flat();
}
