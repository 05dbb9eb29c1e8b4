import type { ApplicationState } from './application-state';
import type { RevisionPlan, WorkloadPlan } from './revision-plan';

/** One workload whose pods shall be younger than a moment (`spec.restartAt`). */
export interface Restart {
  readonly workload: WorkloadPlan;
  /** As Git writes it. */
  readonly stamp: string;
  /** The same, in epoch milliseconds. */
  readonly at: number;
}

/**
 * What a revision asks for and nobody has carried out, soonest first. A stamp counts once for a workload: pods that come later are
 * younger anyhow. A workload that never was healthy has nothing to restart yet.
 */
export function restartsLeft(
  { workloads }: Pick<ApplicationState, 'workloads'>,
  plan: Pick<RevisionPlan, 'workloads'>,
): readonly Restart[] {
  return plan.workloads
    .flatMap((workload) => {
      const { name, restartAt: stamp } = workload;
      const known = workloads[name];
      if (stamp === undefined || known?.healthy !== true || known.restartedAt === stamp) return [];
      return [{ workload, stamp, at: Date.parse(stamp) }];
    })
    .toSorted((a, b) => a.at - b.at);
}

/** Those of them whose moment has come; `now` in epoch milliseconds. */
export function restartsDue(
  state: Pick<ApplicationState, 'workloads'>,
  plan: Pick<RevisionPlan, 'workloads'>,
  now: number,
): readonly Restart[] {
  return restartsLeft(state, plan).filter(({ at }) => at <= now);
}
