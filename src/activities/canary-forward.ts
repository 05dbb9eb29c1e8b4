import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { asDeployment } from '../domain/apps';
import { gitManager, marks } from '../domain/marks';
import { planContext, type RolloutStepInput } from '../domain/plans/context';
import { act, isStableWhole, waitFor, type Plan } from '../domain/plans/plan';
import { planAdoption } from '../domain/plans/plan-adoption';
import { planHandover, planRouteHandover } from '../domain/plans/plan-handover';
import { metadataActions } from '../domain/plans/plan-metadata';
import { planRetirement } from '../domain/plans/plan-retirement';
import { planStart } from '../domain/plans/plan-start';
import { lookOf } from '../domain/rollout-look';
import { replicaSetOf, type RolloutView } from '../domain/rollout-view';
import type { TrafficState } from '../domain/routing/traffic';
import { PortError } from '../ports/port-error';
import { beating } from './beating';
import { copyConfig, ownCopies } from './config-copies';
import { assertFence } from './drive';
import { noteRollout } from './note-rollout';
import { driveJudged } from './judging';
import {
  composer,
  driveStep,
  generatedIn,
  loadWorkload,
  lookAt,
  resultOf,
  type RolloutTools,
  type StepResult,
} from './rollout-steps';
import { hasSwitch, keepingPlan, settleMs, trafficPlan } from './traffic-plan';

/** What shall be kept while a rollout waits. */
export interface TrafficInput extends RolloutStepInput {
  readonly traffic: TrafficState;
}

export interface WeightInput extends TrafficInput {
  /** Epoch milliseconds after which waiting is a failure; it is not moved by pods that flap. Undefined: as long as it takes. */
  readonly deadlineAt?: number;
}

/** `replicas`: the wanted size, when it has to be remembered. */
export type StartResult =
  | (StepResult & { readonly kind: 'failed' })
  | (StepResult & { readonly kind: 'done'; readonly replicas?: number });

export type AdoptionResult = StepResult | { readonly kind: 'unequal'; readonly why: string };

