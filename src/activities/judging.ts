import { isObserved, type ReplicaSetObject } from '../domain/apps';
import { planContext } from '../domain/plans/context';
import type { Plan, PlanContext } from '../domain/plans/plan';
import type { RolloutSpec } from '../domain/rollout-status';
import { currentReplicaSet, podsOf, replicaSetOf, type RolloutView } from '../domain/rollout-view';
import { createJudge, type Judge, type Side } from './judge';
import { driveStep, resultOf, type RolloutTools, type StepOptions, type StepResult } from './rollout-steps';

export interface Judging {
  /** One moment that pods which flap do not move; undefined: as long as it takes. */
  readonly deadlineAt?: number;
  /** Whose pods are judged. */
  readonly side?: 'canary' | 'stable';
  /** `ConfigMap/name` and `Secret/name` that something in the same revision can create. */
  readonly generated?: readonly string[];
}

/** A judge of a Deployment's canary, beside its stable pods, or of the stable pods alone. */
export function judging(tools: RolloutTools, spec: RolloutSpec, options: Judging = {}): Judge<RolloutView> {
  const { deadlineAt, side = 'canary', generated = [] } = options;
  const isCanary = side === 'canary';
  return createJudge<RolloutView>({
    tools,
    spec,
    generated,
    sides: (view) => {
      const set = isCanary ? replicaSetOf(view, spec.rolloutId) : observedReplicaSet(view);
      return {
        judged: sideOf(view, set),
        ...(isCanary ? { stable: sideOf(view, currentReplicaSet(view, view.stable)) } : {}),
        events: view.events,
        podSpec: set?.spec.template.spec,
        arePodsTerminating: view.pods.some((pod) => pod.metadata.deletionTimestamp !== undefined),
      };
    },
    deadlineAt: () => deadlineAt,
  });
}

function sideOf(view: RolloutView, set: ReplicaSetObject | undefined): Side {
  return { pods: podsOf(view, set), replicaSets: set === undefined ? [] : [set] };
}

/** Until the controller has seen the newest template, the newest ReplicaSet is still the old version's. */
function observedReplicaSet(view: RolloutView): ReplicaSetObject | undefined {
  return view.stable !== undefined && isObserved(view.stable)
    ? currentReplicaSet(view, view.stable)
    : undefined;
}

interface JudgedStep extends Omit<StepOptions, 'plan' | 'workload'> {
  readonly judged?: Judging;
  readonly plan: (view: RolloutView, context: PlanContext, now: number) => Plan;
}

/** Drives a plan whose waits are judged; the answer names the pods that failed. */
export async function driveJudged({ judged, plan, ...step }: JudgedStep): Promise<StepResult> {
  const judge = judging(step.tools, step.input.spec, judged);
  const context = planContext(step.input);
  const driven = await driveStep({ ...step, plan: judge.around((view, now) => plan(view, context, now)) });
  return resultOf(driven, judge.failure());
}
