import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { remedyWithoutRouter, type StepContext } from './step-context';
import type { RolloutStep } from './strategy';

/**
 * Reads `setCanaryScale`: a size of the canary apart from its weight. It needs a router, since without one the size is the weight
 * (Argo Rollouts, `InvalidSetCanaryScaleTrafficPolicy`). `weight` may be above 100: 200 means twice the workload's size.
 */
export function readCanaryScale(step: Fields, { isRouted }: StepContext): RolloutStep | undefined {
  const fields = step.map('setCanaryScale');
  if (fields === undefined) return undefined;
  const replicas = fields.int('replicas');
  const weight = fields.int('weight');
  const matchTrafficWeight = fields.boolean('matchTrafficWeight');
  reportUnknown(fields);
  if (!isRouted) {
    const message = 'a setCanaryScale step needs a traffic router';
    return step.invalid('setCanaryScale', message, { remedy: remedyWithoutRouter });
  }
  const asks = fields.raw('replicas') ?? fields.raw('weight') ?? fields.raw('matchTrafficWeight');
  if (
    asks === undefined ||
    (matchTrafficWeight === false && replicas === undefined && weight === undefined)
  ) {
    const remedy = 'write replicas, weight or `matchTrafficWeight: true`';
    return step.invalid('setCanaryScale', 'gives no scale', { remedy });
  }
  if (matchTrafficWeight === true && (replicas ?? weight) !== undefined) {
    const message = 'matchTrafficWeight and a scale of its own are both given';
    return step.invalid('setCanaryScale', message, { remedy: 'keep one of them' });
  }
  const scale = {
    ...(replicas !== undefined && { replicas }),
    ...(weight !== undefined && { weight }),
    ...(matchTrafficWeight !== undefined && { matchTrafficWeight }),
  };
  return { kind: 'setCanaryScale', scale };
}
