import type { GoodRevision } from '../domain/application-state';
import { decideSync, type SyncDecision } from '../domain/decide-sync';
import { describeProblem } from '../domain/problem';
import type { RevisionPlan } from '../domain/revision-plan';
import { apply, settled } from './application-apply';
import { revisionOf } from './application-delivery';
import { readRevision } from './application-read';
import { runRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';

type Decision = SyncDecision & { readonly kind: 'sync' };

/**
 * Workloads of earlier steps may be out already when a later one fails: the cluster goes back to the good revision before Git does
 * (promise 3). What was good before needs no steps.
 */
export async function goBack(run: ApplicationRun): Promise<void> {
  const { good } = run.state;
  if (good === undefined) return;
  await goBackTo(run, good, async (_run, plan, decision) => {
    if (decision.rolling.length === 0) return undefined;
    run.begin('rollback', `bringing ${good.revision.slice(0, 12)} back`, good.revision);
    return bringBack(run, plan, decision);
  });
}

/** Brings out again what was good; answers what stands in the way. */
export async function goBackTo(
  run: ApplicationRun,
  { revision, pins }: GoodRevision,
  bring = bringBack,
): Promise<string | undefined> {
  run.isGoingBack = true;
  try {
    const plan = await readRevision(run, revision, pins);
    if (plan === undefined) return problemsOf(run);
    const decision = decideSync(run.state, plan);
    if (decision.kind === 'quarantined')
      return `the version before has failed too: ${decision.quarantine.reason}`;
    return await bring(run, plan, decision);
  } finally {
    run.isGoingBack = false;
  }
}

function problemsOf({ state }: ApplicationRun): string {
  return state.problems.map(describeProblem).join('; ');
}

/** Undefined: the good revision is applied; else why it is not. */
async function bringBack(
  run: ApplicationRun,
  plan: RevisionPlan,
  { treatments, rolling }: Decision,
): Promise<string | undefined> {
  const back = { ...revisionOf(plan), fix: true, prune: false } as const;
  const before = { ...back, stage: 'before', treatments } as const;
  if (rolling.length > 0 && (await apply(run, 'apply the good revision', before)) === undefined)
    return problemsOf(run);
  const result = await runRollouts(run, plan, rolling, treatments);
  if (result.kind === 'failed') return `${result.workload.name}: ${result.failure.sentence}`;
  if (result.kind === 'superseded') return 'another rollout has taken its place';
  const after = { ...back, stage: 'after', treatments: settled(run.state) } as const;
  const rest = `apply ${rolling.length > 0 ? 'the rest of ' : ''}the good revision`;
  return (await apply(run, rest, after)) === undefined ? problemsOf(run) : undefined;
}
