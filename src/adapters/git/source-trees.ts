import type { CommitPlace, GitEntry, SourceTrees } from '../../ports/git';
import type { Credentials } from './credentials';
import { toPortError } from './errors';
import { fetchCommit, type Source } from './fetch';
import { materialise } from './materialise';
import type { Mirror, OpenMirror } from './mirror';
import { atPath, fullRevision, lookUp, treePath, type ObjectInfo } from './objects';
import { eachBlob } from './read-blobs';
import { parseTree } from './tree-entries';

/** SourceTrees on mirrors. */
export function createSourceTrees(open: OpenMirror, credentials: Credentials): SourceTrees {
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
    ids: (at, paths, signal) => on(at.repoUrl, signal, (source) => idsOf(source, at, paths)),
    list: (at, paths, { deep }, signal) =>
      on(at.repoUrl, signal, async (source) => {
        const [present] = await idsOf(source, at, ['.']);
        return present === undefined ? [] : await listOf(source, at, paths, deep);
      }),
    read: (repoUrl, entries, signal) =>
      on(repoUrl, signal, async (source) => {
        const found = new Map<string, Buffer>();
        await eachBlob(source, entries, (id, content) => void found.set(id, content));
        return found;
      }),
    materialise: (repoUrl, entries, dir, signal) =>
      on(repoUrl, signal, (source) => materialise(source, entries, dir)),
  };
}

async function idsOf(
  source: Source,
  { revision }: CommitPlace,
  paths: readonly string[],
): Promise<(string | undefined)[]> {
  const commit = fullRevision(revision);
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
  { revision }: CommitPlace,
  paths: readonly string[],
  deep: boolean,
): Promise<GitEntry[]> {
  const wanted = [...new Set(paths.map(treePath))];
  const depth = deep ? ['-r', '-t'] : [];
  const where = wanted.includes('') ? [] : ['--', ...wanted];
  const output = await mirror.local(
    ['ls-tree', '-z', ...depth, '--full-tree', fullRevision(revision), ...where],
    {
      signal,
    },
  );
  // With -t git also lists the directories on the way to a path.
  const asked = (path: string): boolean =>
    where.length === 0 || wanted.some((each) => path === each || path.startsWith(`${each}/`));
  return parseTree(output)
    .filter(({ path }) => asked(path))
    .map(({ mode, path, id }) => ({ mode, path, id }));
}
