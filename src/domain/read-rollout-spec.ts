import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import type { Revision } from './read-revision';
import { readStrategy, type RolloutStrategy } from './read-strategy';
import type { WorkloadKind } from './workload';

/** The numbers and the strategy of a Rollout's spec, without its pods. */
export interface RolloutSpec {
  /** Undefined: Git leaves the count to an autoscaler; a first deployment has one pod then. */
  readonly replicas?: number;
  readonly minReadySeconds: number;
  readonly revisionHistoryLimit: number;
  readonly progressDeadlineSeconds: number;
  /** RFC 3339. */
  readonly restartAt?: string;
  readonly strategy: RolloutStrategy;
}

/** Reads what a Rollout says besides selector, template and workloadRef. */
export function readRolloutSpec(
  spec: Fields,
  kind: WorkloadKind,
  revision: Revision,
): RolloutSpec | undefined {
  const isPaused = spec.boolean('paused') === true;
  const replicas = readReplicas(spec, kind);
  const revisionHistoryLimit = spec.int('revisionHistoryLimit') ?? 10;
  const deadline = readDeadline(spec);
  const abortsOnDeadline = spec.boolean('progressDeadlineAbort') ?? true;
  const rollbackWindow = readRollbackWindow(spec, kind);
  const restartAt = readRestartAt(spec);
  readRunHistory(spec);
  const strategy = readStrategy(spec, kind, revision);
  if (strategy === undefined) return undefined;
  const whole = {
    ...strategy,
    ...(rollbackWindow !== undefined && { rollbackWindow }),
    ...(!abortsOnDeadline && { abortsOnDeadline }),
    ...(isPaused && { isPaused }),
  };
  return {
    ...(replicas !== undefined && { replicas }),
    revisionHistoryLimit,
    ...deadline,
    ...(restartAt !== undefined && { restartAt }),
    strategy: whole,
  };
}

function readReplicas(spec: Fields, kind: WorkloadKind): number | undefined {
  const replicas = spec.int('replicas');
  if (kind !== 'DaemonSet' || replicas === undefined) return replicas;
  const remedy = 'remove it: the nodes decide';
  return spec.invalid('replicas', 'a DaemonSet has no count of pods', { value: replicas, remedy });
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

/** Reads `rollbackWindow.revisions`; 0 is no window. */
function readRollbackWindow(spec: Fields, kind: WorkloadKind): number | undefined {
  const window = spec.map('rollbackWindow');
  if (window === undefined) return undefined;
  const revisions = window.int('revisions');
  reportUnknown(window);
  if (kind !== 'Deployment') {
    const message = `a ${kind} keeps no old pods to go back to`;
    return spec.invalid('rollbackWindow', message, { remedy: 'remove it' });
  }
  return revisions === 0 ? undefined : revisions;
}

function readRestartAt(spec: Fields): string | undefined {
  const stamp = spec.string('restartAt') || undefined;
  if (stamp === undefined) return undefined;
  const isTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(stamp);
  if (isTime && !Number.isNaN(Date.parse(stamp))) return stamp;
  const remedy = 'write it as in 2026-01-31T12:00:00Z';
  return spec.invalid('restartAt', `"${stamp}" is no point in time`, { value: stamp, remedy });
}

/** No AnalysisRun objects are made, so there is no history of them to limit; what is written has to be right all the same. */
function readRunHistory(spec: Fields): void {
  const limits = spec.map('analysis');
  if (limits === undefined) return;
  limits.int('successfulRunHistoryLimit');
  limits.int('unsuccessfulRunHistoryLimit');
  reportUnknown(limits);
}
