import type { RolloutSpec } from '../rollout-status';
import type { Strategy } from '../strategy';
import type { PlanContext } from './plan';

/** One fenced step of a rollout. */
export interface RolloutStepInput {
  readonly spec: RolloutSpec;
  /** Rises with every writing activity of every rollout of the workload. */
  readonly fence: number;
  /** Wanted pods of the workload as a whole: Git's count, or the live one at the start where Git omits it. */
  readonly replicas: number | undefined;
}

/** Fencing numbers of one rollout lie between `number * fencesPerRollout` and the next one's. */
export const fencesPerRollout = 10_000;

/** The number of the rollout that has written this fence. */
export function numberOf(fence: number): number {
  return Math.floor(fence / fencesPerRollout);
}

/** What plans need to know of a step. */
export function planContext({ spec, fence, replicas }: RolloutStepInput): PlanContext {
  const { application, namespace, name: workload, rolloutId, strategy, release } = spec;
  const isCarriedByPods = strategy.kind === 'canary' && strategy.routing === undefined;
  return {
    ...rolesOf(strategy),
    ...{ workload, application, namespace, rolloutId, fence, replicas },
    ...(release !== undefined && isCarriedByPods ? { standsBy: true } : {}),
  };
}

/** Services and router that the strategy names. */
export function rolesOf(
  strategy: Strategy,
): Pick<PlanContext, 'stableService' | 'canaryService' | 'routing' | 'dynamicStableScale' | 'isBlueGreen'> {
  switch (strategy.kind) {
    case 'canary': {
      const { stableService, canaryService, routing, dynamicStableScale } = strategy;
      return { stableService, canaryService, routing, dynamicStableScale };
    }
    case 'blueGreen':
      return {
        stableService: strategy.activeService,
        canaryService: strategy.previewService,
        isBlueGreen: true,
      };
    case 'inPlace':
    case 'rolling':
      return {};
  }
}
