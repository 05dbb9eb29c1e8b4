import { wrong } from './failure';
import type { HttpRequest } from './http';

interface Redirection {
  readonly status: number;
  readonly location: string | string[] | undefined;
}

/**
 * The request that an answer redirects to; undefined when it is no redirection. Headers go only to the origin that was asked: Go's
 * client holds back `Authorization` alone, and would hand an API key in another header to whoever the answer names.
 */
export function redirected(from: HttpRequest, { status, location }: Redirection): HttpRequest | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, from.url.href))
    throw wrong(`answered ${status} with a location that is no URL`);
  const url = new URL(location, from.url);
  if (!/^https?:$/.test(url.protocol)) throw wrong(`answered ${status} with a location that is not HTTP`);
  const isSame = url.origin === from.url.origin;
  if (isSame) [url.username, url.password] = [from.url.username, from.url.password];
  const headers = isSame ? { ...from.headers } : {};
  if (status >= 307) {
    // The body may hold credentials too.
    if (!isSame && from.body !== undefined) throw wrong(`answered ${status} to another host, ${url.host}`);
    return { ...from, url, headers };
  }
  return { method: 'GET', url, headers };
}
