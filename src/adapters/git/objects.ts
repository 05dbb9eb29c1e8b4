import { outermost } from '../../domain/write-back/written-paths';
import { invalid } from './invalid';
import type { Mirror } from './mirror';

/** What the mirror knows of an object. */
export interface ObjectInfo {
  readonly id: string;
  readonly type: string;
  readonly size: number;
}

/** Looks up many objects with one process; undefined stands for one that the mirror does not hold. */
export async function lookUp(
  mirror: Pick<Mirror, 'local'>,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<(ObjectInfo | undefined)[]> {
  if (names.length === 0) return [];
  const output = await mirror.local(['cat-file', '--batch-check'], {
    input: `${names.join('\n')}\n`,
    signal,
  });
  const lines = output.split('\n');
  return names.map((_, index) => {
    const found = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(lines[index] ?? '');
    return found === null ? undefined : { id: found[1] ?? '', type: found[2] ?? '', size: Number(found[3]) };
  });
}

/** Checks a full object id: everything else could be taken for an option or a moving name. */
export function fullRevision(revision: string): string {
  const id = revision.toLowerCase();
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) return id;
  throw invalid(`revision ${JSON.stringify(revision)} is not a full commit id of 40 hexadecimal digits`, {
    revision,
  });
}

/** A path inside the repository in git's own spelling; the root is the empty string. */
export function treePath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (!segments.includes('..') && !/\p{Cc}/u.test(path)) return segments.join('/');
  throw invalid(
    `path ${JSON.stringify(path)} leaves the repository or holds a control character; correct it`,
    { path },
  );
}

/** Paths in git's own spelling, without those that lie inside another. */
export function treePaths(paths: readonly string[]): string[] {
  if (paths.length === 0)
    throw invalid('no path of the repository is given; name at least one, `.` is all of it');
  const spelled = paths.map((path) => treePath(path) || '.');
  return outermost(spelled).map((path) => (path === '.' ? '' : path));
}

/** How git names a path of a commit. */
export function atPath(revision: string, path: string): string {
  return path === '' ? `${revision}^{tree}` : `${revision}:${path}`;
}

/** Whether `git check-ref-format` takes the name, and it cannot be mistaken for an option. */
export function isRefName(name: string): boolean {
  return (
    /^[^\p{Cc} ~^:?*[\\]+$/u.test(name) &&
    !/^[-/.]|\.\.|@\{|\/\/|\/\.|\/$|\.$|\.lock(?:\/|$)/.test(name) &&
    name !== '@'
  );
}

/** Checks the full name of a branch. */
export function branchRef(branch: string): string {
  if (/^refs\/heads\/./.test(branch) && isRefName(branch)) return branch;
  throw invalid(`branch ${JSON.stringify(branch)} is not a full name such as refs/heads/main`, { branch });
}
