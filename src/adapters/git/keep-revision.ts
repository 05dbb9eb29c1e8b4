import { invalid } from './invalid';
import { fetchCommit, fetchMissing, type Source } from './fetch';
import { atPath, fullRevision, lookUp, treePath } from './objects';
import { parseTree } from './tree-entries';

/** What must stay restorable whatever becomes of the branch. */
export interface KeepRequest {
  readonly repoUrl: string;
  readonly app: string;
  readonly path: string;
  readonly revision: string;
}

/**
 * Keeps the last good revision of an application in the mirror, with everything below its path: a force-push may drop it from the
 * repository, and the server then hands it out no more. The next call for the same application replaces it.
 */
export async function keepRevision(source: Source, request: KeepRequest): Promise<void> {
  const { mirror, signal } = source;
  const { app } = request;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/.test(app) || /\.lock$/.test(app)) {
    throw invalid(`application name ${JSON.stringify(app)} cannot be part of a Git reference`, { app });
  }
  const revision = fullRevision(request.revision);
  await fetchCommit(source, revision);
  const [tree] = await lookUp(mirror, [atPath(revision, treePath(request.path))], signal);
  if (tree?.type === 'tree') {
    const entries = parseTree(
      await mirror.local(['ls-tree', '-r', '-z', '--full-tree', tree.id], { signal }),
    );
    const ids = [...new Set(entries.filter(({ type }) => type === 'blob').map(({ id }) => id))];
    await fetchMissing(source, ids);
  }
  await mirror.local(['update-ref', `refs/belay/${app}/good`, revision], { signal });
}
