import { parseRepoUrl } from '../domain/repo-url';
import type { PullRequest, PullRequestAsk, UnknownForge } from '../ports/forge';
import type { CommitPlace, RestoreRequest } from '../ports/git';
import { beating } from './beating';
import type { Ports } from './ports';

/** A pull request by its number. */
export interface PullRequestPlace {
  readonly repoUrl: string;
  readonly number: number;
}

type Answer = PullRequest | UnknownForge;

/** Activities of the queue that holds Git write credentials. Each may be repeated: what is done already is found. */
export function createGitWriting({ git, gitWriter, forge }: Pick<Ports, 'git' | 'gitWriter' | 'forge'>) {
  return {
    restorePath: beating(async (request: RestoreRequest, { signal }) =>
      gitWriter.restorePath(request, signal),
    ),
    openPullRequest: beating(async (ask: PullRequestAsk, { signal }): Promise<Answer> =>
      forge === undefined ? nowhere(ask.repoUrl) : forge.openPullRequest(ask, signal),
    ),
    lookAtPullRequest: beating(async ({ repoUrl, number }: PullRequestPlace, { signal }): Promise<Answer> =>
      forge === undefined ? nowhere(repoUrl) : forge.pullRequest(repoUrl, number, signal),
    ),
    closePullRequest: beating(
      async (
        { repoUrl, number, comment }: PullRequestPlace & { readonly comment: string },
        { signal },
      ): Promise<Answer> =>
        forge === undefined ? nowhere(repoUrl) : forge.closePullRequest(repoUrl, number, comment, signal),
    ),
    resolveBranch: beating(
      async ({ repoUrl, branch }: { readonly repoUrl: string; readonly branch: string }) =>
        (await git.resolve(repoUrl, branch)).revision,
    ),
    describeCommit: beating(async ({ repoUrl, revision }: CommitPlace) => git.commit(repoUrl, revision)),
    /** What a restore would change. */
    previewRestore: beating(
      async (
        range: {
          readonly repoUrl: string;
          readonly from: string;
          readonly to: string;
          readonly paths: readonly string[];
        },
        { signal },
      ) => git.changes(range.repoUrl, range, signal),
    ),
  };
}

function nowhere(repoUrl: string): UnknownForge {
  return { kind: 'unknown', host: parseRepoUrl(repoUrl)?.host ?? 'its host' };
}
