import { delivered, goodEnd, recorded, type Left, type SyncEnd } from '../domain/delivered-state';
import type { AtOnceDone } from '../activities/deliver-at-once';
import type { ApplyResult } from '../activities/sync';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import { apply, settled } from './application-apply';
import type { ApplicationRun } from './application-run';
import { revisionOf, type SyncOptions } from './application-delivery';
import { refuse } from './application-read';
import { forgetWindow } from './application-window';

/** Everything is out: the rest is applied, what is gone from Git is pruned, and the revision is the good one. False: it could not be applied. */
export async function finish(
  run: ApplicationRun,
  plan: RevisionPlan,
  rolled: readonly WorkloadPlan[],
  { prune, confirmed = false }: SyncOptions,
): Promise<boolean> {
  const { revision } = plan;
  const rest = rolled.length === 0 ? 'try everything, then apply' : 'apply the rest of';
  const summary = `${rest} ${revision.slice(0, 12)}${prune ? ' and prune' : ''}`;
  const done = await apply(run, summary, {
    ...revisionOf(plan),
    stage: 'after',
    treatments: settled(run.state),
    fix: true,
    prune,
    ...(confirmed ? { confirmed } : {}),
  });
  if (done === undefined) return false;
  conclude(run, { plan, rolled, at: Date.now() }, done);
  return true;
}

/** Takes over what was delivered with the reading; true when the state is mirrored already. */
export function takeAtOnce(run: ApplicationRun, plan: RevisionPlan, done: AtOnceDone): boolean {
  forgetWindow(run);
  if (done.kind === 'unchanged') take(run, plan, { ...leftAlone(run), at: done.at });
  else {
    if (plan.content !== undefined) run.change({ applied: plan.content });
    if (done.result.problems.length > 0) refuse(run, plan.revision, done.result.problems);
    else conclude(run, { plan, rolled: [], at: done.at }, done.result);
  }
  return done.isMirrored;
}

interface Concluded {
  readonly plan: RevisionPlan;
  readonly rolled: readonly WorkloadPlan[];
  /** Epoch milliseconds. */
  readonly at: number;
}

function conclude(
  run: ApplicationRun,
  { plan, rolled, at }: Concluded,
  { unconfirmed = [], unpruned }: ApplyResult,
): void {
  run.release();
  run.problems([]);
  run.unobstructed();
  if (unconfirmed.length > 0)
    run.tell(
      `pruning waits for a person: ${unconfirmed.join(', ')}; \`belay app sync ${run.spec.name} --prune --confirm-prune\``,
    );
  take(run, plan, { unconfirmed, unpruned, at });
  const end = goodEnd(run.state, plan, rolled);
  record(run, plan, end, at);
  run.tell(`synced to ${plan.revision.slice(0, 12)}: ${end.message}`);
}

/** A revision whose manifests are those of the good one, all written and nothing in the way: nothing is asked of the cluster. */
export function takeUnchanged(run: ApplicationRun, plan: RevisionPlan): boolean {
  if (plan.content === undefined || plan.content !== deliveredContent(run)) return false;
  forgetWindow(run);
  take(run, plan, { ...leftAlone(run), at: Date.now() });
  return true;
}

function leftAlone({ state }: ApplicationRun): Left {
  return { unpruned: state.unpruned ?? [], unconfirmed: [] };
}

/** Hash of the manifests of the good revision, where they are all written and nothing is in the way. */
export function deliveredContent({ state }: ApplicationRun): string | undefined {
  const { good, applied, drift, problems, hold, unconfirmed = [] } = state;
  const isCalm =
    drift.length === 0 && problems.length === 0 && unconfirmed.length === 0 && hold === undefined;
  return isCalm && good?.content === applied ? applied : undefined;
}

function take(
  run: ApplicationRun,
  plan: RevisionPlan,
  { at, ...left }: Left & { readonly at: number },
): void {
  run.delivered = plan.workloads;
  run.change(delivered(plan, left, at));
}

/** Adds an entry to the history. */
export function record(run: ApplicationRun, plan: RevisionPlan, end: SyncEnd, at = Date.now()): void {
  const limit = run.spec.revisionHistoryLimit;
  run.change({ history: recorded(run.state.history, plan, end, { at, limit }) });
}
