import { condition, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import {
  restoreDelayedSignal,
  rolloutEndedSignal,
  restoreEndedSignal,
  type RestoreDelayed,
  type RestoreEnded,
  type RolloutEnded,
} from '../../src/messages/application';
import {
  rolloutGateSignal,
  weightWantedSignal,
  type RolloutGate,
  type WeightWanted,
} from '../../src/messages/release';

import { memberReportSignal } from '../../src/messages/release';
import type { MemberReport } from '../../src/domain/release/state';

/** What runs in workflow tests: the real workflows, and one that stands in for an application or a release and notes what it is told. */
export * from '../../src/workflows';

export const toldQuery =
  defineQuery<readonly (RolloutEnded | RestoreEnded | RestoreDelayed | MemberReport)[]>('told');
export const gatesQuery = defineQuery<readonly RolloutGate[]>('gates');
export const weightsQuery = defineQuery<readonly WeightWanted[]>('weights');
export const stopSignal = defineSignal('stop');

/** Notes ends of rollouts and restores, and what rollouts wait for, until it is stopped. */
export async function listener(): Promise<void> {
  const told: (RolloutEnded | RestoreEnded | RestoreDelayed | MemberReport)[] = [];
  const gates: RolloutGate[] = [];
  const weights: WeightWanted[] = [];
  let isStopped = false;
  setHandler(toldQuery, () => told);
  setHandler(gatesQuery, () => gates);
  setHandler(weightsQuery, () => weights);
  setHandler(rolloutGateSignal, (gate) => void gates.push(gate));
  setHandler(weightWantedSignal, (wanted) => void weights.push(wanted));
  setHandler(rolloutEndedSignal, (ended) => void told.push(ended));
  setHandler(restoreEndedSignal, (ended) => void told.push(ended));
  setHandler(restoreDelayedSignal, (delayed) => void told.push(delayed));
  setHandler(memberReportSignal, (report) => void told.push(report));
  setHandler(stopSignal, () => {
    isStopped = true;
  });
  await condition(() => isStopped);
}
