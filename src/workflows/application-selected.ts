import { decideSync } from '../domain/decide-sync';
import { apply, settled } from './application-apply';
import { revisionOf } from './application-delivery';
import { readRevision } from './application-read';
import { runRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';

/**
 * Makes only some objects equal to a revision, as `argocd app sync --resource` does: hooks do not run, nothing is pruned, and it is
 * no entry of the history. Workloads among them come out by rollouts all the same.
 */
export async function syncSelected(
  run: ApplicationRun,
  revision: string,
  only: readonly string[],
): Promise<void> {
  run.begin('sync', `syncing ${only.join(', ')} to ${revision.slice(0, 12)}`, revision);
  try {
    const plan = await readRevision(run, revision);
    if (plan === undefined) return;
    const decision = decideSync(run.state, plan);
    if (decision.kind === 'quarantined')
      return run.tell(
        `not synced: ${revision.slice(0, 12)} holds what failed before; use retry to deploy it`,
      );
    const { applied: _applied, ...state } = run.state; // the next sync of everything asks the cluster
    run.state = state;
    const input = { ...revisionOf(plan), only, fix: true, prune: false } as const;
    const tried = await apply(run, 'try and apply what was asked for', {
      ...input,
      stage: 'before',
      treatments: decision.treatments,
    });
    if (tried === undefined) return;
    const rolling = decision.rolling.filter((each) => tried.rolling?.includes(each.name));
    const result = await runRollouts(run, plan, rolling, decision.treatments);
    if (result.kind === 'failed')
      return run.tell(`${result.workload.name} failed: ${result.failure.sentence}`);
    if (result.kind === 'superseded') return;
    const rest = { ...input, stage: 'after', treatments: settled(run.state) } as const;
    if ((await apply(run, 'apply the rest of what was asked for', rest)) === undefined) return;
    run.problems([]);
    run.tell(`synced ${only.join(', ')} to ${revision.slice(0, 12)}`);
  } finally {
    run.end();
  }
}
