import type { Fields } from './fields';
import { defaultDelayMs, readAbortDelay } from './read-delays';
import { remedyWithoutRouter } from './step-context';
import type { CanaryStrategy } from './strategy';

type Routed = Pick<
  CanaryStrategy,
  'scaleDownDelayMs' | 'abortScaleDownDelayMs' | 'dynamicStableScale' | 'minPodsPerReplicaSet'
>;

/**
 * Reads the fields of a canary whose meaning or default hangs on `trafficRouting`. Both delays are 30 s with a router (Argo
 * Rollouts, utils/defaults); without one old pods go at once, unless told otherwise, and new ones at an abort in any case.
 */
export function readCanaryRouted(canary: Fields): Routed {
  const seconds = canary.int('scaleDownDelaySeconds');
  const dynamicStableScale = canary.boolean('dynamicStableScale') ?? false;
  const least = canary.int('minPodsPerReplicaSet', { min: 1 });
  if (canary.raw('trafficRouting') === undefined) {
    refuseUnrouted(canary);
    return { scaleDownDelayMs: (seconds ?? 0) * 1_000 };
  }
  if (dynamicStableScale && seconds !== undefined) {
    const message = 'dynamicStableScale takes old pods away by weight, so they cannot wait besides';
    canary.invalid('scaleDownDelaySeconds', message, { value: seconds, remedy: 'keep one of the two' });
  }
  const delay = dynamicStableScale ? 0 : defaultDelayMs;
  return {
    scaleDownDelayMs: seconds === undefined ? delay : seconds * 1_000,
    abortScaleDownDelayMs: readAbortDelay(canary),
    ...(dynamicStableScale && { dynamicStableScale }),
    ...(least !== undefined && { minPodsPerReplicaSet: least }),
  };
}

function refuseUnrouted(canary: Fields): void {
  for (const key of ['dynamicStableScale', 'minPodsPerReplicaSet']) {
    const value = canary.raw(key) ?? false;
    if (value !== false)
      canary.invalid(key, `${key} needs a traffic router`, { remedy: remedyWithoutRouter });
  }
  if (canary.raw('abortScaleDownDelaySeconds') === undefined) return;
  const remedy = 'remove it: without a router the pods of an aborted canary go at once';
  canary.invalid('abortScaleDownDelaySeconds', 'abortScaleDownDelaySeconds needs a traffic router', {
    remedy,
  });
}
