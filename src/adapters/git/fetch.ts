import { createHash } from 'node:crypto';
import { PortError } from '../../ports/port-error';
import type { Credentials } from './credentials';
import { complaintOf } from './errors';
import { displayUrl } from './remote-url';
import type { Mirror } from './mirror';
import { lookUp } from './objects';

/** A mirror with what it takes to fill it. */
export interface Source {
  readonly mirror: Mirror;
  readonly read: Credentials;
  readonly signal?: AbortSignal | undefined;
}

// `--verbose` and `--progress`: simple-git waits another 50 ms for a command that prints nothing.
const loud = ['--verbose', '--progress'];
const fetchArgs = ['fetch', ...loud, '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];

/** Brings one commit with its history and trees into the mirror. */
export async function fetchCommit(source: Source, revision: string): Promise<void> {
  const { mirror, read, signal } = source;
  // Sixteen slots remember recent tips: enough for git to say what it has, and no reference for every commit ever seen.
  const refspec = `${revision}:refs/mirror/tip/${revision.slice(0, 1)}`;
  const fetch = async (): Promise<void> => {
    const [present] = await lookUp(mirror, [`${revision}^{commit}`], signal);
    if (present !== undefined) return;
    try {
      await mirror.remote(read, [...fetchArgs, '--force', 'origin', refspec], { signal });
    } catch (error: unknown) {
      if (complaintOf(error) !== 'object withheld') throw error;
      await fetchEverything(source, revision);
    }
  };
  await mirror.exclusive('commits', fetch, signal);
}

/** For servers that hand out only what a branch or tag points to. */
async function fetchEverything({ mirror, read, signal }: Source, revision: string): Promise<void> {
  const refspecs = ['+refs/heads/*:refs/mirror/all/heads/*', '+refs/tags/*:refs/mirror/all/tags/*'];
  await mirror.remote(read, [...fetchArgs, '--prune', 'origin', ...refspecs], { signal });
  const [present] = await lookUp(mirror, [`${revision}^{commit}`], signal);
  if (present !== undefined) return;
  const repository = displayUrl(mirror.repoUrl);
  throw new PortError(
    `commit ${revision} does not exist in ${repository}; it was never pushed there, or a force-push dropped it`,
    { code: 'RevisionNotFound', retry: 'never', facts: { repository, revision } },
  );
}

/** Brings the head of a branch into the mirror and gives the reference that holds it. */
export async function fetchBranch({ mirror, read, signal }: Source, branch: string): Promise<string> {
  // A name of our own: branches `a` and later `a/b` could not both be stored under theirs.
  const ref = `refs/mirror/branch/${createHash('sha256').update(branch).digest('hex').slice(0, 16)}`;
  const args = [...fetchArgs, '--force', 'origin', `${branch}:${ref}`];
  await mirror.exclusive(ref, () => mirror.remote(read, args, { signal }), signal);
  return ref;
}

/** Brings blobs into the mirror, all in one transfer. */
export async function fetchBlobs({ mirror, read, signal }: Source, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await mirror.remote(read, [...fetchArgs, '--stdin', 'origin'], {
    input: `${ids.join('\n')}\n`,
    // As git does for its own lazy fetches: the ids say all, a walk through our history would only cost time.
    config: { 'fetch.negotiationAlgorithm': 'noop' },
    signal,
  });
}

/** Brings those of the blobs into the mirror that it does not hold. */
export async function fetchMissing(source: Source, ids: readonly string[]): Promise<void> {
  const infos = await lookUp(source.mirror, ids, source.signal);
  await fetchBlobs(
    source,
    ids.filter((_, index) => infos[index] === undefined),
  );
}
