import type { WorkloadPlan } from '../domain/revision-plan';
import type { FailureReport, RolloutOutcome } from '../domain/rollout-status';
import type { ApplicationRun } from './application-run';
import { remember, type Started } from './start-rollout';

/** How the rollouts of a revision ended, taken together. */
export type RolloutsResult =
  | { readonly kind: 'promoted' }
  | { readonly kind: 'superseded' }
  | {
      readonly kind: 'failed';
      readonly failure: FailureReport;
      /** What failed, and its quarantine key. */
      readonly workload: Pick<WorkloadPlan, 'name' | 'version'>;
      readonly isAbort: boolean;
      readonly goodAlsoFails?: string;
      /** It failed before, and a commit on top holds the same. */
      readonly isKnown?: true;
    };

/** At least one failed or was aborted; all are back. */
export type FailedRollouts = RolloutsResult & { readonly kind: 'failed' };

/** Takes the end of a rollout that has told it, and remembers what is stable now. */
export function takeEnd(
  run: ApplicationRun,
  { workload, spec }: Started,
  outcomes: Map<string, RolloutOutcome>,
): void {
  const outcome = run.ended.get(spec.rolloutId);
  if (outcome === undefined || outcomes.has(workload.name)) return;
  outcomes.set(workload.name, outcome);
  run.ended.delete(spec.rolloutId);
  run.rollouts.delete(workload.name);
  const known = run.state.workloads[workload.name];
  const number = known?.number ?? spec.number;
  if (outcome.kind === 'promoted') {
    const isLabelled = spec.strategy.kind !== 'rolling' && outcome.way !== 'initial';
    const restarted = known?.restartedAt === undefined ? {} : { restartedAt: known.restartedAt };
    const base = {
      version: workload.version,
      revision: spec.target.revision,
      number,
      healthy: true,
      ...restarted,
    };
    remember(run, workload.name, isLabelled ? { ...base, rolloutId: spec.rolloutId } : base);
  } else if (spec.pace === 'initial') {
    remember(run, workload.name, {
      version: workload.version,
      revision: spec.target.revision,
      number,
      healthy: false,
    });
  }
}

/** One verdict for all: a failure outweighs an abort, and an abort a newer revision. */
export function judgeEnds(
  started: readonly Started[],
  outcomes: ReadonlyMap<string, RolloutOutcome>,
): RolloutsResult {
  const ends = started.map(({ workload }) => ({ workload, outcome: outcomes.get(workload.name) }));
  const failed =
    ends.find((each) => each.outcome?.kind === 'failed') ??
    ends.find((each) => each.outcome?.kind === 'aborted');
  if (failed?.outcome?.kind === 'failed') {
    const { failure, goodAlsoFails } = failed.outcome;
    return {
      kind: 'failed',
      failure,
      workload: failed.workload,
      isAbort: false,
      ...(goodAlsoFails === undefined ? {} : { goodAlsoFails }),
    };
  }
  if (failed?.outcome?.kind === 'aborted') {
    const { by, reason } = failed.outcome;
    const sentence = `aborted by ${by}${reason === undefined ? '' : `: ${reason}`}`;
    return {
      kind: 'failed',
      failure: { code: 'Aborted', sentence, at: Date.now() },
      workload: failed.workload,
      isAbort: true,
    };
  }
  return ends.some((each) => each.outcome?.kind === 'superseded')
    ? { kind: 'superseded' }
    : { kind: 'promoted' };
}
