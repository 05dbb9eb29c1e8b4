import { chooseAccess, whyNoAccess } from '../../domain/choose-access';
import type { KubeObject } from '../../domain/kube-object';
import { describeProblem } from '../../domain/problem';
import { parseRepoUrl, prefixKey, type RepoUrl } from '../../domain/repo-url';
import type { RepositoryAccess } from '../../domain/repository-secret';
import { rememberSecrets } from '../../ports/known-secrets';
import { PortError } from '../../ports/port-error';
import { quote, safeOrigin, type Access, type Credentials } from './credentials';
import { displayUrl } from './remote-url';
import { keepKeys, type KeyFiles } from './key-files';

export interface SecretCredentialOptions {
  /** `write` uses only Secrets of Argo CD's write types, `read` only the others. */
  readonly scope: RepositoryAccess['scope'];
  /** Secrets of these projects may be used besides those of no project. */
  readonly projects?: readonly string[];
  /** A directory of this worker alone: SSH keys and client certificates lie there for git, readable by nobody else. */
  readonly keyDir: string;
  /** Host keys for SSH; absent: those of the user the worker runs as. */
  readonly knownHostsFile?: string;
}

/** Git's credentials from Argo CD's repository Secrets, which are listed anew at each use. */
export function credentialsFromSecrets(
  list: () => Promise<readonly KubeObject[]>,
  { scope, projects = [], keyDir, knownHostsFile }: SecretCredentialOptions,
): Credentials {
  const keys = keepKeys(keyDir);
  return async (repoUrl) => {
    const parsed = parseRepoUrl(repoUrl);
    if (parsed === undefined || parsed.scheme === 'file') return { env: {} };
    const key = prefixKey(repoUrl);
    const match = (prefix: string) => {
      const above = prefixKey(prefix);
      const isSame = key === above || `${key}.git` === above;
      const isBelow = isSame || key.startsWith(`${above}/`);
      return isSsh(prefix) === (parsed.scheme === 'ssh') && isBelow
        ? { isSame, length: above.length }
        : undefined;
    };
    const secrets = await list();
    const access = chooseAccess(secrets, { scope, kinds: ['git'], projects, match });
    if (access === undefined) {
      const [problem] = whyNoAccess(secrets, { match });
      if (problem === undefined) return { env: {} };
      throw new PortError(describeProblem(problem), {
        code: 'Unauthenticated',
        retry: 'later',
        facts: { secret: problem.object ?? '', repository: displayUrl(repoUrl) },
      });
    }
    return parsed.scheme === 'ssh'
      ? await sshAccess(access, keys, knownHostsFile)
      : await httpAccess(access, keys, parsed);
  };
}

function isSsh(url: string): boolean {
  return !/^https?:\/\//i.test(url.trim());
}

async function sshAccess(
  { sshPrivateKey, insecure }: RepositoryAccess,
  keys: KeyFiles,
  knownHostsFile: string | undefined,
): Promise<Access> {
  const keyFile = sshPrivateKey === undefined ? undefined : await keys.fileOf(sshPrivateKey);
  const hosts = insecure ? '/dev/null' : knownHostsFile;
  const options = [
    ...(keyFile === undefined ? [] : ['-i', quote(keyFile), '-o', 'IdentitiesOnly=yes']),
    // ssh takes the first value of an option: this one is before the strict one that every command gets.
    ...(insecure ? ['-o', 'StrictHostKeyChecking=no'] : []),
    ...(hosts === undefined ? [] : ['-o', quote(`UserKnownHostsFile=${hosts}`)]),
  ];
  if (options.length === 0) return { env: {} };
  return {
    env: { GIT_SSH_COMMAND: ['ssh', ...options].join(' ') },
    ...(sshPrivateKey === undefined ? {} : { secrets: [sshPrivateKey] }),
  };
}

async function httpAccess(access: RepositoryAccess, keys: KeyFiles, url: RepoUrl): Promise<Access> {
  const { tlsClientCertData, tlsClientCertKey, insecure, proxy } = access;
  const header = headerOf(access);
  // Without a header nothing secret is sent.
  const origin = safeOrigin(url, header === undefined);
  const settings = {
    extraHeader: header?.text,
    sslCert: tlsClientCertData === undefined ? undefined : await keys.fileOf(tlsClientCertData),
    sslKey: tlsClientCertKey === undefined ? undefined : await keys.fileOf(tlsClientCertKey),
    sslVerify: insecure ? 'false' : undefined,
    proxy,
  };
  // Bound to the origin: a submodule elsewhere must not get it. Redirects are not followed with it (git-env.ts).
  const config = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [[`http.${origin}/.${name}`, value] as const],
  );
  const proxyUser = /\/\/([^/]*)@/.exec(proxy ?? '')?.[1]?.split(':') ?? [];
  return {
    env: {},
    config: Object.fromEntries(config),
    secrets: [
      ...(header?.secrets ?? []),
      ...proxyUser,
      ...(tlsClientCertKey === undefined ? [] : [tlsClientCertKey]),
    ],
  };
}

/** Argo CD prefers a bearer token to a password. */
function headerOf({ secret, bearerToken, username, password }: RepositoryAccess) {
  const value = bearerToken ?? password;
  if (value === undefined) return undefined;
  rememberSecrets(bearerToken, password);
  if (/[\r\n]/.test(value.trim()) || /[\r\n]/.test(username ?? '')) {
    const message = `${secret} has a ${bearerToken === undefined ? 'password' : 'token'} of several lines; write one line`;
    throw new PortError(message, { code: 'Unauthenticated', retry: 'later', facts: { secret } });
  }
  if (bearerToken !== undefined) {
    return { text: `Authorization: Bearer ${bearerToken.trim()}`, secrets: [bearerToken.trim()] };
  }
  const basic = Buffer.from(`${username?.trim() ?? 'x-access-token'}:${value.trim()}`).toString('base64');
  rememberSecrets(basic);
  return { text: `Authorization: Basic ${basic}`, secrets: [value.trim(), basic] };
}
