import { request } from 'undici';
import { redact } from '../../domain/redact';
import { PortError, type PortErrorFacts } from '../../ports/port-error';
import type { Answer, ApiPlace, Call } from './call';

const withinMs = 15_000;
const mostBytes = 4 * 1024 ** 2;
const longestPauseMs = 15 * 60_000;

/** How a request is sent, and what its answer may be. */
interface Sending {
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
  /** Which other answers than those of success are none of an error. */
  readonly isFine?: (answer: Answer) => boolean;
  /** For people, where it is forbidden: `its token may not <to>`. */
  readonly to?: string;
}

/**
 * Sends a request. Redirects are not followed: they would carry the token elsewhere. Throws PortError when there is no answer of
 * success; `isFine` says which others are.
 */
export async function send(place: ApiPlace, call: Call, sending: Sending): Promise<Answer> {
  const answer = await exchange(place, call, sending);
  if (answer.status >= 200 && answer.status < 300) return answer;
  if (sending.isFine?.(answer) === true) return answer;
  throw refused(place, answer, sending);
}

/** Sends a request and gives any answer that comes; throws PortError where none does. */
export async function exchange(
  place: ApiPlace,
  call: Call,
  { token, signal }: Pick<Sending, 'token' | 'signal'>,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(withinMs);
  const end = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  return ask(place, call, end).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    const why = timeout.aborted ? `no answer within ${withinMs / 1000} s` : reasonOf(error);
    throw failure(place, redact(why, [token]), { code: 'Unreachable', retry: 'later' });
  });
}

async function ask({ apiUrl }: ApiPlace, call: Call, signal: AbortSignal): Promise<Answer> {
  const { statusCode, headers, body } = await request(`${apiUrl}${call.path}`, {
    method: call.method,
    headers: {
      'user-agent': 'belay',
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    body: call.body === undefined ? null : JSON.stringify(call.body),
    signal,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostBytes) throw new Error(`an answer of more than ${mostBytes / 1024 ** 2} MiB`);
  }
  return { status: statusCode, headers, text: Buffer.concat(chunks).toString() };
}

/** The error that an answer other than of success is. */
export function refused(
  place: ApiPlace,
  answer: Answer,
  { token, to = 'do this' }: Pick<Sending, 'token' | 'to'>,
): PortError {
  const { status } = answer;
  const said = redact(wordsOf(answer.text), [token]);
  const why = `answered ${status}${said === '' ? '' : `: ${said}`}`;
  const pause = pauseOf(answer);
  if (status === 429 || (status === 403 && pause !== undefined))
    return failure(place, why, { code: 'Throttled', retry: 'after', afterMs: pause ?? 60_000 });
  if (status === 401)
    return failure(place, `${why}; its token is wrong or has expired`, {
      code: 'Unauthenticated',
      retry: 'later',
    });
  if (status === 403)
    return failure(place, `${why}; its token may not ${to}`, {
      code: 'Forbidden',
      retry: 'never',
    });
  if (status === 404 || status === 410)
    return failure(
      place,
      `${why}; the repository or what was asked for in it is not there, or its token may not see it`,
      {
        code: 'NotFound',
        retry: 'never',
      },
    );
  if (status >= 500 || status === 408) return failure(place, why, { code: 'Unreachable', retry: 'later' });
  if (status >= 300 && status < 400)
    return failure(
      place,
      `${why}; redirects are not followed: correct the repository's URL or the apiUrl of its forge`,
      {
        code: 'InvalidSpec',
        retry: 'never',
      },
    );
  return failure(place, why, { code: 'Invalid', retry: 'never' });
}

function failure({ host, path, kind }: ApiPlace, why: string, facts: PortErrorFacts): PortError {
  return new PortError(`the forge of ${host}/${path} ${why}`, {
    ...facts,
    facts: { host, repository: path, forge: kind },
  });
}

/** How long to pause: `Retry-After`, or until the limit of GitHub is renewed; undefined when nothing asks for it. */
function pauseOf({ headers }: Answer): number | undefined {
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after) && after > 0) return Math.min(after * 1000, longestPauseMs);
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  const reset = Number(headers['x-ratelimit-reset']) * 1000 - Date.now();
  return Number.isFinite(reset) ? Math.min(Math.max(reset, 1_000), longestPauseMs) : 60_000;
}

/** What forges say: `message` as a text or a map, `error`, `errors`; GitHub has the reason in the `message` of an error below. */
function wordsOf(text: string): string {
  try {
    const { message, error, errors } = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
    const reasons = Array.isArray(errors) ? errors.map(asWords).filter((each) => each !== '') : [];
    const words = asWords(message ?? error ?? (reasons.length === 0 ? errors : undefined));
    return [words, ...reasons]
      .filter((each) => each !== '')
      .join(': ')
      .slice(0, 300);
  } catch {
    return '';
  }
}

function asWords(said: unknown): string {
  if (said === undefined || said === null) return '';
  if (typeof said === 'string') return said;
  const { message } = said as { readonly message?: unknown };
  return typeof message === 'string' ? message : JSON.stringify(said);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return `cannot be reached: ${code ?? message ?? 'no connection'}`;
}
