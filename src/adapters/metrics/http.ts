import { request, type Dispatcher } from 'undici';
import { formatMillis } from '../../domain/duration';
import type { Millis } from '../../domain/strategy';
import { unreachable, wrong } from './failure';
import { networkFailure } from './network-failure';
import { readBody } from './read-body';
import { redirected } from './redirect';
import type { Secrets } from './secrets';
import { decoded, shown } from './url';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** A user and a password in it are sent as basic authentication, as Go's client does. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface ConnectOptions {
  /** For the whole measurement: tokens, redirects and the answer to its last byte. */
  readonly timeoutMs: Millis;
  /** Whether any certificate is accepted. */
  readonly isInsecure: boolean;
}

/** What one measurement sends its requests through; it ends with the measurement's time or signal. */
export interface Connection {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Waits for something else, such as credentials, no longer than for an answer. */
  wait<T>(promise: Promise<T>): Promise<T>;
}

export type Connect = (options: ConnectOptions) => Connection;

export interface Surroundings {
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly maxTimeoutMs: Millis;
  readonly dispatcherFor: (isInsecure: boolean) => Dispatcher;
  /** Told where each request goes, as it may be shown. */
  readonly onRequest: (where: string) => void;
}

/** Go's http.Client follows as many. */
const maxRedirects = 10;

/** A longer timer of Node's would end at once. */
const longestTimer: Millis = 2 ** 31 - 1;

/** Opens the way to a metric system. Everything that goes wrong on it is thrown as a Failure. */
export function connector({
  signal,
  secrets,
  maxTimeoutMs,
  dispatcherFor,
  onRequest,
}: Surroundings): Connect {
  return (options) => {
    const timeoutMs = Math.min(options.timeoutMs, maxTimeoutMs, longestTimer);
    const timeout = AbortSignal.timeout(timeoutMs);
    const end = AbortSignal.any([signal, timeout]);
    const translate = (error: unknown) => {
      if (signal.aborted) return unreachable('stopped before there was an answer');
      if (timeout.aborted) return unreachable(`no answer within ${formatMillis(timeoutMs)}`);
      return networkFailure(error);
    };
    const sendOnce = async (each: HttpRequest) => {
      secrets.addUrl(each.url);
      onRequest(shown(each.url));
      const { url, headers } = withoutUser(each);
      for (const [name, value] of Object.entries(headers)) secrets.addHeader(name, value);
      const dispatcher = dispatcherFor(options.isInsecure);
      const parts = { method: each.method, headers, body: each.body ?? null, signal: end };
      const answer = await request(url, { ...parts, dispatcher });
      const text = await readBody(answer.body);
      return { status: answer.statusCode, text, location: answer.headers.location };
    };
    const send = async (first: HttpRequest) => {
      try {
        let next: HttpRequest | undefined = first;
        for (let count = 0; count <= maxRedirects; count++) {
          const answer = await sendOnce(next);
          next = redirected(next, answer);
          if (next === undefined) return { status: answer.status, text: answer.text };
        }
      } catch (error: unknown) {
        throw translate(error);
      }
      throw unreachable(`redirected more than ${maxRedirects} times`);
    };
    const wait = async <T>(promise: Promise<T>): Promise<T> => {
      try {
        return await race(promise, end);
      } catch (error: unknown) {
        // What is neither ours nor the end of the wait is no matter of the connection.
        throw end.aborted ? translate(error) : error;
      }
    };
    return { send, wait };
  };
}

/** The answer, if it is one of success; `said` is what the system itself says went wrong. */
export function successful(answer: HttpAnswer, said: (text: string) => string | undefined): HttpAnswer {
  const { status, text } = answer;
  if (status >= 200 && status < 300) return answer;
  const why = said(text);
  const reason = `answered ${status}${why === undefined || why === '' ? '' : `: ${why.slice(0, 1_000)}`}`;
  throw status >= 500 || status === 429 || status === 408 ? unreachable(reason) : wrong(reason);
}

function withoutUser({
  url,
  headers = {},
}: HttpRequest): Pick<HttpRequest, 'url'> & { headers: Record<string, string> } {
  if (url.username === '' && url.password === '') return { url, headers: { ...headers } };
  const plain = new URL(url);
  [plain.username, plain.password] = ['', ''];
  const user = [url.username, url.password].map(decoded).join(':');
  const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
  return { url: plain, headers: { authorization, ...headers } };
}

async function race<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('stopped'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
