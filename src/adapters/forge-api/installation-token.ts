import { parseRepoUrl } from '../../domain/repo-url';
import { rememberSecrets } from '../../ports/known-secrets';
import { isPortError, PortError } from '../../ports/port-error';
import { proofOf, type GithubApp } from './app-key';
import type { ApiPlace } from './call';
import { send } from './send';

/** A repository on GitHub, and where its API is. */
export interface AppPlace extends Pick<ApiPlace, 'apiUrl' | 'host' | 'path'> {
  /** The token may only fetch, whatever the App may. */
  readonly onlyFetch?: boolean;
}

interface Issued {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

const marginMs = 5 * 60_000;
const issued = new Map<string, Issued>();

/** The place of a repository's URL (https, http or ssh); undefined for what is on no host. */
export function appPlace(repoUrl: string, apiUrl?: string): AppPlace | undefined {
  const url = parseRepoUrl(repoUrl);
  if (url === undefined || url.scheme === 'file') return undefined;
  const authority = url.scheme === 'ssh' || url.port === undefined ? url.host : `${url.host}:${url.port}`;
  return {
    apiUrl: (apiUrl ?? githubApi(authority)).replace(/\/+$/, ''),
    host: url.host,
    path: url.path,
  };
}

/** Where GitHub has its API: github.com on a host of its own, GitHub Enterprise below `/api/v3`. */
export function githubApi(authority: string): string {
  return authority === 'github.com' ? 'https://api.github.com' : `https://${authority}/api/v3`;
}

/**
 * A token of the App's installation that is good for this one repository, for its API and for Git over HTTPS (as the password of
 * `x-access-token`). Kept until 5 minutes before its end, at most an hour. The caller has made sure that `apiUrl` may get secrets.
 * Throws PortError: `Unauthenticated` without a usable key, `NotFound` where the App is not installed.
 */
export async function installationToken(
  app: GithubApp,
  place: AppPlace,
  signal?: AbortSignal,
): Promise<string> {
  const { onlyFetch = false, ...rest } = place;
  const parts = [place.apiUrl, app.id, app.installationId ?? '', place.path.toLowerCase(), onlyFetch];
  const key = parts.join(' ');
  const now = Date.now();
  for (const [each, { until }] of issued) if (until <= now) issued.delete(each);
  const known = issued.get(key);
  if (known !== undefined) return known.token;
  const limits = onlyFetch ? { permissions: { contents: 'read' } } : {};
  const fresh = await issue(app, { ...rest, kind: 'github' }, limits, signal);
  rememberSecrets(fresh.token);
  issued.set(key, fresh);
  return fresh.token;
}

/** Forgets a token that GitHub does not take any more, so that the next call asks for another. */
export function forgetInstallationToken(token: string): void {
  for (const [key, known] of issued) if (known.token === token) issued.delete(key);
}

async function issue(
  app: GithubApp,
  place: ApiPlace,
  limits: object,
  signal: AbortSignal | undefined,
): Promise<Issued> {
  const token = await proofOf(app);
  const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` };
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const call = { method, path, headers, ...(body === undefined ? {} : { body }) };
    const { text } = await send(place, call, { token, signal, to: `act as GitHub App ${app.id}` });
    return JSON.parse(text) as unknown;
  };
  try {
    const [owner = '', name = ''] = place.path.split('/');
    const repository = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
    const { id } = (
      app.installationId === undefined
        ? await ask('GET', `${repository}/installation`)
        : { id: app.installationId }
    ) as { readonly id?: unknown };
    const answer = await ask('POST', `/app/installations/${encodeURIComponent(String(id))}/access_tokens`, {
      repositories: [name],
      ...limits,
    });
    return read(answer, place);
  } catch (error: unknown) {
    if (error instanceof SyntaxError) throw incomplete(place);
    if (!isPortError(error, 'NotFound')) throw error;
    const message = `GitHub App ${app.id} is not installed for ${place.host}/${place.path}: ${error.message}`;
    throw new PortError(message, { code: 'NotFound', retry: 'never', facts: error.facts });
  }
}

function read(answer: unknown, place: ApiPlace): Issued {
  const { token, expires_at: end } = (answer ?? {}) as {
    readonly token?: unknown;
    readonly expires_at?: unknown;
  };
  const until = Date.parse(String(end)) - marginMs;
  if (typeof token !== 'string' || token === '' || Number.isNaN(until)) throw incomplete(place);
  return { token, until };
}

function incomplete({ host, path }: ApiPlace): PortError {
  return new PortError(`the forge of ${host}/${path} answered a request for a token without one`, {
    code: 'Unreachable',
    retry: 'later',
    facts: { host, repository: path },
  });
}