/** The activities of a canary on its way to promotion; each reaches a state, and may be repeated at any point. */
export function createCanaryForward(tools: RolloutTools) {
  const { cluster } = tools.ports;
  return {
    /** Stable paused, Services pinned, the canary there with no pods and its own configuration. Answers the wanted size. */
    startCanary: beating(async (input: RolloutStepInput, beat): Promise<StartResult> => {
      const workload = await loadWorkload(tools, input.spec, input.spec.target);
      const context = planContext(input);
      assertFence(await lookAt(tools, input, beat.signal), context);
      await Promise.all([
        noteRollout(cluster, input.spec, beat.signal),
        copyConfig(cluster, input.spec, workload, beat.signal),
      ]);
      const driven = await driveStep({
        tools,
        input,
        beat,
        workload,
        plan: (view) => {
          const plan = planStart(view, context);
          if (plan.kind !== 'done' || replicaSetOf(view, context.rolloutId) !== undefined) return plan;
          return waitFor(`the ReplicaSet of ${input.spec.name}-canary`);
        },
      });
      if (driven.kind === 'failed') return resultOf(driven);
      const view = await lookAt(tools, input, beat.signal);
      const set = replicaSetOf(view, input.spec.rolloutId);
      while (set !== undefined && !(await ownCopies(cluster, input.spec, workload, set)))
        await copyConfig(cluster, input.spec, workload, beat.signal);
      const seen = lookOf(view, context, input.spec.strategy.kind);
      // Where stable is always whole its size is followed, and need not be remembered.
      const live = isStableWhole(context) ? undefined : (view.stable?.spec.replicas ?? 1);
      const replicas = input.spec.replicas ?? live;
      const size = replicas === undefined ? {} : { replicas };
      return { kind: 'done', ...size, ...(seen === undefined ? {} : { seen }) };
    }),

    /** Pods, endpoints and weights as the steps so far ask for them; or the verdict on pods that fail. */
    reachWeight: beating(async (input: WeightInput, beat): Promise<StepResult> => {
      const { spec, traffic, deadlineAt } = input;
      const generated = await generatedIn(tools, spec);
      const judged = { generated, ...(deadlineAt === undefined ? {} : { deadlineAt }) };
      return driveJudged({ tools, input, beat, judged, plan: trafficPlan(spec.strategy, traffic) });
    }),

    /** During pauses: keeps all that, and answers when the canary's pods fail; else it runs until it is cancelled. */
    keepWeight: beating(async (input: TrafficInput, beat): Promise<StepResult> => {
      const { spec, traffic } = input;
      const judged = { generated: await generatedIn(tools, spec) };
      return driveJudged({
        tools,
        input,
        beat,
        judged,
        plan: keepingPlan(trafficPlan(spec.strategy, traffic)),
      });
    }),

    /** Promotion, part a. */
    handOver: beating(
      async (input: RolloutStepInput & { readonly deadlineAt: number }, beat): Promise<StepResult> => {
        const judged = { deadlineAt: input.deadlineAt, generated: await generatedIn(tools, input.spec) };
        const handed = await driveJudged({ tools, input, beat, judged, plan: planHandover });
        if (handed.kind === 'failed' || !hasSwitch(input.spec.strategy)) return handed;
        await sleep(settleMs, undefined, { signal: beat.signal });
        const routed = await driveJudged({ tools, input, beat, judged, plan: planRouteHandover });
        await sleep(settleMs, undefined, { signal: beat.signal });
        return routed;
      },
    ),

    /** Promotion, parts b to d: no pod starts or stops. `unequal`: stable would get another template than the canary has. */
    adoptCanary: beating(async (input: RolloutStepInput, beat): Promise<AdoptionResult> => {
      const workload = await loadWorkload(tools, input.spec, input.spec.target);
      const context = planContext(input);
      const unequal = await compareTemplates(tools, input, composer(input.spec, workload), beat.signal);
      if (unequal !== undefined) return { kind: 'unequal', why: unequal };
      return resultOf(
        await driveStep({ tools, input, beat, workload, plan: (view) => planAdoption(view, context) }),
      );
    }),

    /** How far a rollout got whose workflow was terminated. */
    inspectCanary: beating(async (input: RolloutStepInput, beat) => {
      const { stable } = await lookAt(tools, input, beat.signal);
      return {
        isPastReturn: stable?.spec.template.metadata?.labels?.[marks.rollout] === input.spec.rolloutId,
      };
    }),

    /** Promotion, part e. */
    retireOld: beating(async (input: RolloutStepInput, beat): Promise<StepResult> => {
      const context = planContext(input);
      const { strategy } = input.spec;
      const plan = (view: RolloutView): Plan => {
        const roles = strategy.kind === 'canary' || strategy.kind === 'blueGreen' ? strategy : {};
        return act(...metadataActions(view, context, roles)) ?? planRetirement(view, context);
      };
      return resultOf(await driveStep({ tools, input, beat, plan }));
    }),
  };
}

/** Dry-run again and compare (DESIGN 4.3b): somebody may have changed stable since the canary was made. */
async function compareTemplates(
  tools: RolloutTools,
  input: RolloutStepInput,
  compose: ReturnType<typeof composer>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const view = await lookAt(tools, input, signal);
  assertFence(view, planContext(input));
  const { stable, canary } = view;
  const { rolloutId, name } = input.spec;
  if (stable === undefined || stable.spec.template.metadata?.labels?.[marks.rollout] === rolloutId)
    return undefined;
  if (canary === undefined)
    throw new PortError(`Deployment ${name}-canary is gone`, { code: 'NotFound', retry: 'never' });
  const wanted = compose({ replicas: stable.spec.replicas, paused: true, rolloutId });
  const dryRun = asDeployment(
    await tools.ports.cluster.apply(wanted, { manager: gitManager, dryRun: true, signal }),
  );
  if (isDeepStrictEqual(dryRun.spec.template, canary.spec.template)) return undefined;
  return `${name} was changed by somebody during the rollout, so it cannot adopt the canary's pods`;
}
