import type { CommitStatus } from '../../ports/forge';
import { cut, segments, type Call } from './call';
import type { Place } from './choose';

/** Gitea and Forgejo: `POST /repos/{owner}/{repo}/statuses/{sha}`. */
export function giteaStatus({ path }: Place, status: CommitStatus, token: string): Call {
  const { revision, state, context, description, targetUrl } = status;
  return {
    method: 'POST',
    path: `/repos/${segments(path)}/statuses/${revision}`,
    headers: { authorization: `token ${token}` },
    body: {
      state,
      context,
      description: cut(description, 255),
      ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
    },
  };
}
