import type { HistoryEntry } from '../domain/application-state';
import { decideSync } from '../domain/decide-sync';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import { apply, settled } from './application-apply';
import { attempt } from './application-attempt';
import { mirror } from './application-mirror';
import { readRevision } from './application-read';
import { rollBackRevision } from './application-revert';
import { runRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';
import { asking } from './proxies';

export interface SyncOptions {
  readonly prune: boolean;
  /** A person asked: a hold ends. */
  readonly isAsked: boolean;
}

/**
 * Makes the cluster equal to a revision: read and check, try everything, apply what is safe, bring changed workloads out by rollouts,
 * then apply the rest and prune. If a rollout fails, Git goes back, and the revert (or the fix that somebody pushed meanwhile) is
 * synced next. A revision that cannot be read leaves everything as it is.
 */
export async function syncTo(run: ApplicationRun, revision: string, options: SyncOptions): Promise<void> {
  try {
    for (let next: string | undefined = revision; next !== undefined;)
      next = await syncOnce(run, next, options);
  } finally {
    run.end();
  }
}

/** Answers the revision to sync to next. */
async function syncOnce(
  run: ApplicationRun,
  revision: string,
  options: SyncOptions,
): Promise<string | undefined> {
  run.begin('sync', `syncing to ${revision.slice(0, 12)}`, revision);
  const plan = await readRevision(run, revision);
  run.change({ compared: revision });
  const next = plan === undefined ? undefined : await deliver(run, plan, options);
  await mirror(run);
  return next;
}

async function deliver(
  run: ApplicationRun,
  plan: RevisionPlan,
  options: SyncOptions,
): Promise<string | undefined> {
  const { revision } = plan;
  const { prune, isAsked } = options;
  const decision = decideSync(run.state, plan);
  if (decision.kind === 'quarantined') {
    const { reason, revision: failed } = decision.quarantine;
    const text = `revision ${revision.slice(0, 12)} holds the version that failed in ${failed.slice(0, 12)}: ${reason}`;
    if (run.blamed !== undefined) return rollBackRevision(run, plan, run.blamed);
    if (run.state.hold === undefined)
      run.hold({ code: 'Quarantined', reason: text, remedy: 'push a fix, or `belay retry` to try it again' });
    return undefined;
  }
  if (isAsked) run.release();
  if (run.state.hold?.code === 'TooManyReverts') return undefined;
  const { treatments, rolling } = decision;
  const summary = `try everything, then apply ${revision.slice(0, 12)}`;
  if ((await apply(run, summary, { revision, stage: 'before', treatments, fix: true, prune })) === undefined)
    return undefined;
  const result = await runRollouts(run, plan, rolling, treatments);
  switch (result.kind) {
    case 'promoted':
      await finish(run, plan, rolling, options);
      return undefined;
    case 'superseded':
      run.tell(`superseded by ${(run.state.head ?? '').slice(0, 12)}`);
      record(run, plan, 'superseded', 'a newer revision arrived');
      run.forgetCompared(); // the newer one may be gone again
      return undefined;
    case 'failed':
      record(run, plan, result.isAbort ? 'aborted' : 'failed', result.failure.sentence);
      if (run.asked.some((each) => each.kind === 'delete')) return undefined;
      return rollBackRevision(run, plan, result);
  }
}

/** Everything is out: the rest is applied, what is gone from Git is pruned, and the revision is the good one. */
async function finish(
  run: ApplicationRun,
  plan: RevisionPlan,
  rolled: readonly WorkloadPlan[],
  { prune }: SyncOptions,
): Promise<void> {
  const { revision, tree } = plan;
  const summary = `apply the rest of ${revision.slice(0, 12)}${prune ? ' and prune' : ''}`;
  if (
    (await apply(run, summary, {
      revision,
      stage: 'after',
      treatments: settled(run.state),
      fix: true,
      prune,
    })) === undefined
  )
    return;
  run.release();
  run.problems([]);
  run.unobstructed();
  run.delivered = plan.workloads;
  run.change({ synced: revision, good: { revision, tree, at: Date.now() }, drift: [] });
  const { result, what } = describeEnd(run, revision, rolled);
  record(run, plan, result, what);
  run.tell(`synced to ${revision.slice(0, 12)}: ${what}`);
  const { spec, state } = run;
  const cluster = state.cluster?.id ?? '';
  await attempt(() =>
    asking(cluster).keepGood.executeWithOptions({ summary: 'keep the good commit' }, [{ spec, revision }]),
  );
}

function describeEnd(
  { state }: ApplicationRun,
  revision: string,
  rolled: readonly WorkloadPlan[],
): { result: HistoryEntry['result']; what: string } {
  const { lastRevert } = state;
  if (lastRevert?.revision === revision)
    return { result: 'reverted', what: `back at the good version of ${lastRevert.good.slice(0, 12)}` };
  if (rolled.length === 0) return { result: 'synced', what: 'no workload changed' };
  return { result: 'promoted', what: rolled.map((each) => each.name).join(', ') };
}

function record(
  run: ApplicationRun,
  { revision, tree, workloads }: RevisionPlan,
  result: HistoryEntry['result'],
  message: string,
): void {
  const { history } = run.state;
  const versions = Object.fromEntries(workloads.map((each) => [each.name, each.version]));
  const entry = { id: (history[0]?.id ?? 0) + 1, revision, tree, at: Date.now(), result, message, versions };
  run.change({ history: [entry, ...history].slice(0, run.spec.revisionHistoryLimit) });
}
