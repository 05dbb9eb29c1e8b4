import { judgePods, type PodVerdict } from '../domain/pod-failure';
import type { Plan } from '../domain/plans/plan';
import type { FailureReport, RolloutSpec } from '../domain/rollout-status';
import { currentReplicaSet, podsOf, replicaSetOf, type RolloutView } from '../domain/rollout-view';
import { isObserved, type ReplicaSetObject } from '../domain/apps';
import type { RolloutTools } from './rollout-steps';

/** A judge of the pods that a step waits for. */
export interface Judge {
  /** Wherever the plan would wait, the pods are judged first. */
  around(plan: (view: RolloutView, now: number) => Plan): (view: RolloutView, now: number) => Plan;
  /** What was found, once a plan failed because of pods or time. */
  failure(): FailureReport | undefined;
}

/**
 * Failing fast (DESIGN 4): states are classified as they appear, and the deadline is one moment that flapping pods do not move.
 * `side` says whose pods are judged; when canary and stable fail alike, it is not the new version.
 */
export function judging(
  _tools: RolloutTools,
  spec: RolloutSpec,
  deadlineAt: number | undefined,
  side: 'canary' | 'stable' = 'canary',
): Judge {
  let firstSeen: Readonly<Record<string, number>> = {};
  let report: FailureReport | undefined;

  function judge(view: RolloutView, set: ReplicaSetObject | undefined, now: number): PodVerdict {
    const verdict = judgePods({
      pods: podsOf(view, set),
      events: view.events,
      replicaSets: set === undefined ? [] : [set],
      now,
      firstSeen,
    });
    firstSeen = { ...firstSeen, ...verdict.firstSeen };
    return verdict;
  }

  function judged(view: RolloutView, plan: Plan & { kind: 'wait' }, now: number): Plan {
    const set = side === 'canary' ? replicaSetOf(view, spec.rolloutId) : observedReplicaSet(view);
    const verdict = judge(view, set, now);
    if (verdict.kind === 'failed') {
      const { code, sentence, pod, container } = verdict;
      const stableFails =
        side === 'canary' && judge(view, currentReplicaSet(view, view.stable), now).kind === 'failed';
      report = {
        code: stableFails ? 'StableAlsoFails' : code,
        sentence: stableFails
          ? `${sentence}; pods of the stable version fail too, so it is not the new version alone`
          : sentence,
        at: now,
        ...(pod === undefined ? {} : { pod }),
        ...(container === undefined ? {} : { container }),
      };
    } else if (deadlineAt !== undefined && now > deadlineAt) {
      const seconds = Math.round(spec.progressDeadlineMs / 1000);
      report = {
        code: 'ProgressDeadlineExceeded',
        sentence: `after ${seconds} s still waiting for ${plan.for}`,
        at: now,
      };
    } else {
      return verdict.kind === 'waiting' ? { kind: 'wait', for: `${plan.for}: ${verdict.message}` } : plan;
    }
    return { kind: 'failed', code: report.code, sentence: report.sentence };
  }

  return {
    around: (plan) => (view, now) => {
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
