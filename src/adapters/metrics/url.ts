import { wrong } from './failure';
import type { Secrets } from './secrets';

/** Reads an address; `what` names the field, the Secret or the variable it is from. What it must not tell becomes secret. */
export function readUrl(text: string, what: string, secrets: Secrets): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw wrong(`${what} is no URL; write one such as http://host:port/path`);
  secrets.addUrl(url);
  return url;
}

/** The address with a path of the API behind its own. */
export function under(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

/** The address as it may be told: no user, no password, no query. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
}

/** The text behind the escapes of a URL; `%` need not be one in what a person typed. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
