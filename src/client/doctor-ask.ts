import { ClientError } from './client-error';
import { call, type Session } from './session';
import { applicationSubject } from './subjects';

/** Asks Temporal itself, no workflow: one that does not answer in time cannot be reached. */
export async function ask<T>(session: Session, question: () => Promise<T>): Promise<T> {
  try {
    return await call(session, applicationSubject('*'), question);
  } catch (error: unknown) {
    if (!(error instanceof ClientError) || error.code !== 'NoWorker') throw error;
    const message = `Temporal at ${session.address} did not answer within ${session.answerWithinMs / 1_000} s`;
    throw new ClientError('Unreachable', message, { cause: error });
  }
}

/** Epoch milliseconds of a time of Temporal's protocol; undefined for none. */
export function millisOf(
  time:
    | { readonly seconds?: { toString(): string } | number | null; readonly nanos?: number | null }
    | null
    | undefined,
): number | undefined {
  const seconds = Number(time?.seconds?.toString() ?? 0);
  return seconds <= 0 ? undefined : Math.round(seconds * 1_000 + (time?.nanos ?? 0) / 1e6);
}
