import { WorkflowFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { ApplicationStatus } from '../domain/application-status';
import type { Treatment } from '../domain/decide-sync';
import type { ApplicationDiff } from '../domain/diff/application-diff';
import { settled } from '../domain/settled';
import { diffId, diffWorkflow, type DiffInput } from '../messages/diff';
import { workflowQueue, workflowTaskTimeout } from '../messages/queues';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { call, type Session } from './session';
import { applicationSubject } from './subjects';

/** A comparison asks the API server about every object; a worker that is busy may take a while. */
const answerWithinMs = 120_000;

/** Compares the cluster with a revision (a commit, branch or tag) of an application, by default its good one. Needs a live worker. */
export async function diffApplication(
  session: Session,
  name: string,
  revision?: string,
): Promise<ApplicationDiff> {
  const input = inputOf(await applicationStatus(session, name), revision);
  const subject = { ...applicationSubject(name), workflowId: diffId(name, randomUUID()) };
  const patient = { ...session, answerWithinMs };
  return call(patient, subject, async () => {
    const handle = await session.temporal.workflow.start(diffWorkflow, {
      workflowId: subject.workflowId,
      taskQueue: workflowQueue,
      workflowTaskTimeout,
      workflowExecutionTimeout: 2 * answerWithinMs,
      args: [input],
      memo: { application: name },
      staticSummary: `compare ${name} with ${input.revision.slice(0, 40)}`,
    });
    try {
      return (await handle.result()) as ApplicationDiff;
    } catch (error: unknown) {
      if (error instanceof WorkflowFailedError) throw failed(name, error);
      await handle.cancel().catch(() => undefined); // nobody waits for it any more
      throw error;
    }
  });
}

function inputOf({ spec, state, rollouts }: ApplicationStatus, asked: string | undefined): DiffInput {
  const { cluster, good, synced, head } = state;
  const revision = asked ?? good?.revision ?? synced ?? head;
  if (cluster === undefined || revision === undefined) {
    const remedy = `\`belay why ${spec.name}\` says what it waits for`;
    throw new ClientError('Failed', `${spec.name} has not been compared with Git yet`, { remedy });
  }
  const pins = asked === undefined && good !== undefined ? (good.pins ?? state.pins) : state.pins;
  const rolling: Treatment = { kind: 'rolling', pace: 'steps' };
  const leased = rollouts.map((id) => [id.split('/').at(-1) ?? id, rolling] as const);
  const treatments = { ...settled(state), ...Object.fromEntries(leased) };
  return { cluster: cluster.id, spec, revision, treatments, ...(pins === undefined ? {} : { pins }) };
}

/** The innermost cause is what a port said. */
function failed(name: string, error: WorkflowFailedError): ClientError {
  let cause: Error = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  const remedy = 'name a commit, branch or tag of the application’s repository, or look at the worker’s log';
  return new ClientError('Failed', `${name} could not be compared: ${cause.message}`, {
    remedy,
    cause: error,
  });
}
