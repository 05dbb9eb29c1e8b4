import { parseRepoUrl } from '../../domain/repo-url';
import type { CommitAsk, CommitPublished, CommitStatus, Forge, UnknownForge } from '../../ports/forge';
import { isPortError } from '../../ports/port-error';
import { forgetInstallationToken } from '../forge-api/installation-token';
import { bitbucketCloudStatus, bitbucketServerStatus } from './bitbucket';
import { bitbucketCloudPullRequests } from './bitbucket-cloud-pull-requests';
import { bitbucketServerPullRequests } from './bitbucket-server-pull-requests';
import type { Answer, Call } from './call';
import { chooseForge, type Place } from './choose';
import { giteaStatus } from './gitea';
import { giteaPullRequests } from './gitea-pull-requests';
import { githubStatus } from './github';
import { publishOnGithub } from './github-commit';
import { githubPullRequests } from './github-pull-requests';
import { gitlabPullRequests } from './gitlab-pull-requests';
import { gitlabStatus, isKnownToGitlab } from './gitlab';
import type { Access, PullRequests } from './pull-requests';
import { send } from './send';
import type { ForgeKind, ForgeSource } from './source';
import { readToken } from './token';

export type { ForgeSource } from './source';

/** One kind of forge: how a status is told to it, which refusal means that it knows already, its pull requests and commits. */
interface Dialect {
  readonly status: (place: Place, status: CommitStatus, token: string) => Call;
  readonly isFine?: (answer: Answer) => boolean;
  readonly pullRequests: PullRequests;
  /** Only where the forge signs what it commits. */
  readonly publish?: (place: Place, ask: CommitAsk, access: Access) => Promise<CommitPublished>;
}

const dialects: Readonly<Record<ForgeKind, Dialect>> = {
  github: { status: githubStatus, pullRequests: githubPullRequests, publish: publishOnGithub },
  gitlab: { status: gitlabStatus, isFine: isKnownToGitlab, pullRequests: gitlabPullRequests },
  gitea: { status: giteaStatus, pullRequests: giteaPullRequests },
  'bitbucket-cloud': { status: bitbucketCloudStatus, pullRequests: bitbucketCloudPullRequests },
  'bitbucket-server': { status: bitbucketServerStatus, pullRequests: bitbucketServerPullRequests },
};

/** The forges that were configured; a repository's is found by the longest prefix of its URL. */
export function createForge(sources: readonly ForgeSource[]): Forge {
  const at = async <T>(
    repoUrl: string,
    signal: AbortSignal | undefined,
    ask: (dialect: Dialect, place: Place, access: Access) => Promise<T>,
  ): Promise<T | UnknownForge> => {
    const place = chooseForge(sources, repoUrl);
    if (place === undefined) return { kind: 'unknown', host: parseRepoUrl(repoUrl)?.host ?? 'its host' };
    const token = await readToken(place, signal);
    try {
      return await ask(dialects[place.kind], place, { token, signal });
    } catch (error: unknown) {
      if (isPortError(error, 'Unauthenticated')) forgetInstallationToken(token);
      throw error;
    }
  };
  return {
    setStatus: (status, signal) =>
      at(status.repoUrl, signal, async ({ status: callOf, isFine }, place, access) => {
        await send(place, callOf(place, status, access.token), {
          ...access,
          to: 'set the status of a commit',
          ...(isFine === undefined ? {} : { isFine }),
        });
        return { kind: 'set' };
      }),
    openPullRequest: (ask, signal) =>
      at(ask.repoUrl, signal, ({ pullRequests }, place, access) => pullRequests.open(place, ask, access)),
    pullRequest: (repoUrl, number, signal) =>
      at(repoUrl, signal, ({ pullRequests }, place, access) => pullRequests.look(place, number, access)),
    closePullRequest: (repoUrl, number, comment, signal) =>
      at(repoUrl, signal, ({ pullRequests }, place, access) =>
        pullRequests.close(place, number, comment, access),
      ),
    publishCommit: (ask, signal) =>
      at(ask.repoUrl, signal, async ({ publish }, place, access) =>
        publish === undefined ? { kind: 'unknown', host: place.host } : publish(place, ask, access),
      ),
  };
}
