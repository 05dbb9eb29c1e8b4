import type { Client, Connection } from '@temporalio/client';
import type { QueryDefinition, UpdateDefinition } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import type { CallFacts, Subject } from './failures';
import { translateError } from './translate-error';

/** An open connection with what every call needs. */
export interface Session {
  readonly connection: Connection;
  readonly temporal: Client;
  readonly address: string;
  /** How long a worker may take to answer. */
  readonly answerWithinMs: number;
  /** Who asks, for the history of an application. */
  readonly requestedBy: string;
}

/** Makes one call under the session's deadline; what fails comes out as a `ClientError` about `subject`. */
export async function call<T>(
  session: Session,
  subject: Subject,
  make: () => Promise<T>,
  kind: CallFacts['kind'] = 'question',
): Promise<T> {
  try {
    return await session.connection.withDeadline(Date.now() + session.answerWithinMs, make);
  } catch (error: unknown) {
    throw translateError(error, {
      ...subject,
      kind,
      address: session.address,
      withinMs: session.answerWithinMs,
    });
  }
}

/** Asks a workflow for its status; needs a live worker. */
export function query<T>(session: Session, subject: Subject, definition: QueryDefinition<T, []>): Promise<T> {
  return call(session, subject, () =>
    session.temporal.workflow.getHandle(subject.workflowId).query(definition),
  );
}

/** Sends an update, once even if the network makes us repeat it, and returns the workflow's answer; needs a live worker. */
export function update<T, A>(
  session: Session,
  subject: Subject,
  { definition, argument }: { readonly definition: UpdateDefinition<T, [A]>; readonly argument: A },
): Promise<T> {
  const updateId = randomUUID();
  const handle = session.temporal.workflow.getHandle(subject.workflowId);
  return call(
    session,
    subject,
    () => handle.executeUpdate(definition, { args: [argument], updateId }),
    'request',
  );
}
