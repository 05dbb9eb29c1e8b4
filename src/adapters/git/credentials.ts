import { isUnder, parseRepoUrl, prefixKey, type RepoUrl } from '../../domain/repo-url';
import { rememberSecrets } from '../../ports/known-secrets';
import { PortError } from '../../ports/port-error';
import type { GithubApp } from '../forge-api/app-key';
import { appPlace, forgetInstallationToken, installationToken } from '../forge-api/installation-token';
import { describePlace, readSecret } from './secret-text';

/** What one git process needs to be let in: never part of its arguments or of a URL. */
export interface Access {
  readonly env: Readonly<Record<string, string>>;
  /** Git settings, handed over in the environment. */
  readonly config?: Readonly<Record<string, string>>;
  /** Values to take out of every error text. */
  readonly secrets?: readonly string[];
  /** The server has refused it: what is kept of it here is of no use any more. */
  readonly forget?: () => void;
}

/** Finds the access to a repository; asked again for each network operation, so that a rotated secret is picked up. */
export type Credentials = (repoUrl: string) => Promise<Access>;

/** Where a credential lies (names of variables and files, never the secret) and which repositories it opens. */
export interface CredentialSource {
  /** A repository, or a host or path above several: `https://github.com/acme`. The longest match wins. Absent: all. */
  readonly repo?: string;
  readonly username?: string;
  readonly tokenVariable?: string;
  readonly tokenFile?: string;
  /** Instead of a token: a GitHub App that is installed for the repository. */
  readonly app?: GithubApp;
  /** Where the API of that GitHub is; default: where github.com and GitHub Enterprise have it. */
  readonly apiUrl?: string;
  readonly sshKeyFile?: string;
  readonly knownHostsFile?: string;
  /** Send the token over plain http as well; loopback addresses need no permission. */
  readonly allowHttp?: boolean;
}

/** No credential: public repositories and local files. */
export const anonymous: Credentials = () => Promise.resolve({ env: {} });

/** Chooses among `sources` by URL and reads the secret at use. Tokens of Apps are limited to fetching where nothing else is `wanted`. */
export function credentialsFrom(
  sources: readonly CredentialSource[],
  wanted: 'read' | 'write' = 'write',
): Credentials {
  return async (repoUrl) => {
    const parsed = parseRepoUrl(repoUrl);
    if (parsed === undefined || parsed.scheme === 'file') return { env: {} };
    const fits = sources.filter((source) => matches(source, repoUrl) && serves(source, parsed));
    const [source] = fits.sort((a, b) => keyOf(b).length - keyOf(a).length);
    if (source === undefined) return { env: {} };
    return parsed.scheme === 'ssh' ? sshAccess(source) : await tokenAccess(source, parsed, wanted);
  };
}

function keyOf({ repo }: CredentialSource): string {
  return repo === undefined ? '' : prefixKey(repo);
}

function matches({ repo }: CredentialSource, repoUrl: string): boolean {
  return repo === undefined || isUnder(repo, repoUrl);
}

function serves(source: CredentialSource, { scheme }: RepoUrl): boolean {
  if (scheme === 'ssh') return source.sshKeyFile !== undefined || source.knownHostsFile !== undefined;
  return [source.tokenVariable, source.tokenFile, source.app].some((each) => each !== undefined);
}

function sshAccess({ sshKeyFile, knownHostsFile }: CredentialSource): Access {
  const options = [
    ...(sshKeyFile === undefined ? [] : ['-i', quote(sshKeyFile), '-o', 'IdentitiesOnly=yes']),
    ...(knownHostsFile === undefined ? [] : ['-o', quote(`UserKnownHostsFile=${knownHostsFile}`)]),
  ];
  return { env: { GIT_SSH_COMMAND: ['ssh', ...options].join(' ') } };
}

async function tokenAccess(
  source: CredentialSource,
  url: RepoUrl,
  wanted: 'read' | 'write',
): Promise<Access> {
  const origin = safeOrigin(url, source.allowHttp);
  const { app, username = 'x-access-token' } = source;
  const token =
    app === undefined
      ? await readToken(source, `${origin}/${url.path}`)
      : await appToken({ ...source, app }, `${origin}/${url.path}`, wanted);
  const basic = Buffer.from(`${username}:${token}`).toString('base64');
  rememberSecrets(token, basic);
  // Bound to the origin: a submodule elsewhere must not get it. Redirects are not followed with it (git-env.ts).
  return {
    env: {},
    config: { [`http.${origin}/.extraHeader`]: `Authorization: Basic ${basic}` },
    secrets: [token, basic],
    ...(app === undefined ? {} : { forget: () => forgetInstallationToken(token) }),
  };
}

/** The origin to which a credential may be sent; throws where it would travel unencrypted. */
export function safeOrigin(url: RepoUrl, allowHttp = false): string {
  const origin = `${url.scheme}://${url.host}${url.port === undefined ? '' : `:${url.port}`}`;
  const loopback = /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.host);
  if (url.scheme !== 'http' || loopback || allowHttp) return origin;
  throw new PortError(
    `the credential of ${origin}/${url.path} would travel unencrypted; write the repository URL with https`,
    { code: 'InvalidSpec', retry: 'never', facts: { repository: `${origin}/${url.path}` } },
  );
}

async function readToken(source: CredentialSource, repository: string): Promise<string> {
  const place = { variable: source.tokenVariable, file: source.tokenFile };
  const token = (await readSecret(place))?.trim() ?? '';
  if (token !== '' && !/[\r\n]/.test(token)) return token;
  const what = `${describePlace(place)} is missing, empty or has several lines`;
  throw new PortError(`no usable token for ${repository}: ${what}`, {
    code: 'Unauthenticated',
    retry: 'later',
    facts: { repository },
  });
}

/** A token of the App's installation: GitHub ends it after an hour, and another one is asked for in time. */
async function appToken(
  { apiUrl, allowHttp, app }: CredentialSource & { readonly app: GithubApp },
  repository: string,
  wanted: 'read' | 'write',
): Promise<string> {
  const place = appPlace(repository, apiUrl);
  if (place === undefined) throw new Error(`${repository} is on no host`);
  const api = parseRepoUrl(`${place.apiUrl}/~`);
  if (api !== undefined) safeOrigin(api, allowHttp);
  return await installationToken(app, { ...place, onlyFetch: wanted === 'read' });
}

/** A text as one word of a shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
