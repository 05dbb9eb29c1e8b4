import { allHandlersFinished, condition, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { restoreDelayedSignal, restoreEndedSignal, type RestoreEnd } from '../../src/messages/application';

export { repository } from '../../src/workflows';

/** Waits for the answer to a request. */
export const answerUpdate = defineUpdate<RestoreEnd, [string]>('answer');
export const stopSignal = defineSignal('stop');

/** Stands in for an application: takes the answers of the writer. */
export async function asker(): Promise<void> {
  const answers = new Map<string, RestoreEnd>();
  let isStopped = false;
  setHandler(restoreEndedSignal, ({ requestId, result }) => void answers.set(requestId, result));
  setHandler(restoreDelayedSignal, () => undefined);
  setHandler(stopSignal, () => {
    isStopped = true;
  });
  setHandler(answerUpdate, async (requestId) => {
    await condition(() => answers.has(requestId));
    return answers.get(requestId) as RestoreEnd;
  });
  await condition(() => isStopped && allHandlersFinished());
}
