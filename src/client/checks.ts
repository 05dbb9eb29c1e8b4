import { WorkflowFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { checkId, checkWorkflow, type CheckInput, type CheckResult } from '../messages/check';
import { workflowQueue, workflowTaskTimeout } from '../messages/queues';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { call, type Session } from './session';
import { applicationSubject } from './subjects';

export interface CheckOptions {
  /** Commits, branches, tags or refs of the application's repository: the first one that there is. */
  readonly names: readonly string[];
  /** False: without the check Jobs of the revision. Default true. */
  readonly jobs?: boolean;
  /** Tell the forge how the commit stands. */
  readonly status?: boolean;
}

/** Check Jobs may run for an hour. */
const answerWithinMs = 70 * 60_000;

/** Does with a revision what comes before the first write of a sync, and nothing else. Needs a live worker. */
export async function checkApplication(
  session: Session,
  name: string,
  { names, jobs = true, status = false }: CheckOptions,
): Promise<CheckResult> {
  const { spec, state } = await applicationStatus(session, name);
  if (state.cluster === undefined) {
    const remedy = `\`belay why ${name}\` says what it waits for`;
    throw new ClientError('Failed', `${name} has not found its cluster yet`, { remedy });
  }
  const run = randomUUID();
  const subject = { ...applicationSubject(name), workflowId: checkId(name, run) };
  const pins = state.pins === undefined ? {} : { pins: state.pins };
  const input: CheckInput = { cluster: state.cluster.id, spec, names, ...pins, run, jobs, status };
  return call({ ...session, answerWithinMs }, subject, async () => {
    const handle = await session.temporal.workflow.start(checkWorkflow, {
      workflowId: subject.workflowId,
      taskQueue: workflowQueue,
      workflowTaskTimeout,
      workflowExecutionTimeout: 2 * answerWithinMs,
      args: [input],
      memo: { application: name },
      staticSummary: `check ${names[0]?.slice(0, 40)} for ${name}`,
    });
    try {
      return (await handle.result()) as CheckResult;
    } catch (error: unknown) {
      if (error instanceof WorkflowFailedError) throw failed(name, error);
      await handle.cancel().catch(() => undefined); // nobody waits for it any more
      throw error;
    }
  });
}

/** The innermost cause is what a port said. */
function failed(name: string, error: WorkflowFailedError): ClientError {
  let cause: Error = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  const remedy = 'name a commit, branch or tag of the application’s repository, or look at the worker’s log';
  return new ClientError('Failed', `${name} could not be checked: ${cause.message}`, {
    remedy,
    cause: error,
  });
}
