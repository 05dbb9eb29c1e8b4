import { isUnder, parseRepoUrl, prefixKey } from '../../domain/repo-url';
import { PortError } from '../../ports/port-error';
import { githubApi } from '../forge-api/installation-token';
import { forgeKinds, type ForgeKind, type ForgeSource } from './source';

/** A repository on a forge. */
export interface Place {
  readonly source: ForgeSource;
  readonly kind: ForgeKind;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly host: string;
  /** `acme/shop`, of GitLab with all its groups; without `.git`. */
  readonly path: string;
}

const publicForges: Readonly<Record<string, ForgeKind>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'codeberg.org': 'gitea',
  'gitea.com': 'gitea',
  'bitbucket.org': 'bitbucket-cloud',
};

/** Finds the forge of a repository by its URL (https, http or ssh); undefined when none is configured for it. */
export function chooseForge(sources: readonly ForgeSource[], repoUrl: string): Place | undefined {
  const url = parseRepoUrl(repoUrl);
  if (url === undefined || url.scheme === 'file') return undefined;
  // People write prefixes with https; a repository that is cloned by ssh is on the same forge.
  const asHttps = `https://${url.host}/${url.path}`;
  const fits = sources.filter(({ repo }) => isUnder(repo, repoUrl) || isUnder(repo, asHttps));
  const [source] = fits.sort((a, b) => prefixKey(b.repo).length - prefixKey(a.repo).length);
  if (source === undefined) return undefined;
  const kind = source.kind ?? publicForges[url.host];
  if (kind === undefined || !forgeKinds.includes(kind)) throw unknownKind(url.host, source.kind);
  const authority = url.scheme === 'ssh' || url.port === undefined ? url.host : `${url.host}:${url.port}`;
  const apiUrl = (source.apiUrl ?? defaultApi(kind, authority)).replace(/\/+$/, '');
  const path = url.path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return { source, kind, apiUrl, host: url.host, path };
}

function defaultApi(kind: ForgeKind, host: string): string {
  switch (kind) {
    case 'github':
      return githubApi(host);
    case 'gitlab':
      return `https://${host}/api/v4`;
    case 'gitea':
      return `https://${host}/api/v1`;
    case 'bitbucket-cloud':
      return 'https://api.bitbucket.org/2.0';
    case 'bitbucket-server':
      return `https://${host}/rest/api/latest`;
  }
}

function unknownKind(host: string, kind: string | undefined): PortError {
  const what =
    kind === undefined ? `what forge ${host} is cannot be told by its name` : `no forge is called ${kind}`;
  const message = `${what}; write kind: one of ${forgeKinds.join(', ')}`;
  return new PortError(message, { code: 'InvalidSpec', retry: 'never', facts: { host } });
}
