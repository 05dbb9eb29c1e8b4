import { posix } from 'node:path';

/** `path` as seen from the directory `from`, both relative to the repository's root; undefined when it leads out of it. */
export function joinInside(from: string, path: string): string | undefined {
  if (posix.isAbsolute(path)) return undefined;
  const joined = posix.normalize(posix.join(from === '' ? '.' : from, path)).replace(/\/+$/, '');
  return joined === '..' || joined.startsWith('../') ? undefined : joined;
}

/** `a`, `a/b`, `a/b/c` of `a/b/c`. */
export function prefixes(path: string): string[] {
  const names = path === '.' ? [] : path.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** Whether `path` is `directory` or lies below it. */
export function isBelow(path: string, directory: string): boolean {
  return directory === '.' || path === directory || path.startsWith(`${directory}/`);
}
