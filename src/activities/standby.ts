import { setTimeout as sleep } from 'node:timers/promises';
import { planContext, type RolloutStepInput } from '../domain/plans/context';
import { standbyObstacle } from '../domain/plans/plain-services';
import { noTraffic } from '../domain/routing/traffic';
import { beating } from './beating';
import { judging } from './judging';
import {
  driveStep,
  generatedIn,
  lookAt,
  resultOf,
  type RolloutTools,
  type StepResult,
} from './rollout-steps';
import { hasSwitch, settleMs, trafficPlan } from './traffic-plan';

/** `obstacle`: why the old version could not be made whole beside the new one. */
export type StandbyResult =
  | (StepResult & { readonly kind: 'failed' })
  | (StepResult & { readonly kind: 'done'; readonly obstacle?: string });

/** The gate of a release: what lets users' traffic go back at once. */
export function createStandby(tools: RolloutTools) {
  return {
    /**
     * After the handover the old version is at full size again behind no Service, and all its pods are available; nothing is written
     * where that is so already. `failed`: pods of either version fail, or the old ones are late.
     */
    standBy: beating(
      async (input: RolloutStepInput & { readonly deadlineAt: number }, beat): Promise<StandbyResult> => {
        const { spec, deadlineAt } = input;
        const fresh = judging(tools, spec, { generated: await generatedIn(tools, spec) });
        const old = judging(tools, spec, { side: 'stable', deadlineAt });
        const context = planContext(input);
        const standing = trafficPlan(spec.strategy, { ...noTraffic, isStandby: true, isSwitched: true });
        const judged = fresh.around((view, now) => standing(view, context, now));
        const driven = await driveStep({
          tools,
          input,
          beat,
          plan: async (view, now) => {
            const next = await judged(view, now);
            return old.around(() => next)(view, now);
          },
        });
        const result = resultOf(driven, fresh.failure() ?? old.failure());
        if (result.kind === 'failed') return result;
        if (hasSwitch(spec.strategy)) await sleep(settleMs, undefined, { signal: beat.signal });
        const obstacle = standbyObstacle(await lookAt(tools, input, beat.signal), context);
        return obstacle === undefined ? result : { ...result, obstacle };
      },
    ),
  };
}
