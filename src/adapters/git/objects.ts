import type { Credentials } from './credentials';
import { complaintOf, displayUrl, invalid } from './errors';
import { PortError } from '../../ports/port-error';
import { createHash } from 'node:crypto';
import type { Mirror } from './mirror';

/** What the mirror knows of an object. */
export interface ObjectInfo {
  readonly id: string;
  readonly type: string;
  readonly size: number;
}

const fetchArgs = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];

/** Looks up many objects with one process; undefined stands for one that the mirror does not hold. */
export async function lookUp(
  mirror: Mirror,
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

/** Brings one commit with its history and trees into the mirror. */
export async function fetchCommit(
  mirror: Mirror,
  credentials: Credentials,
  revision: string,
  signal?: AbortSignal,
): Promise<void> {
  await mirror.exclusive(async () => {
    const [present] = await lookUp(mirror, [`${revision}^{commit}`], signal);
    if (present !== undefined) return;
    // Sixteen slots remember recent tips: enough for git to say what it has, and no reference for every commit ever seen.
    const slot = `refs/mirror/tip/${revision.slice(0, 1)}`;
    try {
      await mirror.remote(credentials, [...fetchArgs, '--force', 'origin', `${revision}:${slot}`], {
        signal,
      });
    } catch (error: unknown) {
      if (complaintOf(error) !== 'object withheld') throw error;
      await fetchEverything(mirror, credentials, revision, signal);
    }
  });
}

/** For servers that hand out only what a branch or tag points to. */
async function fetchEverything(
  mirror: Mirror,
  credentials: Credentials,
  revision: string,
  signal?: AbortSignal,
): Promise<void> {
  const refspecs = ['+refs/heads/*:refs/mirror/all/heads/*', '+refs/tags/*:refs/mirror/all/tags/*'];
  await mirror.remote(credentials, [...fetchArgs, '--prune', 'origin', ...refspecs], { signal });
  const [present] = await lookUp(mirror, [`${revision}^{commit}`], signal);
  if (present !== undefined) return;
  const repository = displayUrl(mirror.repoUrl);
  throw new PortError(
    `commit ${revision} does not exist in ${repository}; it was never pushed there, or a force-push dropped it`,
    { code: 'RevisionNotFound', retry: 'never', facts: { repository, revision } },
  );
}

/** Brings the head of a branch into the mirror and gives the reference that holds it. */
export async function fetchBranch(
  mirror: Mirror,
  credentials: Credentials,
  branch: string,
  signal?: AbortSignal,
): Promise<string> {
  // A name of our own: branches `a` and later `a/b` could not both be stored under theirs.
  const ref = `refs/mirror/branch/${createHash('sha256').update(branch).digest('hex').slice(0, 16)}`;
  await mirror.exclusive(() =>
    mirror.remote(credentials, [...fetchArgs, '--force', 'origin', `${branch}:${ref}`], { signal }),
  );
  return ref;
}

/** Brings blobs into the mirror, all in one transfer. */
export async function fetchBlobs(
  mirror: Mirror,
  credentials: Credentials,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  if (ids.length === 0) return;
  await mirror.exclusive(() =>
    mirror.remote(credentials, [...fetchArgs, '--stdin', 'origin'], {
      input: `${ids.join('\n')}\n`,
      // As git does for its own lazy fetches: the ids say all, a walk through our history would only cost time.
      config: { 'fetch.negotiationAlgorithm': 'noop' },
      signal,
    }),
  );
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
  if (!segments.includes('..') && !/[\u0000-\u001f\u007f]/.test(path)) return segments.join('/');
  throw invalid(
    `path ${JSON.stringify(path)} leaves the repository or holds a control character; correct it`,
    { path },
  );
}

/** How git names a path of a commit. */
export function atPath(revision: string, path: string): string {
  return path === '' ? `${revision}^{tree}` : `${revision}:${path}`;
}
