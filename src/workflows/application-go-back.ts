import { decideSync, type SyncDecision } from '../domain/decide-sync';
import type { RevisionPlan } from '../domain/revision-plan';
import { apply, settled } from './application-apply';
import { revisionOf } from './application-delivery';
import { readRevision } from './application-read';
import { runRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';

/**
 * Workloads of earlier steps may be out already when a later one fails: the cluster goes back to the good revision before Git does
 * (promise 3). What was good before needs no steps.
 */
export async function goBack(run: ApplicationRun): Promise<void> {
  const { good } = run.state;
  if (good === undefined) return;
  run.isGoingBack = true;
  try {
    const plan = await readRevision(run, good.revision, good.pins);
    if (plan === undefined) return;
    const decision = decideSync(run.state, plan);
    if (decision.kind === 'quarantined' || decision.rolling.length === 0) return;
    run.begin('rollback', `bringing ${good.revision.slice(0, 12)} back`, good.revision);
    await bringBack(run, plan, decision);
  } finally {
    run.isGoingBack = false;
  }
}

async function bringBack(
  run: ApplicationRun,
  plan: RevisionPlan,
  { treatments, rolling }: SyncDecision & { readonly kind: 'sync' },
): Promise<void> {
  const back = { ...revisionOf(plan), fix: true, prune: false } as const;
  const before = { ...back, stage: 'before', treatments } as const;
  if ((await apply(run, 'apply the good revision', before)) === undefined) return;
  const result = await runRollouts(run, plan, rolling, treatments);
  if (result.kind !== 'promoted') return;
  const after = { ...back, stage: 'after', treatments: settled(run.state) } as const;
  await apply(run, 'apply the rest of the good revision', after);
}
