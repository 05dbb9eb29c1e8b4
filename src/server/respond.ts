import type { IncomingMessage } from 'node:http';
import { providerOf } from '../domain/webhooks/provider-of';
import { providers, type Headers, type Provider } from '../domain/webhooks/push';
import { refuse, type Answer } from './answer';
import { readBody } from './read-body';
import { RateLimit, type Rate } from './rate';
import { receive, type Receiving } from './receive';

/** How much is let in. */
interface Limits {
  readonly bodyBytes: number;
  readonly perAddress: Rate;
  readonly overall: Rate;
  /** Requests whose bodies are held at the same time. */
  readonly atOnce: number;
}

export interface Responding extends Receiving {
  readonly limits: Limits;
  readonly trustProxy: boolean;
}

type Respond = (request: IncomingMessage) => Promise<Answer>;

/** Argo CD's path serves forges that are set up already; a provider at the end is for senders that no header tells. */
const path = /^\/(?:api\/)?webhook(?:\/([a-z-]+))?\/?$/;

/** Answers one request; never throws but when the sender has gone. Refuses what it can before it reads the body. */
export function responding(options: Responding): Respond {
  const { limits, trustProxy } = options;
  const [overall, perAddress] = [new RateLimit(limits.overall), new RateLimit(limits.perAddress)];
  let held = 0;
  return async (request) => {
    const { method = '', headers } = request;
    const [pathname = ''] = (request.url ?? '').split('?');
    if (pathname === '/healthz') return { status: 200, message: 'ok' };
    const found = path.exec(pathname);
    if (found === null) return { status: 404, message: 'webhooks are received at /webhook', isCutOff: true };
    if (method !== 'POST')
      return { status: 405, message: 'send webhooks by POST', headers: { allow: 'POST' }, isCutOff: true };
    if (!perAddress.take(addressOf(request, trustProxy)) || !overall.take() || held >= limits.atOnce)
      return { status: 429, message: 'too many webhooks', headers: { 'retry-after': '1' }, isCutOff: true };
    const unfit = unfitFor(headers);
    if (unfit !== undefined) return unfit;
    const provider =
      found[1] === undefined ? providerOf(headers) : providers.find((each) => each === found[1]);
    if (provider === undefined)
      return refuse(400, 'no header says which forge sends this', { isCutOff: true });
    held += 1;
    try {
      const body = await readBody(request, limits.bodyBytes);
      if (body === 'too large')
        return refuse(413, `${provider}: the body is longer than ${limits.bodyBytes} bytes`, {
          isCutOff: true,
        });
      return await received(provider, { headers, body }, options);
    } finally {
      held -= 1;
    }
  };
}

async function received(
  provider: Provider,
  posted: { readonly headers: Headers; readonly body: Buffer },
  receiving: Receiving,
): Promise<Answer> {
  try {
    return await receive({ provider, ...posted }, receiving);
  } catch (error: unknown) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(500, 'this receiver is not set up right; its log says why', { log: why });
  }
}

/** Compressed bodies are refused: a small one may become any size. */
function unfitFor(headers: Headers): Answer | undefined {
  const type = String(headers['content-type'] ?? '');
  if (!/^application\/(?:json|x-www-form-urlencoded|[\w.-]+\+json)\s*(?:;|$)/i.test(type))
    return refuse(415, 'send application/json or application/x-www-form-urlencoded', { isCutOff: true });
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? undefined : refuse(415, 'send the body uncompressed', { isCutOff: true });
}

/** Whom the rate is counted against. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const last =
    String(forwarded ?? '')
      .split(',')
      .at(-1)
      ?.trim() ?? '';
  return /^[0-9a-f.:]{2,45}$/i.test(last) ? last : (request.socket.remoteAddress ?? '');
}
