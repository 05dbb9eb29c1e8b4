/** A repository URL taken apart, with no library: workflow code reads it too, and has no `URL` there. */
export interface RepoUrl {
  readonly scheme: 'file' | 'http' | 'https' | 'ssh';
  /** Whatever precedes `@`, as written. */
  readonly userinfo?: string;
  /** Lower case, without port; empty for `file`. */
  readonly host: string;
  /** Only when it is not the default port of the scheme. */
  readonly port?: string;
  /** Without leading slash (but for `file`), trailing slashes and `.git`. */
  readonly path: string;
}

const defaultPorts = { file: '', http: '80', https: '443', ssh: '22' } as const;

/** Takes a repository URL apart; undefined when it names no repository that Belay can talk to. */
export function parseRepoUrl(url: string): RepoUrl | undefined {
  const text = url.trim();
  if (/[\p{Cc} ]/u.test(text)) return undefined;
  const withScheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  if (withScheme !== null) return parseWithScheme((withScheme[1] ?? '').toLowerCase(), withScheme[2] ?? '');
  if (text.startsWith('/')) return fileUrl(text);
  // scp-like: a colon before any slash. `ext::` and other remote helpers have two colons.
  const scpLike = /^(?:([^@/:]+)@)?(\[[0-9a-f:.]+\]|[^@/:[\]]+):(?!:)(.+)$/i.exec(text);
  if (scpLike === null) return undefined;
  return remoteUrl({
    scheme: 'ssh',
    userinfo: scpLike[1],
    host: scpLike[2] ?? '',
    port: undefined,
    path: scpLike[3] ?? '',
  });
}

/**
 * One key for one repository however it is spelled (scheme, user, default port, case of the host, `.git`, slashes): the lock of
 * its writer and the name of its mirror. Two spellings with two keys would make two writers. Unreadable URLs are their own key.
 */
export function normaliseRepoUrl(url: string): string {
  const parsed = parseRepoUrl(url);
  if (parsed === undefined) return unreadKey(url.trim().replace(/\/\/[^/]*@/, '//'));
  if (parsed.scheme === 'file') return `file://${parsed.path}`;
  // Forges serve SSH over other names and ports for people behind firewalls: `ssh.github.com:443` is `github.com`.
  const host = parsed.scheme === 'ssh' ? parsed.host.replace(/^(?:alt)?ssh\.(?=[^.]+\.)/, '') : parsed.host;
  // A forge's SSH port says nothing about which repository it is, and forges ignore the case of paths. One lock too few is safe.
  const port = parsed.scheme === 'ssh' || parsed.port === undefined ? '' : `:${parsed.port}`;
  return azureKey(`${host}${port}/${parsed.path.toLowerCase()}`);
}

/** The key of a repository, or of a host or path above several; no slash at its end. */
export function prefixKey(repo: string): string {
  // A bare host is no repository to `normaliseRepoUrl`: lend it a path and take it away again.
  return normaliseRepoUrl(`${repo.replace(/\/+$/, '')}/~`).replace(/\/~$/, '');
}

/** Whether a repository is the one that `prefix` names, or lies below the host or path that it names. */
export function isUnder(prefix: string, repoUrl: string): boolean {
  const above = prefixKey(prefix);
  // Both keys: a path of Azure DevOps over SSH is written otherwise than its repository's key.
  return [normaliseRepoUrl(repoUrl), prefixKey(repoUrl)].some(
    (key) => key === above || key.startsWith(`${above}/`) || `${key}.git` === above,
  );
}

/** Registries of charts are no Git repositories, but have one key however they are spelled as well. */
function unreadKey(url: string): string {
  return /^oci:\/\//i.test(url) ? url.toLowerCase().replace(/\/+$/, '') : url;
}

/**
 * Azure DevOps has other paths over SSH (`v3/org/project/repo`), an older host, a collection that may be left out, and leaves out
 * the project where the repository is called like it.
 */
function azureKey(key: string): string {
  const ssh = /^(?:dev\.azure\.com|vs-ssh\.visualstudio\.com)\/v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(key);
  const web =
    /^dev\.azure\.com\/([^/]+)\/(?:([^/]+)\/)?_git\/([^/]+)$/.exec(key) ??
    /^([^./]+)\.visualstudio\.com\/(?:defaultcollection\/)?(?:([^/]+)\/)?_git\/([^/]+)$/.exec(key);
  const [, organisation, project, repository] = ssh ?? web ?? [];
  if (organisation === undefined || repository === undefined) return key;
  return `dev.azure.com/${organisation}/${project ?? repository}/_git/${repository}`;
}

function parseWithScheme(scheme: string, rest: string): RepoUrl | undefined {
  if (scheme === 'file')
    return /^(?:localhost)?\//i.test(rest) ? fileUrl(rest.replace(/^localhost/i, '')) : undefined;
  const known = scheme === 'git+ssh' || scheme === 'ssh+git' ? 'ssh' : scheme;
  if (known !== 'http' && known !== 'https' && known !== 'ssh') return undefined;
  const parts = /^(?:([^/]*)@)?(\[[0-9a-f:.]+\]|[^/@:[\]]+)(?::([0-9]*))?(?:\/(.*))?$/i.exec(rest);
  if (parts === null) return undefined;
  return remoteUrl({
    scheme: known,
    userinfo: parts[1],
    host: parts[2] ?? '',
    port: parts[3],
    path: parts[4] ?? '',
  });
}

interface RemoteParts {
  readonly scheme: 'http' | 'https' | 'ssh';
  readonly userinfo: string | undefined;
  readonly host: string;
  readonly port: string | undefined;
  readonly path: string;
}

function remoteUrl({ scheme, userinfo, host, port, path }: RemoteParts): RepoUrl | undefined {
  // A leading dash would reach ssh as an option (CVE-2017-1000117).
  if (host.startsWith('-') || userinfo?.startsWith('-') === true) return undefined;
  const bare = barePath(path.replace(/[?#].*$/, '')).replace(/^\/+/, '');
  if (bare === '') return undefined;
  return {
    scheme,
    ...(userinfo === undefined || userinfo === '' ? {} : { userinfo }),
    host: host.toLowerCase().replace(/\.$/, ''),
    ...(port === undefined || port === '' || Number(port) === Number(defaultPorts[scheme])
      ? {}
      : { port: String(Number(port)) }),
    path: bare,
  };
}

function fileUrl(path: string): RepoUrl | undefined {
  const bare = barePath(path);
  return bare === '' ? undefined : { scheme: 'file', host: '', path: bare };
}

function barePath(path: string): string {
  const segments = path.replace(/\/{2,}/g, '/').replace(/\/+$/, '');
  return segments.replace(/\.git$/i, '').replace(/\/+$/, '');
}
