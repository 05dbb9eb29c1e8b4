import type { HistoryEntry } from '../domain/application-state';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import { apply, settled } from './application-apply';
import { lookedAt } from '../domain/revision-source';
import type { ApplicationRun } from './application-run';
import { revisionOf, type SyncOptions } from './application-delivery';
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
  run.release();
  run.problems([]);
  run.unobstructed();
  const { unconfirmed = [], unpruned } = done;
  if (unconfirmed.length > 0)
    run.tell(
      `pruning waits for a person: ${unconfirmed.join(', ')}; \`belay app sync ${run.spec.name} --prune --confirm-prune\``,
    );
  take(run, plan, { unconfirmed, unpruned: unpruned.slice(0, mostNames) });
  const { result, what } = describeEnd(run, plan, rolled);
  record(run, plan, result, what);
  run.tell(`synced to ${revision.slice(0, 12)}: ${what}`);
  return true;
}

/** A revision whose manifests are those of the good one, all written and nothing in the way: nothing is asked of the cluster. */
export function takeUnchanged(run: ApplicationRun, plan: RevisionPlan): boolean {
  if (plan.content === undefined || plan.content !== deliveredContent(run)) return false;
  forgetWindow(run);
  take(run, plan, { unpruned: run.state.unpruned ?? [], unconfirmed: [] });
  return true;
}

/** Hash of the manifests of the good revision, where they are all written and nothing is in the way. */
export function deliveredContent({ state }: ApplicationRun): string | undefined {
  const { good, applied, drift, problems, hold, unconfirmed = [] } = state;
  const isCalm =
    drift.length === 0 && problems.length === 0 && unconfirmed.length === 0 && hold === undefined;
  return isCalm && good?.content === applied ? applied : undefined;
}

/** As many as a person reads, and a state can hold. */
const mostNames = 50;

interface Left {
  readonly unconfirmed: readonly string[];
  readonly unpruned: readonly string[];
}

function take(run: ApplicationRun, plan: RevisionPlan, left: Left): void {
  const { revision, tree, content, workloads, pins } = plan;
  run.delivered = workloads;
  const known = { ...(pins === undefined ? {} : { pins }), ...(content === undefined ? {} : { content }) };
  run.change({
    synced: revision,
    good: { revision, tree, at: Date.now(), ...known },
    drift: [],
    ...left,
  });
}

function describeEnd(
  { state }: ApplicationRun,
  { revision, pins }: RevisionPlan,
  rolled: readonly WorkloadPlan[],
): { result: HistoryEntry['result']; what: string } {
  const { lastRevert } = state;
  if (lastRevert !== undefined && lookedAt(lastRevert.revision, lastRevert.pins) === lookedAt(revision, pins))
    return { result: 'reverted', what: `back at the good version of ${lastRevert.good.slice(0, 12)}` };
  if (rolled.length === 0) return { result: 'synced', what: 'no workload changed' };
  return { result: 'promoted', what: rolled.map((each) => each.name).join(', ') };
}

/** Adds an entry to the history. */
export function record(
  run: ApplicationRun,
  { revision, tree, workloads, pins }: RevisionPlan,
  result: HistoryEntry['result'],
  message: string,
): void {
  const { history } = run.state;
  const versions = Object.fromEntries(workloads.map((each) => [each.name, each.version]));
  const entry = {
    id: (history[0]?.id ?? 0) + 1,
    revision,
    tree,
    ...(pins === undefined ? {} : { pins }),
    at: Date.now(),
    result,
    message,
    versions,
  };
  run.change({ history: [entry, ...history].slice(0, run.spec.revisionHistoryLimit) });
}
