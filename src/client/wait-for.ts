import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationStatus } from '../domain/application-status';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import type { Session } from './session';

/** How long `waitFor` waits, and how often it looks. */
export interface WaitOptions {
  readonly timeoutMs: number;
  /** Default 500 ms. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits until the application's status satisfies `predicate` and returns that status. A worker or server that is away for a
 * while is waited for too; an application that does not exist is not.
 */
export function waitFor(
  session: Session,
  name: string,
  { predicate, ...options }: WaitOptions & { readonly predicate: (status: ApplicationStatus) => boolean },
): Promise<ApplicationStatus> {
  const look = async () => {
    const status = await applicationStatus(session, name);
    return predicate(status) ? { found: status } : { last: status.message };
  };
  return lookUntil(look, { ...options, what: name, explain: `belay why ${name}` });
}

/** What is there, or a sentence on what was seen instead. */
type Look<T> = { readonly found: T } | { readonly last: string };

/** Looks again and again until it is there; `what` and `explain`, a command, are for the sentence when it does not come in time. */
export async function lookUntil<T>(
  look: () => Promise<Look<T>>,
  options: WaitOptions & { readonly what: string; readonly explain: string },
): Promise<T> {
  const { timeoutMs, everyMs = 500, signal } = options;
  const until = Date.now() + timeoutMs;
  let last: string;
  for (;;) {
    try {
      const seen = await look();
      if ('found' in seen) return seen.found;
      last = seen.last;
    } catch (error: unknown) {
      if (!isPassing(error)) throw error;
      last = error.message;
    }
    if (Date.now() + everyMs > until) throw timedOut({ ...options, last });
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}

function isPassing(error: unknown): error is ClientError {
  return error instanceof ClientError && ['NoWorker', 'Stuck', 'Unreachable'].includes(error.code);
}

function timedOut(facts: {
  readonly what: string;
  readonly explain: string;
  readonly timeoutMs: number;
  readonly last: string;
}): ClientError {
  const { what, explain, timeoutMs, last } = facts;
  const remedy = `\`${explain}\` says what it waits for; a longer --timeout waits on`;
  return new ClientError('TimedOut', `${what} was not there after ${timeoutMs / 1_000} s: ${last}`, {
    remedy,
  });
}
