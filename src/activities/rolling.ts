import type { RolloutStepInput } from '../domain/plans/context';
import { planRolling } from '../domain/plans/plan-rolling';
import { applyWorkload } from './apply-workload';
import { beating } from './beating';
import { driveJudged } from './judging';
import { composer, generatedIn, loadWorkload, type RolloutTools, type StepResult } from './rollout-steps';

export interface RollInput extends RolloutStepInput {
  /** `target`: the new version; `good`: back to the last good one. */
  readonly to: 'target' | 'good';
  readonly deadlineAt: number;
}

/** Workloads without a strategy, and first deployments: applied as they are, and watched. */
export function createRolling(tools: RolloutTools) {
  return {
    rollWorkload: beating(async (input: RollInput, beat): Promise<StepResult> => {
      const { spec, to } = input;
      const source = to === 'good' ? (spec.good ?? spec.target) : spec.target;
      const workload = await loadWorkload(tools, spec, source);
      const rolloutId = to === 'good' ? spec.stableRolloutId : undefined;
      const wanted = composer(spec, workload)({ replicas: undefined, paused: false, rolloutId });
      const written = await applyWorkload(tools.ports.cluster, wanted, input.fence, beat.signal);
      const judged = {
        deadlineAt: input.deadlineAt,
        side: 'stable' as const,
        generated: await generatedIn(tools, spec),
      };
      return driveJudged({ tools, input, beat, judged, written, plan: planRolling });
    }),
  };
}
