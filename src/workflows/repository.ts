import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  type SignalDefinition,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { restoreDelayedSignal, restoreEndedSignal } from '../messages/application';
import { type QueuedRestoreMessage, type RepositoryInput, restoreSignal } from '../messages/repository';
import { isHistoryLong } from './history-limit';
import { restore } from './repository-restore';

const lingerMs = 2_000;
/** Of the messages in one payload of the next run's input, in characters of JSON. */
const mostInPayload = 60_000;
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
export async function repository(...left: RepositoryInput[]): Promise<void> {
  const queue: Waiting[] = left.flatMap((each) => each.queue ?? []).map(waiting);
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
    if (isHistoryLong()) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof repository>(...inParts(queue.map((each) => each.message)));
    }
  }
  await condition(allHandlersFinished);
}

/** A long queue goes on in several inputs: each is a payload of its own, and small. */
function inParts(queue: readonly QueuedRestoreMessage[]): RepositoryInput[] {
  const parts: QueuedRestoreMessage[][] = [[]];
  let size = 0;
  for (const message of queue) {
    const length = JSON.stringify(message).length;
    if (size > 0 && size + length > mostInPayload) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(message);
    size += length;
  }
  return parts.map((each) => ({ queue: each }));
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
