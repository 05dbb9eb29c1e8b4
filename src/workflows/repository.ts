import {
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { RestoreEnded } from '../messages/application';
import { restoreEndedSignal } from '../messages/application';
import { type QueuedRestoreMessage, restoreSignal } from '../messages/repository';
import { attempt } from './application-attempt';
import { gitWriting } from './proxies';

const lingerMs = 2_000;

/**
 * The one writer of a branch: restores are done one after the other, in the order in which they came.
 *
 * Operating principle: the queue is the history's signals; each restore finds out by itself whether it was done before (goal, then
 * trailer), so a crash at any point repeats it harmlessly. It ends when the queue has been empty for a moment and is started again by
 * the next request.
 */
export async function repository(): Promise<void> {
  const queue: QueuedRestoreMessage[] = [];
  setHandler(restoreSignal, (message) => {
    if (!queue.some((each) => each.requestId === message.requestId)) queue.push(message);
  });
  while (await condition(() => queue.length > 0, lingerMs, { summary: 'for another request' })) {
    const next = queue[0];
    if (next === undefined) continue;
    setCurrentDetails(`${queue.length} in the queue; now: ${next.request.subject}`);
    await answer(next, await restore(next));
    queue.shift();
  }
  await condition(allHandlersFinished);
}

async function restore({ request }: QueuedRestoreMessage): Promise<RestoreEnded['result']> {
  const done = await attempt(() =>
    gitWriting.restorePath.executeWithOptions({ summary: request.subject }, [request]),
  );
  if (done.ok) return done.value;
  const { code, message } = done.error;
  return {
    kind: 'refused',
    problem: { code: code === 'Unauthenticated' || code === 'Forbidden' ? code : 'Invalid', message },
  };
}

async function answer(
  { replyTo, requestId }: QueuedRestoreMessage,
  result: RestoreEnded['result'],
): Promise<void> {
  try {
    await getExternalWorkflowHandle(replyTo).signal(restoreEndedSignal, { requestId, result });
  } catch (error: unknown) {
    log.warn(`${replyTo} is not there to be told about ${requestId}`, { error });
  }
}
