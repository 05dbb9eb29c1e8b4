import { isAbsolute } from 'node:path';
import { redact } from '../../domain/redact';
import { parseRepoUrl } from '../../domain/repo-url';
import { invalid } from './invalid';

/** A repository URL that may be shown. */
export function displayUrl(repoUrl: string): string {
  const url = repoUrl.trim();
  return parseRepoUrl(url)?.scheme === 'ssh' && !url.includes('://')
    ? url.replace(/^[^@:]*:[^@]*@/, '***@')
    : redact(url);
}

/** The URL that git gets: checked, and without the userinfo of HTTP, which would show in process lists and messages. */
export function gitUrl(repoUrl: string): string {
  const url = repoUrl.trim();
  const parsed = parseRepoUrl(url);
  if (parsed === undefined) {
    throw invalid(
      `repository URL ${displayUrl(url)} is not one of https, http, ssh, file or an absolute path; correct repoURL`,
    );
  }
  if (parsed.userinfo?.includes(':') === true) {
    throw invalid(
      `repository URL ${displayUrl(url)} holds a password; remove it and give the worker a credential instead`,
    );
  }
  if (isAbsolute(url)) return `file://${url}`;
  return parsed.scheme === 'ssh' || parsed.scheme === 'file'
    ? url
    : url.replace(/^([a-z]+:\/\/)[^/]*@/i, '$1');
}
