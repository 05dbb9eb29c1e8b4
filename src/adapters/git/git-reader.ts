import type { CommitInfo, GitReader, ResolvedRevision, TreeChange } from '../../ports/git';
import { readCommit } from './commit-info';
import type { Credentials } from './credentials';
import { toPortError } from './errors';
import { fetchCommit } from './fetch';
import type { Mirror, OpenMirror } from './mirror';
import { fullRevision, lookUp } from './objects';
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
      const [present] = await lookUp(mirror, [`${id}^{commit}`], signal);
      if (present === undefined) await fetchCommit({ mirror, read: this.credentials, signal }, id);
      return await readCommit(mirror, id, signal);
    });
  }

  changes(
    _repoUrl: string,
    _range: { readonly from: string; readonly to: string; readonly paths: readonly string[] },
    _signal?: AbortSignal,
  ): Promise<readonly TreeChange[]> {
    return Promise.reject(new Error('not there yet'));
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
