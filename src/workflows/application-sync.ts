import { decideSync, type SyncDecision } from '../domain/decide-sync';
import type { RevisionPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import { apply } from './application-apply';
import { runChecks } from './application-checks';
import { revisionOf, type Delivered, type SyncOptions } from './application-delivery';
import { wouldEmpty } from './application-empty';
import { goBack } from './application-go-back';
import { finish, record, takeAtOnce, takeUnchanged } from './application-finish';
import { knownFailure } from './application-confirm';
import { mirror } from './application-mirror';
import { readToSync } from './application-at-once';
import { noteMerged, settleProposals } from './application-proposals';
import { rollBackRevision } from './application-revert';
import { runRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';
import { isHeldByWindow } from './application-window';
import { deliverInSteps } from './application-steps';
import { whoBroughtBack } from './application-notice';

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
    run.deadline = undefined;
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
  const pins = run.pins();
  run.begins(lookedAt(revision, pins));
  const read = await readToSync(run, { revision, pins }, options);
  run.change({ compared: lookedAt(revision, pins) });
  if (read?.done !== undefined && takeAtOnce(run, read.plan, read.done)) return undefined;
  const isDone = read === undefined || read.done !== undefined;
  const next = isDone ? undefined : await deliver(run, read.plan, options);
  await mirror(run, run.state.good);
  return next;
}

/** Answers the revision to sync to next. */
async function deliver(
  run: ApplicationRun,
  plan: RevisionPlan,
  options: SyncOptions,
): Promise<string | undefined> {
  const { revision } = plan;
  const decision = decideSync(run.state, plan);
  if (decision.kind === 'quarantined') return holdBack(run, plan, decision);
  noteMerged(run, plan);
  if (options.isAsked) run.release();
  if (run.state.hold?.code === 'TooManyReverts') return undefined;
  if (!options.isAsked && takeUnchanged(run, plan)) return undefined;
  if (wouldEmpty(run, plan, options)) return undefined;
  if (isHeldByWindow(run, plan, options.isAsked)) return undefined;
  if (plan.content !== undefined) run.change({ applied: plan.content });
  startClock(run);
  const result = (await runChecks(run, plan)) ?? (await bringOut(run, plan, decision));
  switch (result.kind) {
    case 'refused':
      return undefined;
    case 'promoted':
      if (await finish(run, plan, decision.rolling, options)) await settleProposals(run, revision);
      return undefined;
    case 'superseded':
      run.tell(`superseded by ${(run.state.head ?? '').slice(0, 12)}`);
      record(run, plan, { result: 'superseded', message: 'a newer revision arrived' });
      run.forgetCompared(); // the newer one may be gone again
      return undefined;
    case 'failed':
      run.deadline = undefined;
      record(run, plan, {
        result: result.isAbort ? 'aborted' : 'failed',
        message: result.failure.sentence,
      });
      if (plan.steps !== undefined || run.state.good?.revision === revision) await goBack(run);
      if (run.asked.some((each) => each.kind === 'delete')) return undefined;
      return rollBackRevision(run, plan, result);
  }
}

/** The revision holds what has failed before: it is not deployed again unless a person asks (promise 5). */
async function holdBack(
  run: ApplicationRun,
  plan: RevisionPlan,
  { quarantine, version }: SyncDecision & { readonly kind: 'quarantined' },
): Promise<string | undefined> {
  const blamed = knownFailure(run, version);
  if (blamed !== undefined) return rollBackRevision(run, plan, blamed);
  if (run.state.hold !== undefined) return undefined;
  const { reason, revision: failed } = quarantine;
  const who = await whoBroughtBack(run, plan.revision, failed);
  const text = `revision ${plan.revision.slice(0, 12)}${who} holds the version that failed in ${failed.slice(0, 12)}: ${reason}`;
  const stop = who === '' ? '' : 'stop what brings it back, ';
  return run.hold({
    code: 'Quarantined',
    reason: text,
    remedy: `${stop}push a fix, or \`belay retry\` to try it again`,
  });
}

/** Where no workload changes, everything is applied at once when the sync finishes; of a member already now, as others wait for it. */
export async function bringOut(
  run: ApplicationRun,
  plan: RevisionPlan,
  decision: SyncDecision & { readonly kind: 'sync' },
): Promise<Delivered> {
  const { treatments, rolling } = decision;
  if (plan.steps !== undefined) return deliverInSteps(run, plan, decision);
  if (rolling.length === 0 && run.member.delivering === undefined) return { kind: 'promoted' };
  const summary = `try everything, then apply ${plan.revision.slice(0, 12)}`;
  const input = { ...revisionOf(plan), stage: 'before', treatments, fix: true, prune: false } as const;
  if ((await apply(run, summary, input)) === undefined) return { kind: 'refused' };
  return runRollouts(run, plan, rolling, treatments);
}

/** The time begins that the sync may take. */
export function startClock(run: ApplicationRun): void {
  const { syncTimeoutMs } = run.spec;
  if (syncTimeoutMs === undefined) return;
  const seconds = Math.round(syncTimeoutMs / 1000);
  run.deadline = { at: Date.now() + syncTimeoutMs, why: `the sync took longer than ${seconds} s` };
}
