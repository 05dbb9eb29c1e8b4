import type { CommitStatus, Forge } from '../../ports/forge';
import { parseRepoUrl } from '../../domain/repo-url';
import { bitbucketCloudStatus, bitbucketServerStatus } from './bitbucket';
import type { Answer, Call } from './call';
import { chooseForge, type Place } from './choose';
import { giteaStatus } from './gitea';
import { githubStatus } from './github';
import { gitlabStatus, isKnownToGitlab } from './gitlab';
import { send } from './send';
import type { ForgeKind, ForgeSource } from './source';
import { readToken } from './token';

export type { ForgeSource } from './source';

/** One kind of forge: how a status is told to it, and which refusal means that it knows already. */
interface Dialect {
  readonly status: (place: Place, status: CommitStatus, token: string) => Call;
  readonly isFine?: (answer: Answer) => boolean;
}

const dialects: Readonly<Record<ForgeKind, Dialect>> = {
  github: { status: githubStatus },
  gitlab: { status: gitlabStatus, isFine: isKnownToGitlab },
  gitea: { status: giteaStatus },
  'bitbucket-cloud': { status: bitbucketCloudStatus },
  'bitbucket-server': { status: bitbucketServerStatus },
};

/** The forges that were configured; a repository's is found by the longest prefix of its URL. */
export function createForge(sources: readonly ForgeSource[]): Forge {
  return {
    async setStatus(status, signal) {
      const place = chooseForge(sources, status.repoUrl);
      if (place === undefined)
        return { kind: 'unknown', host: parseRepoUrl(status.repoUrl)?.host ?? 'its host' };
      const { status: callOf, isFine } = dialects[place.kind];
      const token = await readToken(place);
      await send(place, callOf(place, status, token), {
        token,
        signal,
        ...(isFine === undefined ? {} : { isFine }),
      });
      return { kind: 'set' };
    },
    openPullRequest: () => Promise.reject(new Error('not there yet')),
    pullRequest: () => Promise.reject(new Error('not there yet')),
    closePullRequest: () => Promise.reject(new Error('not there yet')),
  };
}
