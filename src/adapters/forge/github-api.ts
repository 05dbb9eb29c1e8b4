import { request } from '@octokit/request';
import { PortError } from '../../ports/port-error';
import type { Call } from './call';
import type { Place } from './choose';
import type { Access } from './pull-requests';
import { exchange, refused } from './send';

/** One repository on GitHub with one credential, and what it is called in GitHub's routes. */
export interface GithubRepository {
  readonly place: Place;
  readonly access: Access;
  readonly names: { readonly owner: string; readonly repo: string };
}

export function githubRepository(place: Place, access: Access): GithubRepository {
  const [owner = '', repo = ''] = place.path.split('/');
  return { place, access, names: { owner, repo } };
}

/**
 * The client of GitHub's API. It speaks through our own requests: they end in time, follow no redirect, and their errors are PortErrors
 * without the token. `to` says for people what may be forbidden: `its token may not <to>`.
 */
export function githubApi(
  { place, access }: Pick<GithubRepository, 'place' | 'access'>,
  to: string,
): typeof request {
  const fetch = async (url: string, { method, headers, body }: Init): Promise<Response> => {
    const call = { method, path: url.slice(place.apiUrl.length), headers };
    const answer = await exchange(
      place,
      body === undefined ? call : { ...call, body: JSON.parse(body) },
      access,
    );
    const { status, text } = answer;
    if (status < 200 || status >= 300) throw refused(place, answer, { ...access, to });
    if (text === '') return new Response(null, { status: 204 });
    if (!isJson(text)) throw noJson(place, status);
    return new Response(text, { status, headers: { 'content-type': 'application/json' } });
  };
  return request.defaults({
    baseUrl: place.apiUrl,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${access.token}`,
      'user-agent': 'belay',
      'x-github-api-version': '2022-11-28',
    },
    request: {
      fetch,
      // The client wraps what a request throws into an error of its own.
      hook: async (ask: (options: object) => Promise<unknown>, options: object) => {
        try {
          return await ask(options);
        } catch (error: unknown) {
          throw error instanceof Error && error.cause !== undefined ? error.cause : error;
        }
      },
    },
  });
}

interface Init {
  readonly method: Call['method'];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Asks the GraphQL API, which answers 200 also to what it refuses: what it said then, for people; undefined when all is well. On GitHub
 * Enterprise it lies beside `/api/v3`, not below.
 */
export async function githubGraphql(
  { place, access }: GithubRepository,
  { query, variables, to }: { readonly query: string; readonly variables: object; readonly to: string },
): Promise<string | undefined> {
  const apiUrl = place.apiUrl.replace(/\/v3$/, '');
  const { data } = (await githubApi({ place: { ...place, apiUrl }, access }, to)('POST /graphql', {
    query,
    variables,
  })) as { readonly data: { readonly errors?: readonly { readonly message?: string }[] } };
  const { errors = [] } = data;
  if (errors.length === 0) return undefined;
  return errors.map(({ message = 'unknown' }) => message).join('; ');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function noJson({ host, path, kind }: Place, status: number): PortError {
  return new PortError(`the forge of ${host}/${path} answered ${status} with something else than JSON`, {
    code: 'Unreachable',
    retry: 'later',
    facts: { host, repository: path, forge: kind },
  });
}
