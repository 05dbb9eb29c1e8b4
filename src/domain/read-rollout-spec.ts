import type { Fields } from './fields';
import { readStrategy } from './read-canary';
import { refuse, type Refusals } from './read-refusals';
import type { CanaryStrategy } from './strategy';

/** The numbers and the strategy of a Rollout's spec, without its pods. */
export interface RolloutSpec {
  /** Undefined: Git leaves the count to an autoscaler; a first deployment has one pod then. */
  readonly replicas?: number;
  readonly minReadySeconds: number;
  readonly revisionHistoryLimit: number;
  readonly progressDeadlineSeconds: number;
  readonly strategy: CanaryStrategy;
}

const refusals: Refusals = {
  paused: ['pausing by spec.paused is', 'remove it and use `belay pause`'],
  restartAt: ['restartAt is', 'remove it; a changed annotation of the pod template restarts the pods'],
  rollbackWindow: ['rollbackWindow is', 'remove it: going back to an older version runs the steps'],
  analysis: ['a history of analysis runs is', 'remove it'],
};

/** Reads what a Rollout says besides selector, template and workloadRef. */
export function readRolloutSpec(spec: Fields): RolloutSpec | undefined {
  refuse(spec, refusals);
  const replicas = spec.int('replicas');
  const revisionHistoryLimit = spec.int('revisionHistoryLimit') ?? 10;
  const deadline = readDeadline(spec);
  if (spec.boolean('progressDeadlineAbort') === false) {
    const message = 'carrying on after a missed deadline is not supported yet';
    const remedy = 'remove it: a rollout that misses its deadline is always aborted';
    const path = [...spec.path, 'progressDeadlineAbort'];
    spec.report({ code: 'Unsupported', path, message, value: false, remedy });
  }
  const strategy = readStrategy(spec);
  const count = replicas === undefined ? {} : { replicas };
  return strategy && { ...count, revisionHistoryLimit, ...deadline, strategy };
}

/** Reads the two durations that Rollouts and Deployments share; the deadline has to leave time to become ready. */
export function readDeadline(spec: Fields): { minReadySeconds: number; progressDeadlineSeconds: number } {
  const minReadySeconds = spec.int('minReadySeconds') ?? 0;
  const progressDeadlineSeconds = spec.int('progressDeadlineSeconds') ?? 600;
  if (progressDeadlineSeconds <= minReadySeconds) {
    const message = `${progressDeadlineSeconds} s is not more than the ${minReadySeconds} s of minReadySeconds`;
    spec.invalid('progressDeadlineSeconds', message, {
      value: progressDeadlineSeconds,
      remedy: 'raise it, or lower minReadySeconds',
    });
  }
  return { minReadySeconds, progressDeadlineSeconds };
}
