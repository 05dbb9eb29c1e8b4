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
export async function waitFor(
  session: Session,
  name: string,
  {
    predicate,
    timeoutMs,
    everyMs = 500,
    signal,
  }: WaitOptions & { readonly predicate: (status: ApplicationStatus) => boolean },
): Promise<ApplicationStatus> {
  const until = Date.now() + timeoutMs;
  let last: string;
  for (;;) {
    try {
      const status = await applicationStatus(session, name);
      if (predicate(status)) return status;
      last = status.message;
    } catch (error: unknown) {
      if (!isPassing(error)) throw error;
      last = error.message;
    }
    if (Date.now() + everyMs > until) throw timedOut(name, { timeoutMs, last });
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}

function isPassing(error: unknown): error is ClientError {
  return error instanceof ClientError && ['NoWorker', 'Stuck', 'Unreachable'].includes(error.code);
}

function timedOut(
  name: string,
  { timeoutMs, last }: { readonly timeoutMs: number; readonly last: string },
): ClientError {
  const remedy = `\`belay why ${name}\` says what it waits for; a longer --timeout waits on`;
  return new ClientError('TimedOut', `${name} was not there after ${timeoutMs / 1_000} s: ${last}`, {
    remedy,
  });
}
