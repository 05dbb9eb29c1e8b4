import type { WorkloadPlan } from '../domain/revision-plan';
import { goBackTo } from './application-go-back';
import type { ApplicationRun } from './application-run';

/**
 * Workloads that have no second set of pods (rolling ones, StatefulSets, DaemonSets) are out without a gate: their users' traffic is
 * only back when the good revision has been rolled out again, so that is done as soon as the release goes back, and not with the
 * objects. What stands in the way is met again when these go back. A member that has rollouts at a gate as well waits for that: to
 * apply the good revision would take away what holds its traffic on the old pods.
 */
export async function rollBackAtOnce(run: ApplicationRun, rolled: readonly WorkloadPlan[]): Promise<void> {
  const { state, member } = run;
  const { base } = state.release ?? {};
  const isOut = rolled.some(({ name, version }) => state.workloads[name]?.version === version);
  if (base === undefined || !isOut || member.gated.length > 0) return;
  run.begin('rollback', `rolling back to ${base.revision.slice(0, 12)}`, base.revision);
  await goBackTo(run, base);
}
