import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  type SignalDefinition,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { restoreDelayedSignal, restoreEndedSignal } from '../messages/application';
import { type QueuedRestoreMessage, type RepositoryInput, restoreSignal } from '../messages/repository';
import { restore } from './repository-restore';

const lingerMs = 2_000;
/** Servers suggest to continue as new at 4,096 events, unless they are told otherwise. */
const mostEvents = 3_500;
const againFirstMs = 5_000;
const againCapMs = 300_000;

/** A request that waits for its turn. */
interface Waiting {
  readonly message: QueuedRestoreMessage;
  tries: number;
  /** Epoch milliseconds. */
  notBefore: number;
}

/**
 * The one writer of a branch: restores are done one after the other, in the order in which they came.
 *
 * Operating principle: the queue is the history's signals; each restore finds out by itself whether it was done before (goal, then
 * trailer, then pull request), so a crash at any point repeats it harmlessly. One that Git does not take now says so to its application
 * and lets the others pass. It ends when the queue has been empty for a moment and is started again by the next request.
 */
export async function repository({ queue: left = [] }: RepositoryInput = {}): Promise<void> {
  const queue: Waiting[] = left.map(waiting);
  setHandler(restoreSignal, (message) => {
    if (!queue.some((each) => each.message.requestId === message.requestId)) queue.push(waiting(message));
  });
  for (let next = await nextOf(queue); next !== undefined; next = await nextOf(queue)) {
    const { message } = next;
    setCurrentDetails(`${queue.length} in the queue; now: ${message.request.subject}`);
    const end = await restore(message);
    if (end.kind === 'later') {
      next.notBefore = Date.now() + Math.min(againCapMs, againFirstMs * 2 ** next.tries);
      next.tries += 1;
      await tell(message, restoreDelayedSignal, { requestId: message.requestId, problem: end.problem });
    } else {
      await tell(message, restoreEndedSignal, { requestId: message.requestId, result: end });
      queue.splice(queue.indexOf(next), 1);
    }
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested || historyLength > mostEvents) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof repository>({ queue: queue.map((each) => each.message) });
    }
  }
  await condition(allHandlersFinished);
}

function waiting(message: QueuedRestoreMessage): Waiting {
  return { message, tries: 0, notBefore: 0 };
}

/** The first whose time has come; undefined when the queue has been empty for a moment. */
async function nextOf(queue: readonly Waiting[]): Promise<Waiting | undefined> {
  for (;;) {
    if (queue.length === 0 && !(await condition(() => queue.length > 0, lingerMs, forAnother)))
      return undefined;
    const due = queue.find(({ notBefore }) => notBefore <= Date.now());
    if (due !== undefined) return due;
    const soonest = Math.min(...queue.map(({ notBefore }) => notBefore));
    const known = queue.length;
    await condition(() => queue.length > known, Math.max(1, soonest - Date.now()), beforeAgain);
  }
}

const forAnother = { summary: 'for another request' };
const beforeAgain = { summary: 'before trying again' };

async function tell<T>(
  { replyTo, requestId }: QueuedRestoreMessage,
  signal: SignalDefinition<[T]>,
  payload: T,
): Promise<void> {
  try {
    await getExternalWorkflowHandle(replyTo).signal(signal, payload);
  } catch (error: unknown) {
    log.warn(`${replyTo} is not there to be told about ${requestId}`, { error });
  }
}
