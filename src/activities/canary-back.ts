import { setTimeout as sleep } from 'node:timers/promises';
import { planContext, type RolloutStepInput } from '../domain/plans/context';
import { act, wantedPods } from '../domain/plans/plan';
import { planRemoval, planReturn } from '../domain/plans/plan-return';
import { marks } from '../domain/marks';
import { planRolling } from '../domain/plans/plan-rolling';
import { scale } from '../domain/plans/plan-weight';
import { currentReplicaSet } from '../domain/rollout-view';
import { beating } from './beating';
import { dropUnusedCopies, ownCopies } from './config-copies';
import { driveJudged, judging } from './judging';
import type { LoadedWorkload } from './load';
import {
  driveStep,
  loadWorkload,
  lookAt,
  resultOf,
  type RolloutTools,
  type StepResult,
} from './rollout-steps';

import { hasSwitch, settleMs } from './traffic-plan';

/** The activities of a rollback of a canary, and the promotion that rolls instead of adopting. */
export function createCanaryBack(tools: RolloutTools) {
  const { cluster } = tools.ports;
  return {
    /** Traffic first: the fence rises, stable is full, role Services point at it. `failed`: the stable version fails too. */
    returnTraffic: beating(async (input: RolloutStepInput, beat): Promise<StepResult> => {
      const back = await driveJudged({ tools, input, beat, judged: { side: 'stable' }, plan: planReturn });
      if (hasSwitch(input.spec.strategy)) await sleep(settleMs, undefined, { signal: beat.signal });
      return back;
    }),

    /** No canary objects are left, Git's selectors are back, stable is un-paused. */
    removeCanary: beating(async (input: RolloutStepInput, beat): Promise<StepResult> => {
      const result = await driveJudged({ tools, input, beat, judged: { side: 'stable' }, plan: planRemoval });
      if (result.kind === 'done')
        await dropUnusedCopies(cluster, input.spec, await loadWorkload(tools, input.spec, input.spec.target));
      return result;
    }),

    /** Fallback of promotion: while the canary carries all traffic, stable rolls to the new template by itself. */
    rollStable: beating(
      async (input: RolloutStepInput & { readonly deadlineAt: number }, beat): Promise<StepResult> => {
        const { spec } = input;
        const workload = await loadWorkload(tools, spec, spec.target);
        const context = planContext(input);
        const judge = judging(tools, spec, { deadlineAt: input.deadlineAt });
        const driven = await driveStep({
          tools,
          input,
          beat,
          workload,
          plan: judge.around((view) => {
            const { stable } = view;
            const isNew = stable?.spec.template.metadata?.labels?.[marks.rollout] === spec.rolloutId;
            if (stable !== undefined && (!isNew || stable.spec.paused === true)) {
              const resourceVersion = stable.metadata.resourceVersion ?? '';
              return {
                kind: 'act',
                actions: [
                  {
                    kind: 'applyStable',
                    replicas: wantedPods(context, stable),
                    resourceVersion,
                    paused: false,
                    why: `roll ${spec.name} to the new template`,
                  },
                ],
              };
            }
            const sized =
              stable === undefined
                ? undefined
                : act(scale(stable, wantedPods(context, stable), input.fence, 'the new version'));
            return sized ?? planRolling(view, context);
          }),
        });
        if (driven.kind === 'done') await ownByStable(tools, input, workload, beat.signal);
        return resultOf(driven, judge.failure());
      },
    ),
  };
}

/** The canary's copies of configuration must outlive it: stable's own ReplicaSet uses them too. */
async function ownByStable(
  tools: RolloutTools,
  input: RolloutStepInput,
  workload: LoadedWorkload,
  signal: AbortSignal,
): Promise<void> {
  const view = await lookAt(tools, input, signal);
  const set = currentReplicaSet(view, view.stable);
  if (set !== undefined) await ownCopies(tools.ports.cluster, input.spec, workload, set);
}
