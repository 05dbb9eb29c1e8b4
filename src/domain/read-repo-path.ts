import type { Fields } from './fields';
import type { TextItem } from './read-texts';

/** Names that no path in Git has; the rest is taken as it is. */
const impossible = /[\p{Cc}\\]/u;

/**
 * A path inside a repository, relative to one of its directories: normalised and relative to the root, `.` for the root itself;
 * undefined when it leaves the repository.
 */
export function resolvePath(directory: string, path: string): string | undefined {
  const names: string[] = [];
  for (const name of `${directory}/${path}`.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.length === 0 ? '.' : names.join('/');
}

/** Reports a path that leaves the directory tree it belongs to (`root` says which), or that Git cannot have. */
export function checkPath(
  fields: Fields,
  { text, path }: TextItem,
  directory: string,
  root = 'the repository',
): void {
  const rest = { code: 'InvalidSpec', path, value: text } as const;
  if (impossible.test(text)) {
    fields.report({ ...rest, message: 'has characters that no path has', remedy: 'write its names with /' });
  } else if (resolvePath(directory, text) === undefined) {
    const remedy = `name something inside of ${root}`;
    fields.report({ ...rest, message: `path ${text} leaves ${root}`, remedy });
  }
}

/** As `checkPath`, where a path cannot begin at the root: Kustomize would take that for the root of the machine. */
export function checkRelativePath(fields: Fields, item: TextItem, directory: string): void {
  if (!item.text.startsWith('/')) return checkPath(fields, item, directory);
  const remedy = 'write it relative to the kustomization';
  const message = `path ${item.text} is absolute`;
  fields.report({ code: 'InvalidSpec', path: item.path, message, value: item.text, remedy });
}
