import type { CommitInfo, GitReader, ResolvedRevision, TreeSnapshot } from '../../ports/git';
import { PortError } from '../../ports/port-error';
import { readCommit } from './commit-info';
import type { Credentials } from './credentials';
import { toPortError } from './errors';
import { displayUrl } from './remote-url';
import { fetchCommit } from './fetch';
import type { Mirror, OpenMirror } from './mirror';
import { atPath, fullRevision, lookUp, treePath, type ObjectInfo } from './objects';
import { askFor, notFound, readAnswer } from './resolve';
import { readTree } from './snapshot';
import { SnapshotCache } from './snapshot-cache';

const cacheBytes = 64 << 20;

/** GitReader on mirrors; every method also takes a signal that stops it. */
export class MirrorReader implements GitReader {
  readonly #cache = new SnapshotCache(cacheBytes);

  constructor(
    readonly open: OpenMirror,
    readonly credentials: Credentials,
  ) {}

  async resolve(repoUrl: string, targetRevision: string, signal?: AbortSignal): Promise<ResolvedRevision> {
    const question = askFor(targetRevision);
    if (question === undefined) return { revision: targetRevision.toLowerCase() };
    return await this.#on(repoUrl, signal, async (mirror) => {
      const output = await mirror.remote(this.credentials, ['ls-remote', ...question.args], { signal });
      const answer = readAnswer(output, question);
      if (answer === undefined) throw notFound(targetRevision, repoUrl);
      return answer;
    });
  }

  async snapshot(
    repoUrl: string,
    path: string,
    revision: string,
    signal?: AbortSignal,
  ): Promise<TreeSnapshot> {
    return await this.#on(repoUrl, signal, async (mirror) => {
      const { commit, object } = await this.#find(mirror, { path, revision, signal });
      if (object?.type !== 'tree') throw noDirectory(repoUrl, path, revision);
      const key = `${mirror.dir} ${object.id}`;
      const files =
        this.#cache.get(key) ?? (await readTree({ mirror, read: this.credentials, signal }, object.id));
      this.#cache.set(key, files);
      return { revision: commit, tree: object.id, files };
    });
  }

  async treeId(
    repoUrl: string,
    path: string,
    revision: string,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    return await this.#on(repoUrl, signal, async (mirror) => {
      const { object } = await this.#find(mirror, { path, revision, signal });
      return object?.type === 'tree' ? object.id : undefined;
    });
  }

  async commit(repoUrl: string, revision: string, signal?: AbortSignal): Promise<CommitInfo> {
    return await this.#on(repoUrl, signal, async (mirror) => {
      const { commit } = await this.#find(mirror, { revision, signal });
      return await readCommit(mirror, commit, signal);
    });
  }

  /** The commit, fetched when it is missing, and what lies at the path. */
  async #find(
    mirror: Mirror,
    { path = '', revision, signal }: Place,
  ): Promise<{ commit: string; object: ObjectInfo | undefined }> {
    const id = fullRevision(revision);
    const names = [`${id}^{commit}`, atPath(id, treePath(path))];
    let [commit, object] = await lookUp(mirror, names, signal);
    if (commit === undefined) {
      await fetchCommit({ mirror, read: this.credentials, signal }, id);
      [commit, object] = await lookUp(mirror, names, signal);
    }
    return { commit: commit?.id ?? id, object };
  }

  async #on<T>(
    repoUrl: string,
    signal: AbortSignal | undefined,
    read: (mirror: Mirror) => Promise<T>,
  ): Promise<T> {
    try {
      return await read(await this.open(repoUrl, signal));
    } catch (error: unknown) {
      throw toPortError(error, 'read', repoUrl);
    }
  }
}

interface Place {
  readonly path?: string;
  readonly revision: string;
  readonly signal: AbortSignal | undefined;
}

function noDirectory(repoUrl: string, path: string, revision: string): PortError {
  const repository = displayUrl(repoUrl);
  return new PortError(
    `path ${path} is no directory at ${revision} of ${repository}; give an existing directory as spec.source.path`,
    { code: 'PathNotFound', retry: 'never', facts: { repository, path, revision } },
  );
}
