import type { Health } from '../health/status';
import type { StepPlan } from '../revision-plan';

/**
 * Whether the plain objects of a step must be Healthy before the sync goes on (hooks are always waited for). Argo CD
 * (`sync_context.go`): a sync of one step ends when everything is applied, even if it degrades later. In one of several steps, those
 * of SyncFail counted, each step is waited for, but not the last one before SyncFail unless it has a hook in it.
 */
export function needsHealth(steps: readonly Pick<StepPlan, 'phase' | 'hooks'>[], index: number): boolean {
  const step = steps[index];
  if (step === undefined || step.phase === 'SyncFail' || steps.length < 2) return false;
  const next = steps[index + 1];
  const isLast = next === undefined || next.phase === 'SyncFail';
  return !isLast || step.hooks.length > 0;
}

/**
 * What the health of a plain object means for a sync that waits for it, as in Argo CD: Healthy and no health are success, Degraded
 * fails the sync, everything else is waited for. So a Suspended object (a paused Deployment) holds the sync until it goes on.
 */
export function objectResult(health: Health | undefined): 'running' | 'succeeded' | 'failed' {
  if (health === undefined || health.status === 'Healthy') return 'succeeded';
  return health.status === 'Degraded' ? 'failed' : 'running';
}
