import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { Accepted, Request } from '../messages/application';
import { ClientError } from './client-error';
import { findRunningRollout } from './find-rollouts';
import { call, update, type Session } from './session';
import { applicationSubject, rolloutSubject } from './subjects';
import type { Subject } from './failures';

/** Why a person asks; who asks is the connection's. */
export interface Reason {
  readonly reason?: string;
}

/** What became of a request. */
export interface Answer {
  readonly message: string;
  /** True: no worker answered; the server keeps the request until one is back. */
  readonly recorded: boolean;
}

/** Sends a request to an application. */
export async function askApplication<A extends Request>(
  session: Session,
  name: string,
  request: { readonly definition: UpdateDefinition<Accepted, [A]>; readonly argument: A },
): Promise<Answer> {
  const { message } = await update(session, applicationSubject(name), request);
  return { message, recorded: false };
}

/** A request to what is under way; `fallback` is the signal of the same meaning, which needs no worker. */
export interface RolloutRequest {
  readonly definition: UpdateDefinition<Accepted, [Request]>;
  readonly argument: Request;
  readonly fallback?: SignalDefinition<[Request]>;
}

/** Sends a request to the rollout in progress that `target` names. */
export async function askRollout(session: Session, target: string, request: RolloutRequest): Promise<Answer> {
  const workflowId = await findRunningRollout(session, target);
  return askOrRecord(session, rolloutSubject(workflowId, target), request);
}

/** Sends a request; where nobody answers, it is left with the server by the fallback. */
export async function askOrRecord(
  session: Session,
  subject: Subject,
  request: RolloutRequest,
): Promise<Answer> {
  try {
    const { message } = await update(session, subject, request);
    return { message, recorded: false };
  } catch (error: unknown) {
    const unanswered = error instanceof ClientError && (error.code === 'NoWorker' || error.code === 'Stuck');
    if (!unanswered || request.fallback === undefined) throw error;
    return record(session, subject, { signal: request.fallback, argument: request.argument });
  }
}

async function record(
  session: Session,
  subject: Subject,
  { signal, argument }: { readonly signal: SignalDefinition<[Request]>; readonly argument: Request },
): Promise<Answer> {
  const handle = session.temporal.workflow.getHandle(subject.workflowId);
  await call(session, subject, () => handle.signal(signal, argument));
  const what = signal.name.replace('Requested', '');
  const message = `no worker answers: the ${what} of ${subject.workflowId} is recorded and will be carried out when a worker is back`;
  return { message, recorded: true };
}
