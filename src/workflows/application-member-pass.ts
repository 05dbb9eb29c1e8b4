import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { passGateSignal, type RolloutGate } from '../messages/release';

/** To a rollout: go on from its gate. One that is not there any more is past it. */
export function passGate(workflowId: string, at: RolloutGate['at']): void {
  getExternalWorkflowHandle(workflowId)
    .signal(passGateSignal, { at })
    .catch(() => undefined);
}
