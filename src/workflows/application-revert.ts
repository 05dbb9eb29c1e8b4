import type { RevisionPlan } from '../domain/revision-plan';
import { decideRevert } from '../domain/write-back/decide-revert';
import type { Pinned } from '../domain/write-back/planned-restores';
import { revertMessage } from '../domain/write-back/revert-message';
import { isConfirmed } from './application-confirm';
import { revisionOf } from './application-delivery';
import { mirror } from './application-mirror';
import { awaitProposals } from './application-proposals';
import { type Restored, restoreAll, revisionsAfter } from './application-restore';
import type { ApplicationRun } from './application-run';
import type { FailedRollouts } from './rollout-ends';

/**
 * The Git half of a rollback. Traffic is back already; the bad version is quarantined and the hold of self-heal is this very
 * operation. Then Git goes back to the last good trees, and the commit is taken in at once: nothing rolls, all is Healthy.
 */
export async function rollBackRevision(
  run: ApplicationRun,
  plan: RevisionPlan,
  failed: FailedRollouts,
): Promise<string | undefined> {
  const { revision } = plan;
  const { failure, workload } = failed;
  run.begin('rollback', `rolling back ${revision.slice(0, 12)}: ${failure.sentence}`, revision);
  noteFailure(run, revision, failed);
  const hold = inTheWay(failed);
  if (hold !== undefined) return run.hold(hold);
  const bad = revisionOf(plan);
  const decision = decideRevert(run.spec, run.state, { bad, now: Date.now() });
  if (decision.kind === 'hold') return run.hold(decision.hold);
  await mirror(run);
  if (!(await isConfirmed(run, plan, failed))) return undefined;
  const { good, restores } = decision;
  const text = revertMessage({
    application: run.spec.name,
    paths: [...new Set(restores.flatMap(({ paths }) => paths))],
    bad: revision,
    good: good.revision,
    failure,
    workload: workload.name,
    isAbort: failed.isAbort,
  });
  const done = await restoreAll(run, { restores, text, reason: failure.code });
  run.blamed = done.some(({ end }) => end.kind === 'superseded') ? failed : undefined;
  return takeIn(run, done, { bad, good });
}

/** The version is in quarantine, and people see why. */
export function noteFailure(run: ApplicationRun, revision: string, failed: FailedRollouts): void {
  const { failure, workload } = failed;
  const quarantined = { revision, workload: workload.name, reason: failure.sentence, at: Date.now() };
  run.change({
    quarantine: { ...run.state.quarantine, [workload.version]: quarantined },
    lastFailure: { ...failure, revision, workload: workload.name },
  });
  run.tell(
    `${workload.name} of ${revision.slice(0, 12)} ${failed.isAbort ? 'was aborted' : 'failed'}: ${failure.sentence}`,
  );
}

/** To write Git would not help. */
export function inTheWay({ failure, goodAlsoFails }: FailedRollouts) {
  if (failure.code === 'StableAlsoFails')
    return {
      code: 'StableAlsoFails',
      reason: failure.sentence,
      remedy: 'mend what both versions need, then `belay retry`',
    } as const;
  if (goodAlsoFails !== undefined)
    return {
      code: 'GoodFailsToo',
      reason: `the last good version fails too: ${goodAlsoFails}`,
      remedy: 'push a fix',
    } as const;
  return undefined;
}

/** What the writers answered, as the revision to sync to: our commit is recognised on the way back in, a hotfix on top is tried, the rest is held. */
export async function takeIn(
  run: ApplicationRun,
  done: readonly Restored[],
  { bad, good }: { readonly bad: Pinned; readonly good: Pinned },
): Promise<string | undefined> {
  const after = await revisionsAfter(run, bad, done);
  const now = Date.now();
  const fix = done.find(({ end }) => end.kind === 'superseded')?.end;
  if (done.every(({ restore, end }) => end.kind === 'already' && end.revision === restore.bad))
    return run.hold({
      code: 'OutsidePath',
      reason: `Git is not written: ${done.flatMap(({ restore }) => restore.paths).join(', ')} did not change since ${good.revision.slice(0, 12)}, what failed lies elsewhere in the repository`,
      remedy:
        'push a fix; name what the application shares in argocd.argoproj.io/manifest-generate-paths, so that it can go back too',
    });
  const writes = done.flatMap(({ restore, end }) =>
    end.kind === 'pushed' || end.kind === 'already' ? [{ ...restore, revision: end.revision }] : [],
  );
  if (writes.length > 0) {
    const isPushed = done.some(({ end }) => end.kind === 'pushed');
    run.change({
      lastRevert: { ...after, bad: bad.revision, good: good.revision, at: now, writes },
      reverts: isPushed ? [...run.state.reverts, now].slice(-10) : run.state.reverts,
    });
    for (const { end } of done) tellWritten(run, end);
  }
  run.change({ head: after.revision, ...(after.pins === undefined ? {} : { pins: after.pins }) });
  for (const { end } of done) {
    if (end.kind !== 'refused') continue;
    const { message, remedy = 'revert in Git yourself, or push a fix' } = end.problem;
    return run.hold({ code: 'RevertRefused', reason: `Git refused the revert: ${message}`, remedy });
  }
  if (fix?.kind === 'superseded')
    run.tell(`no revert: ${fix.revision.slice(0, 12)} was pushed on top and is tried next`);
  else if (awaitProposals(run, done, { bad: bad.revision, good: good.revision })) return undefined;
  return after.revision;
}

function tellWritten(run: ApplicationRun, end: Restored['end']): void {
  if (end.kind === 'pushed') run.tell(`Git reverted by ${end.revision.slice(0, 12)}`);
  else if (end.kind === 'already') run.tell(`Git is back already at ${end.revision.slice(0, 12)}`);
}
