import type { Fields } from './fields';
import { requireField } from './read-with';
import { parseRepoUrl } from './repo-url';

const forms = 'an https, ssh or file URL, git@host:path, or an absolute path';
const unsafe = 'take it out of Git, change it, and give the worker the credentials instead';
/** How the access tokens of the big forges begin; some people write them where the user name belongs. */
const token = /^(?:gh[a-z]_|github_pat_|glpat-|gl[a-z]+-|ATB|ATCTT|bbp_)|^[A-Za-z0-9_-]{32,}$/;

/** Reads `repoURL`. What may hold a password is never repeated. */
export function readRepoUrl(source: Fields): string | undefined {
  if (!requireField(source, 'repoURL', `write ${forms}`)) return undefined;
  const url = source.string('repoURL');
  if (url === undefined) return undefined;
  const shown = /[@?#]/.test(url) ? undefined : url;
  const advice = { ...(shown !== undefined && { value: shown }), remedy: `write ${forms}` };
  const called = shown === undefined ? 'repository URL' : `repository URL ${shown}`;
  if (hasSecret(url)) return source.invalid('repoURL', 'the URL has a password in it', { remedy: unsafe });
  if (/^oci:\/\//i.test(url)) {
    const message = 'a repository of OCI artefacts is not supported yet';
    source.report({ code: 'Unsupported', path: [...source.path, 'repoURL'], message, ...advice });
    return undefined;
  }
  const parsed = parseRepoUrl(url);
  if (parsed === undefined) return source.invalid('repoURL', `${called} names no Git repository`, advice);
  if (parsed.scheme !== 'file' && /[?#]/.test(url)) {
    return source.invalid('repoURL', 'the URL has a query in it, which may hold a secret', {
      remedy: unsafe,
    });
  }
  return url.trim();
}

function hasSecret(url: string): boolean {
  const userinfo =
    /^[a-z0-9+.-]*:\/\/([^/]*)@/i.exec(url.trim())?.[1] ?? /^([^/]*:[^/]*)@/.exec(url.trim())?.[1];
  if (userinfo === undefined) return false;
  return userinfo.includes(':') || (!/^ssh:/i.test(url.trim()) && token.test(userinfo));
}
