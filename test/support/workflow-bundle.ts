import { condition, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import {
  restoreDelayedSignal,
  rolloutEndedSignal,
  restoreEndedSignal,
  type RestoreDelayed,
  type RestoreEnded,
  type RolloutEnded,
} from '../../src/messages/application';

/** What runs in workflow tests: the real workflows, and one that stands in for an application and notes what it is told. */
export * from '../../src/workflows';

export const toldQuery = defineQuery<readonly (RolloutEnded | RestoreEnded | RestoreDelayed)[]>('told');
export const stopSignal = defineSignal('stop');

/** Notes ends of rollouts and restores until it is stopped. */
export async function listener(): Promise<void> {
  const told: (RolloutEnded | RestoreEnded | RestoreDelayed)[] = [];
  let isStopped = false;
  setHandler(toldQuery, () => told);
  setHandler(rolloutEndedSignal, (ended) => void told.push(ended));
  setHandler(restoreEndedSignal, (ended) => void told.push(ended));
  setHandler(restoreDelayedSignal, (delayed) => void told.push(delayed));
  setHandler(stopSignal, () => {
    isStopped = true;
  });
  await condition(() => isStopped);
}
