import type { GitEntry, SourceTrees } from '../../ports/git';
import { BlobReads } from './blob-reads';
import { CommitListings } from './commit-listing';
import type { Credentials } from './credentials';
import { toPortError } from './errors';
import { fetchCommit, type Source } from './fetch';
import { materialise } from './materialise';
import type { Mirror, OpenMirror } from './mirror';
import { atPath, fullRevision, lookUp, treePath, type ObjectInfo } from './objects';
import { parseTree } from './tree-entries';

/** Root trees remembered; a few bytes each. */
const mostRoots = 10_000;

/** SourceTrees on mirrors; commits that are too large for `listings` are asked path by path. */
export function createSourceTrees(
  open: OpenMirror,
  credentials: Credentials,
  listings = new CommitListings(),
): SourceTrees {
  const blobs = new BlobReads();
  /** Root trees of the commits that are in a mirror, or are on their way there. */
  const roots = new Map<string, Promise<string>>();
  const rootOf = (source: Source, commit: string): Promise<string> => {
    const key = `${source.mirror.dir} ${commit}`;
    const known = roots.get(key);
    if (known !== undefined) return known;
    if (roots.size >= mostRoots) roots.clear();
    // Others wait for it too: one caller who gives up must not end it.
    const root = idsOf({ ...source, signal: undefined }, commit, ['.']).then(([id = '']) => id);
    roots.set(key, root);
    root.catch(() => roots.delete(key));
    return root;
  };
  const on = async <T>(
    repoUrl: string,
    signal: AbortSignal | undefined,
    work: (source: Source) => Promise<T>,
  ): Promise<T> => {
    try {
      return await work({ mirror: await open(repoUrl, signal), read: credentials, signal });
    } catch (error: unknown) {
      throw toPortError(error, 'read', repoUrl);
    }
  };
  return {
    ids: (at, paths, signal) =>
      on(at.repoUrl, signal, async (source) => {
        const commit = fullRevision(at.revision);
        const root = await rootOf(source, commit);
        const listing = await listings.get(source, commit);
        if (listing === undefined) return await idsOf(source, commit, paths);
        return paths.map(treePath).map((path) => (path === '' ? root : listing.get(path)?.id));
      }),
    list: (at, paths, { deep }, signal) =>
      on(at.repoUrl, signal, async (source) => {
        const commit = fullRevision(at.revision);
        await rootOf(source, commit);
        const listing = await listings.get(source, commit);
        const wanted = [...new Set(paths.map(treePath))];
        return listing === undefined
          ? await listOf(source, commit, wanted, deep)
          : chosen([...listing.values()], wanted, deep);
      }),
    read: (repoUrl, entries, signal) => on(repoUrl, signal, (source) => blobs.read(source, entries)),
    materialise: (repoUrl, entries, dir, signal) =>
      on(repoUrl, signal, (source) => materialise(source, entries, dir)),
  };
}

async function idsOf(
  source: Source,
  commit: string,
  paths: readonly string[],
): Promise<(string | undefined)[]> {
  const names = [`${commit}^{commit}`, ...paths.map((path) => atPath(commit, treePath(path)))];
  let infos = await find(source.mirror, names, source.signal);
  if (infos[0] === undefined) {
    await fetchCommit(source, commit);
    infos = await find(source.mirror, names, source.signal);
  }
  return infos.slice(1).map((info) => info?.id);
}

/** A blob that the mirror lacks has no size there, but its tree knows its id: `ls-tree` answers then. */
async function find(
  mirror: Mirror,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<(ObjectInfo | undefined)[]> {
  const found = await lookUp(mirror, names, signal);
  const [commit] = found;
  if (commit === undefined) return found;
  const missing = names.flatMap((name, index) =>
    found[index] === undefined && name.includes(':')
      ? [{ index, path: name.slice(name.indexOf(':') + 1) }]
      : [],
  );
  if (missing.length === 0) return found;
  const args = ['ls-tree', '-z', '--full-tree', commit.id, '--', ...missing.map(({ path }) => path)];
  const entries = new Map(
    parseTree(await mirror.local(args, { signal })).map((entry) => [entry.path, entry]),
  );
  for (const { index, path } of missing) {
    const entry = entries.get(path);
    if (entry !== undefined) found[index] = { id: entry.id, type: entry.type, size: 0 };
  }
  return found;
}

async function listOf(
  { mirror, signal }: Source,
  commit: string,
  wanted: readonly string[],
  deep: boolean,
): Promise<GitEntry[]> {
  const depth = deep ? ['-r', '-t'] : [];
  const where = wanted.includes('') ? [] : ['--', ...wanted];
  const output = await mirror.local(['ls-tree', '-z', ...depth, '--full-tree', commit, ...where], { signal });
  const entries = parseTree(output).map(({ mode, path, id }) => ({ mode, path, id }));
  // With -t git also lists the directories on the way to a path.
  return chosen(entries, wanted, deep);
}

/** The entries at the paths; with `deep`, or at the root, also those below. */
function chosen(entries: readonly GitEntry[], wanted: readonly string[], deep: boolean): GitEntry[] {
  return entries.filter(({ path }) =>
    wanted.some((each) =>
      each === '' ? deep || !path.includes('/') : path === each || (deep && path.startsWith(`${each}/`)),
    ),
  );
}
