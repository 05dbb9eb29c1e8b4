import type { CommitStatus, StatusState } from '../../ports/forge';
import { cut, type Answer, type Call } from './call';
import type { Place } from './choose';

const states: Readonly<Record<StatusState, string>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failed',
  error: 'failed',
};

/** GitLab: `POST /projects/{path}/statuses/{sha}`. */
export function gitlabStatus({ path }: Place, status: CommitStatus, token: string): Call {
  const { revision, state, context, description, targetUrl } = status;
  return {
    method: 'POST',
    path: `/projects/${encodeURIComponent(path)}/statuses/${revision}`,
    headers: { 'private-token': token },
    body: {
      state: states[state],
      name: context,
      description: cut(description, 255),
      ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
    },
  };
}

const enters: Readonly<Record<string, string>> = {
  enqueue: 'pending',
  run: 'running',
  succeed: 'success',
  drop: 'failed',
};

/** GitLab refuses to be told the same state twice: then it knows already. */
export function isKnownToGitlab({ status, text }: Answer): boolean {
  const [, event = '', from] = /Cannot transition status via :(\w+) from :(\w+)/.exec(text) ?? [];
  return status === 400 && from !== undefined && enters[event] === from;
}
