import { WorkflowFailedError } from '@temporalio/client';
import { workflowQueue, workflowTaskTimeout } from '../messages/queues';
import { ClientError } from './client-error';
import { call, type Session } from './session';
import { applicationSubject } from './subjects';

export interface OneRun {
  readonly application: string;
  readonly workflow: string;
  readonly workflowId: string;
  readonly input: unknown;
  readonly summary: string;
  readonly answerWithinMs: number;
  /** For the sentence: `checked`, `compared`. */
  readonly what: string;
}

/** Runs a short workflow about an application and answers its result. Nobody's wait is left behind: it is cancelled with its asker. */
export async function runOnce<T>(session: Session, asked: OneRun): Promise<T> {
  const { application, workflow, workflowId, input, summary, answerWithinMs } = asked;
  const subject = { ...applicationSubject(application), workflowId };
  return call({ ...session, answerWithinMs }, subject, async () => {
    const handle = await session.temporal.workflow.start(workflow, {
      workflowId,
      taskQueue: workflowQueue,
      workflowTaskTimeout,
      workflowExecutionTimeout: 2 * answerWithinMs,
      args: [input],
      memo: { application },
      staticSummary: summary,
    });
    try {
      return (await handle.result()) as T;
    } catch (error: unknown) {
      if (error instanceof WorkflowFailedError) throw failed(asked, error);
      await handle.cancel().catch(() => undefined); // nobody waits for it any more
      throw error;
    }
  });
}

/** The innermost cause is what a port said. */
function failed({ application, what }: OneRun, error: WorkflowFailedError): ClientError {
  let cause: Error = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  const remedy = 'name a commit, branch or tag of the application’s repository, or look at the worker’s log';
  return new ClientError('Failed', `${application} could not be ${what}: ${cause.message}`, {
    remedy,
    cause: error,
  });
}
