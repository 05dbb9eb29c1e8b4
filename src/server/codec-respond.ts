import type { PayloadCodec } from '@temporalio/common';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { jsonOf, payloadsOf } from './codec-json';
import { isSame } from './is-same';
import { readBody } from './read-body';

/** What is said to whoever asks; the body is JSON. */
export interface CodecAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CodecGuard {
  /** Origins of web pages that may ask. */
  readonly origins: readonly string[];
  /** The bearer token as it is now; absent: only requests to this machine's own names are let in. */
  readonly token?: () => Promise<string>;
  readonly bodyBytes: number;
}

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Answers requests of Temporal's UI and CLI for `/encode` and `/decode`. Rejects only when the sender has gone. */
export function codecResponding(
  codec: PayloadCodec,
  guard: CodecGuard,
): (request: IncomingMessage) => Promise<CodecAnswer> {
  return async (request) => {
    const { headers, method } = request;
    const cors = corsOf(headers, guard.origins);
    if (cors === undefined) return refuse(403, 'this origin may not ask; name it with --origin');
    const [path = ''] = (request.url ?? '').split('?');
    if (method === 'GET' && path === '/healthz') return answer(200, '{"status":"ok"}', cors);
    const direction = /\/(encode|decode)$/.exec(path)?.[1];
    if (direction === undefined) return refuse(404, 'payloads are sent to /encode and /decode', cors);
    if (method === 'OPTIONS') return answer(204, '', cors);
    if (method !== 'POST') return refuse(405, 'send payloads by POST', { ...cors, allow: 'POST, OPTIONS' });
    const refusal = await refusalOf(headers, guard);
    if (refusal !== undefined) return refuse(...refusal, cors);
    const body = await readBody(request, guard.bodyBytes);
    if (body === 'too large')
      return refuse(413, `the body is longer than ${guard.bodyBytes} bytes`, {
        ...cors,
        connection: 'close',
      });
    const payloads = payloadsOf(body);
    if (payloads === undefined)
      return refuse(400, 'the body is no JSON of the form {"payloads": [{"metadata", "data"}]}', cors);
    try {
      const given = [...payloads];
      return answer(
        200,
        jsonOf(await (direction === 'encode' ? codec.encode(given) : codec.decode(given))),
        cors,
      );
    } catch (error: unknown) {
      return refuse(400, error instanceof Error ? error.message : 'this cannot be read', cors);
    }
  };
}

/** Headers of the answer to a web page; none where no page asks; undefined for a page that may not. */
function corsOf(
  { origin, 'access-control-request-private-network': privately }: IncomingHttpHeaders,
  origins: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (origin === undefined) return {};
  if (!origins.includes(origin)) return undefined;
  return {
    'access-control-allow-origin': origin,
    vary: 'origin',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, x-namespace',
    'access-control-allow-credentials': 'true',
    'access-control-max-age': '600',
    ...(privately === 'true' ? { 'access-control-allow-private-network': 'true' } : {}),
  };
}

async function refusalOf(
  headers: IncomingHttpHeaders,
  { token }: CodecGuard,
): Promise<readonly [number, string] | undefined> {
  // A page whose name was made to mean this machine asks under that name.
  if (token === undefined && !loopbackHost.test(headers.host ?? ''))
    return [403, 'without a token it answers to localhost alone'];
  const wanted = await token?.().catch(() => '');
  if (wanted === '') return [500, 'its token cannot be read'];
  if (wanted !== undefined && !isSame(headers.authorization, `Bearer ${wanted}`))
    return [401, 'show the token of --token-file as Authorization: Bearer'];
  // Forms and plain texts are what a page may send anywhere without being asked.
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? ''))
    return [415, 'send application/json'];
  return undefined;
}

function answer(status: number, body: string, headers: CodecAnswer['headers']): CodecAnswer {
  return {
    status,
    body,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  };
}

function refuse(status: number, message: string, headers: CodecAnswer['headers'] = {}): CodecAnswer {
  return answer(status, JSON.stringify({ message }), headers);
}
