import { isObserved, type ReplicaSetObject } from '../domain/apps';
import { configRefs } from '../domain/version-key';
import { judgePods, type FirstSeen, type PodVerdict } from '../domain/pod-failure';
import { planContext } from '../domain/plans/context';
import type { Plan, PlanContext } from '../domain/plans/plan';
import type { FailureReport, RolloutSpec } from '../domain/rollout-status';
import { currentReplicaSet, podsOf, replicaSetOf, type RolloutView } from '../domain/rollout-view';
import type { Planner } from './drive';
import { driveStep, resultOf, type RolloutTools, type StepOptions, type StepResult } from './rollout-steps';

/** A judge of the pods that a step waits for. */
export interface Judge {
  /** Wherever the plan would wait, the pods are judged first. */
  around(plan: (view: RolloutView, now: number) => Plan): Planner;
  /** What was found, once a plan failed because of pods or time. */
  failure(): FailureReport | undefined;
}

export interface Judging {
  /** One moment that pods which flap do not move; undefined: as long as it takes. */
  readonly deadlineAt?: number;
  /** Whose pods are judged. */
  readonly side?: 'canary' | 'stable';
  /** `ConfigMap/name` and `Secret/name` that something in the same revision can create. */
  readonly generated?: readonly string[];
}

/**
 * Failing fast (DESIGN 4): states are classified as they appear. When pods of the stable version fail too, it is not the new one:
 * only what the new version alone can cause counts then, until the deadline.
 */
export function judging(tools: RolloutTools, spec: RolloutSpec, options: Judging = {}): Judge {
  const { deadlineAt, side = 'canary', generated = [] } = options;
  const memory: Record<'judged' | 'stable', FirstSeen> = { judged: {}, stable: {} };
  let report: FailureReport | undefined;

  interface Look {
    readonly view: RolloutView;
    readonly set: ReplicaSetObject | undefined;
    readonly now: number;
    readonly existing?: readonly string[];
    readonly stableAlsoFails?: boolean;
  }

  function look(
    whose: 'judged' | 'stable',
    { view, set, now, existing = [], stableAlsoFails = false }: Look,
  ): PodVerdict {
    const verdict = judgePods({
      pods: podsOf(view, set),
      events: view.events,
      replicaSets: set === undefined ? [] : [set],
      now,
      firstSeen: memory[whose],
      generated,
      existing,
      stableAlsoFails,
      arePodsTerminating: view.pods.some((pod) => pod.metadata.deletionTimestamp !== undefined),
    });
    memory[whose] = verdict.firstSeen;
    return verdict;
  }

  function stableFails(view: RolloutView, now: number): boolean {
    return (
      side === 'canary' &&
      look('stable', { view, set: currentReplicaSet(view, view.stable), now }).kind === 'failed'
    );
  }

  async function verdictOf(view: RolloutView, now: number): Promise<PodVerdict> {
    const set = side === 'canary' ? replicaSetOf(view, spec.rolloutId) : observedReplicaSet(view);
    const verdict = look('judged', { view, set, now });
    if (verdict.kind !== 'failed') return verdict;
    const existing = verdict.code === 'MissingConfig' ? await existingConfig(tools, spec, set) : [];
    return look('judged', { view, set, now, existing, stableAlsoFails: stableFails(view, now) });
  }

  async function judged(view: RolloutView, plan: Plan & { kind: 'wait' }, now: number): Promise<Plan> {
    const verdict = await verdictOf(view, now);
    if (verdict.kind === 'failed') {
      const { code, sentence, pod, container } = verdict;
      report = {
        code,
        sentence,
        at: now,
        ...(pod === undefined ? {} : { pod }),
        ...(container === undefined ? {} : { container }),
      };
    } else {
      const waiting = verdict.kind === 'waiting' ? `${plan.for}: ${verdict.message}` : plan.for;
      if (deadlineAt === undefined || now <= deadlineAt) return { ...plan, for: waiting };
      const code =
        verdict.kind === 'waiting' && verdict.reason === 'StableFailsToo'
          ? 'StableAlsoFails'
          : 'ProgressDeadlineExceeded';
      report = {
        code,
        sentence: `after ${Math.round(spec.progressDeadlineMs / 1000)} s still waiting for ${waiting}`,
        at: now,
      };
    }
    return { kind: 'failed', code: report.code, sentence: report.sentence };
  }

  return {
    around: (plan) => async (view, now) => {
      const next = plan(view, now);
      return next.kind === 'wait' ? judged(view, next, now) : next;
    },
    failure: () => report,
  };
}

/** Until the controller has seen the newest template, the newest ReplicaSet is still the old version's. */
function observedReplicaSet(view: RolloutView): ReplicaSetObject | undefined {
  return view.stable !== undefined && isObserved(view.stable)
    ? currentReplicaSet(view, view.stable)
    : undefined;
}

/** The configuration that the pods refer to and that is there now: a kubelet's complaint may be older. */
async function existingConfig(
  { ports }: RolloutTools,
  spec: RolloutSpec,
  set: ReplicaSetObject | undefined,
): Promise<readonly string[]> {
  const refs = set === undefined ? [] : configRefs(set.spec.template.spec);
  const found = await Promise.all(
    refs.map(async ({ kind, name }) => {
      const live = await ports.cluster.get({ apiVersion: 'v1', kind, namespace: spec.namespace, name });
      return live === undefined ? [] : [`${kind}/${name}`];
    }),
  );
  return found.flat();
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
