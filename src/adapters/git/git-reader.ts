import type { CommitInfo, GitReader, ResolvedRevision, TreeChange } from '../../ports/git';
import { readChanges } from './changes';
import { readCommit } from './commit-info';
import type { Credentials } from './credentials';
import { toPortError } from './errors';
import { fetchCommit, type Source } from './fetch';
import type { Mirror, OpenMirror } from './mirror';
import { fullRevision, lookUp, treePaths } from './objects';
import { askFor, notFound, readAnswer } from './resolve';

/** GitReader on mirrors; every method also takes a signal that stops it. */
export class MirrorReader implements GitReader {
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

  async commit(repoUrl: string, revision: string, signal?: AbortSignal): Promise<CommitInfo> {
    return await this.#on(repoUrl, signal, async (mirror) => {
      const id = fullRevision(revision);
      await this.#have({ mirror, read: this.credentials, signal }, id);
      return await readCommit(mirror, id, signal);
    });
  }

  async changes(
    repoUrl: string,
    range: { readonly from: string; readonly to: string; readonly paths: readonly string[] },
    signal?: AbortSignal,
  ): Promise<readonly TreeChange[]> {
    return await this.#on(repoUrl, signal, async (mirror) => {
      const [from, to] = [fullRevision(range.from), fullRevision(range.to)];
      const source = { mirror, read: this.credentials, signal };
      for (const id of [from, to]) await this.#have(source, id);
      return await readChanges(source, { from, to, paths: treePaths(range.paths) });
    });
  }

  async #have(source: Source, id: string): Promise<void> {
    const [present] = await lookUp(source.mirror, [`${id}^{commit}`], source.signal);
    if (present === undefined) await fetchCommit(source, id);
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
