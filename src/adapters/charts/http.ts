import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { ChartAccess } from './access';
import { isLoopback } from './addresses';
import type { Allowed } from './allow';
import { createDispatchers } from './dispatchers';
import { chartError, networkError, shownUrl } from './errors';
import type { ChartLimits } from './limits';

export interface Ask {
  readonly url: URL;
  readonly access: ChartAccess;
  /** Nothing secret: they go wherever a redirection leads. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  /** What is read, for errors: `the index`. */
  readonly what: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty unless the status is one of success or 4xx. */
  readonly body: Buffer;
  /** Where the answer came from, after redirections. */
  readonly url: URL;
}

/** One GET, through its redirections. Answers of every status are given back; throws PortError when there is none. */
export type Http = (ask: Ask) => Promise<Answer>;

const redirections = [301, 302, 303, 307, 308];
/** What is read of a refusal. */
const refusalBytes = 64 << 10;

/** HTTP within limits: hosts, sizes, redirections, time. Credentials go to the origin that they are for, and nowhere else. */
export function createHttp(limits: ChartLimits, allowed: Allowed): Http {
  const dispatcherFor = createDispatchers(limits);
  const send = async (ask: Ask, url: URL, signal: AbortSignal) => {
    const { mayBeLocal } = allowed.host(url);
    const isHome = url.origin === ask.url.origin;
    const { authorization, tls } = isHome ? ask.access : {};
    if (authorization !== undefined) refusePlain(url, ask.access);
    const answer = await request(url, {
      method: 'GET',
      headers: {
        'user-agent': 'belay',
        ...ask.headers,
        ...(authorization === undefined ? {} : { authorization }),
      },
      dispatcher: dispatcherFor({ tls, mayBeLocal }),
      signal,
    });
    return { answer, headers: plainHeaders(answer.headers) };
  };
  return async (given) => {
    const ask = { ...given, url: withoutUser(given.url) };
    const signal = AbortSignal.timeout(limits.timeoutMs);
    let { url } = ask;
    try {
      for (let count = 0; count <= limits.redirects; count++) {
        const { answer, headers } = await send(ask, url, signal);
        const next = redirected(answer.statusCode, headers['location'], url);
        if (next === undefined) {
          const { statusCode: status } = answer;
          const isFailure = status >= 300;
          const body = await readBody(answer.body, isFailure ? refusalBytes : ask.maxBytes, isFailure);
          if (body === undefined) throw tooLarge(ask, url);
          return { status, headers, body, url };
        }
        answer.body.on('error', () => undefined).destroy();
        url = next;
      }
    } catch (error: unknown) {
      throw networkError(error, url);
    }
    const message = `${shownUrl(ask.url)} redirects more than ${limits.redirects} times; correct the server`;
    throw chartError('Unreachable', message, ask.url);
  };
}

function refusePlain(url: URL, { allowHttp }: ChartAccess): void {
  if (url.protocol === 'https:' || allowHttp === true || isLoopback(url.hostname)) return;
  const message = `the credential of ${shownUrl(url)} would travel unencrypted`;
  throw chartError('InvalidSpec', `${message}; write the repository URL with https`, url);
}

function withoutUser(from: URL): URL {
  const url = new URL(from);
  [url.username, url.password, url.hash] = ['', '', ''];
  return url;
}

function redirected(status: number, location: string | undefined, from: URL): URL | undefined {
  if (!redirections.includes(status) || location === undefined) return undefined;
  const to = URL.canParse(location, from.href) ? withoutUser(new URL(location, from.href)) : undefined;
  if (to !== undefined && (to.protocol === 'https:' || to.protocol === from.protocol)) return to;
  const message = `${shownUrl(from)} redirects to what is no https URL; correct the server`;
  throw chartError('Forbidden', message, from);
}

/** Undefined when there is more than `max`; then the rest is not read. */
async function readBody(body: Readable, max: number, cut: boolean): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > max && !cut) return undefined;
    chunks.push(chunk);
    if (size > max) break;
  }
  return Buffer.concat(chunks);
}

function tooLarge({ what, maxBytes }: Ask, url: URL) {
  const message = `${what} at ${shownUrl(url)} is larger than ${maxBytes} bytes; use a smaller one`;
  return chartError('Limit', message, url, { facts: { maxBytes } });
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]);
  return Object.fromEntries(entries) as Record<string, string>;
}
