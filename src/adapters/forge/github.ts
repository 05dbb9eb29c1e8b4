import type { CommitStatus } from '../../ports/forge';
import { cut, segments, type Call } from './call';
import type { Place } from './choose';

/** GitHub, also Enterprise Server: `POST /repos/{owner}/{repo}/statuses/{sha}`. */
export function githubStatus({ path }: Place, status: CommitStatus, token: string): Call {
  const { revision, state, context, description, targetUrl } = status;
  return {
    method: 'POST',
    path: `/repos/${segments(path)}/statuses/${revision}`,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    body: {
      state,
      context,
      description: cut(description, 140),
      ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
    },
  };
}
