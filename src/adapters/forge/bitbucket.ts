import { createHash } from 'node:crypto';
import type { CommitStatus, StatusState } from '../../ports/forge';
import { basic, cut, segments, type Call } from './call';
import type { Place } from './choose';

const states: Readonly<Record<StatusState, string>> = {
  pending: 'INPROGRESS',
  success: 'SUCCESSFUL',
  failure: 'FAILED',
  error: 'FAILED',
};

/** Bitbucket Cloud: `POST /repositories/{workspace}/{repo}/commit/{sha}/statuses/build`; the key has at most 40 characters. */
export function bitbucketCloudStatus(place: Place, status: CommitStatus, token: string): Call {
  const { path } = place;
  return {
    method: 'POST',
    path: `/repositories/${segments(path)}/commit/${status.revision}/statuses/build`,
    headers: { authorization: authorization(place, token) },
    body: bodyOf(place, status, 40),
  };
}

/** Bitbucket Data Center and Server: `POST /projects/{key}/repos/{slug}/commits/{sha}/builds`. */
export function bitbucketServerStatus(place: Place, status: CommitStatus, token: string): Call {
  return {
    method: 'POST',
    path: `${serverPath(serverRepository(place))}/commits/${status.revision}/builds`,
    headers: { authorization: authorization(place, token) },
    body: bodyOf(place, status, 255),
  };
}

/** A repository of Bitbucket Data Center. */
export interface ServerRepository {
  /** Of a person `~name`, else in capital letters. */
  readonly project: string;
  readonly slug: string;
}

/** Reads the path of a clone URL: over HTTP `scm/` is in front of it. */
export function serverRepository({ path }: Place): ServerRepository {
  const [project = '', ...slug] = path.replace(/^scm\//, '').split('/');
  return { project: project.startsWith('~') ? project : project.toUpperCase(), slug: slug.join('/') };
}

/** Where the API has a repository. */
export function serverPath({ project, slug }: ServerRepository): string {
  return `/projects/${encodeURIComponent(project)}/repos/${segments(slug)}`;
}

/** Access tokens are bearers; app passwords and API tokens of accounts are passwords. */
export function authorization({ source }: Place, token: string): string {
  return source.username === undefined ? `Bearer ${token}` : basic(source.username, token);
}

/** An address is required: without a better one, that of the repository. */
function bodyOf({ host, path }: Place, status: CommitStatus, longestKey: number) {
  const { state, context, description, targetUrl = `https://${host}/${path}` } = status;
  return {
    key: keyOf(context, longestKey),
    name: context,
    state: states[state],
    description: cut(description, 255),
    url: targetUrl,
  };
}

function keyOf(context: string, longest: number): string {
  if (context.length <= longest) return context;
  const hash = createHash('sha256').update(context).digest('hex').slice(0, 10);
  return `${context.slice(0, longest - 11)}-${hash}`;
}
