import { Batches } from './batches';
import { invalid } from './invalid';
import type { CommitListings } from './commit-listing';
import { fetchCommit, fetchMissing, type Source } from './fetch';
import { pathspecs } from './list-commits';
import { fullRevision, treePaths } from './objects';
import { parseTree, type TreeEntry } from './tree-entries';

/** What must stay restorable whatever becomes of the branch. */
export interface KeepRequest {
  readonly repoUrl: string;
  readonly app: string;
  /** Directories and files. */
  readonly paths: readonly string[];
  readonly revision: string;
}

/**
 * Keeps the last good revision of applications in the mirror, with everything below their paths: a force-push may drop it from the
 * repository, and the server then hands it out no more. The next call for the same application replaces it. What hundreds of
 * applications ask for at a time is done by a few processes together.
 */
export class KeptRevisions {
  readonly #batches = new Batches<KeepRequest, void>();

  constructor(readonly listings: CommitListings) {}

  /** Rejects with what stands in the way of this request; the others of its batch go on. */
  async keep(source: Source, request: KeepRequest): Promise<void> {
    const wanted = { ...request, revision: fullRevision(request.revision) };
    if (!isPartOfRef(request.app))
      throw invalid(`application name ${JSON.stringify(request.app)} cannot be part of a Git reference`, {
        app: request.app,
      });
    try {
      await this.#batches.run(source.mirror.dir, [wanted], (all) =>
        this.#keepAll({ ...source, signal: undefined }, all),
      );
    } catch {
      source.signal?.throwIfAborted();
      await this.#keepAll(source, [wanted]);
    }
    source.signal?.throwIfAborted();
  }

  /** One transaction of references: Git writes all or none. The last request of an application counts. */
  async #keepAll(source: Source, requests: readonly KeepRequest[]): Promise<void> {
    const latest = [...new Map(requests.map((each) => [each.app, each])).values()];
    for (const revision of new Set(latest.map((each) => each.revision))) await fetchCommit(source, revision);
    const blobs = await Promise.all(latest.map((each) => this.#blobsOf(source, each)));
    await fetchMissing(source, [...new Set(blobs.flat())]);
    const updates = latest.map(({ app, revision }) => `update refs/belay/${app}/good ${revision}\n`);
    await source.mirror.local(['update-ref', '--stdin'], { input: updates.join(''), signal: source.signal });
  }

  async #blobsOf(source: Source, { paths, revision }: KeepRequest): Promise<readonly string[]> {
    if (paths.length === 0) return [];
    const listing = await this.listings.get(source, revision);
    const places = treePaths(paths);
    const entries =
      listing === undefined ? await entriesBelow(source, revision, places) : [...listing.values()];
    const roots = places.map((place) => ({ place, below: place === '' ? '' : `${place}/` }));
    const isKept = (path: string): boolean =>
      roots.some(({ place, below }) => path.startsWith(below) || path === place);
    return entries.filter(({ path, mode }) => isBlob(mode) && isKept(path)).map(({ id }) => id);
  }
}

/** Files and symbolic links; not directories, nor commits of other repositories. */
function isBlob(mode: string): boolean {
  return mode.startsWith('100') || mode === '120000';
}

async function entriesBelow(
  { mirror, signal }: Source,
  revision: string,
  places: readonly string[],
): Promise<readonly TreeEntry[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', revision, ...pathspecs(places)];
  return parseTree(await mirror.local(args, { signal }));
}

function isPartOfRef(app: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/.test(app) && !/\.lock$/.test(app);
}
