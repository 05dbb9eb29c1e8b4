import type { ApplyInput } from '../activities/sync';
import type { HistoryEntry, WorkloadState } from '../domain/application-state';
import { decideSync, type Treatment } from '../domain/decide-sync';
import { describeProblem } from '../domain/problem';
import type { RevisionPlan, WorkloadPlan } from '../domain/revision-plan';
import { attempt, cannotReach } from './application-attempt';
import { rollBackRevision } from './application-revert';
import { runRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';
import { asking, writing } from './proxies';

export interface SyncOptions {
  readonly prune: boolean;
  /** A person asked: a revision that failed before is tried again. */
  readonly isAsked: boolean;
}

/**
 * Makes the cluster equal to a revision: read and check, try everything, apply what is safe, bring changed workloads out by rollouts,
 * then apply the rest and prune. If a rollout fails, Git goes back. A revision that cannot be read leaves everything as it is.
 */
export async function syncTo(run: ApplicationRun, revision: string, options: SyncOptions): Promise<void> {
  run.begin('sync', `syncing to ${revision.slice(0, 12)}`, revision);
  try {
    const plan = await readRevision(run, revision);
    run.change({ compared: revision });
    if (plan !== undefined) await deliver(run, plan, options);
    await mirror(run);
  } finally {
    run.end();
  }
}

/** The revision's content as facts, or undefined with the problems noted. */
export async function readRevision(run: ApplicationRun, revision: string): Promise<RevisionPlan | undefined> {
  const { spec, state } = run;
  const summary = `read ${revision.slice(0, 12)}`;
  const answer = await attempt(() =>
    asking(state.cluster?.id ?? '').planRevision.executeWithOptions({ summary }, [{ spec, revision }]),
  );
  if (!answer.ok) {
    run.problems([cannotReach(answer.error)]);
    return undefined;
  }
  if (answer.value.kind === 'planned') return answer.value.plan;
  refuse(run, revision, answer.value.problems);
  return undefined;
}

function refuse(
  run: ApplicationRun,
  revision: string,
  problems: Parameters<ApplicationRun['problems']>[0],
): void {
  run.problems(problems);
  const [first] = problems;
  run.tell(
    `revision ${revision.slice(0, 12)} is refused, nothing was applied: ${first === undefined ? '' : describeProblem(first)}`,
  );
}

async function deliver(run: ApplicationRun, plan: RevisionPlan, options: SyncOptions): Promise<void> {
  const { revision } = plan;
  const decision = decideSync(run.state, plan);
  if (decision.kind === 'quarantined') {
    const { reason, revision: failed } = decision.quarantine;
    const text = `revision ${revision.slice(0, 12)} holds the version that failed in ${failed.slice(0, 12)}: ${reason}`;
    if (run.state.hold === undefined)
      run.hold({ code: 'Quarantined', reason: text, remedy: 'push a fix, or `belay retry` to try it again' });
    return;
  }
  if (options.isAsked) run.release();
  if (run.state.hold?.code === 'TooManyReverts') return;
  const { treatments, rolling } = decision;
  if (!(await apply(run, { revision, stage: 'before', treatments, fix: true, prune: options.prune }))) return;
  const result = await runRollouts(run, plan, rolling, treatments);
  if (result.kind === 'superseded') {
    run.tell(`superseded by ${(run.state.head ?? '').slice(0, 12)}`);
    record(run, plan, 'superseded', 'a newer revision arrived');
  } else if (result.kind === 'failed') {
    record(run, plan, result.isAbort ? 'aborted' : 'failed', result.failure.sentence);
    await rollBackRevision(run, plan, result, options);
  } else {
    await finish(run, plan, rolling, options);
  }
}

/** Everything is out: the rest is applied, what is gone from Git is pruned, and the revision is the good one. */
async function finish(
  run: ApplicationRun,
  plan: RevisionPlan,
  rolled: readonly WorkloadPlan[],
  options: SyncOptions,
): Promise<void> {
  const { revision, tree } = plan;
  if (
    !(await apply(run, {
      revision,
      stage: 'after',
      treatments: settled(run, plan),
      fix: true,
      prune: options.prune,
    }))
  )
    return;
  const isRevert = run.state.lastRevert?.revision === revision;
  run.release();
  run.problems([]);
  run.change({ synced: revision, good: { revision, tree, at: Date.now() }, drift: [] });
  const what = isRevert
    ? `back at the good version of ${run.state.lastRevert?.good.slice(0, 12) ?? ''}`
    : rolled.length === 0
      ? 'no workload changed'
      : rolled.map((each) => each.name).join(', ');
  record(run, plan, isRevert ? 'reverted' : rolled.length === 0 ? 'synced' : 'promoted', what);
  run.tell(`synced to ${revision.slice(0, 12)}: ${what}`);
  const { spec, state } = run;
  await attempt(() =>
    asking(state.cluster?.id ?? '').keepGood.executeWithOptions({ summary: 'keep the good commit' }, [
      { spec, revision },
    ]),
  );
}

function settled(run: ApplicationRun, plan: RevisionPlan): Readonly<Record<string, Treatment>> {
  return Object.fromEntries(
    plan.workloads.map((each) => [each.name, treatmentOf(run.state.workloads[each.name])]),
  );
}

function treatmentOf(known: WorkloadState | undefined): Treatment {
  return { kind: 'settled', ...(known?.rolloutId === undefined ? {} : { rolloutId: known.rolloutId }) };
}

/** True when it was applied; else the problems are noted and nothing was written. */
async function apply(run: ApplicationRun, input: Omit<ApplyInput, 'spec'>): Promise<boolean> {
  const { spec, state } = run;
  const summary = `${input.stage === 'before' ? 'try, then apply' : 'apply the rest of'} ${input.revision.slice(0, 12)}`;
  const applied = await attempt(() =>
    writing(state.cluster?.id ?? '').applyRevision.executeWithOptions({ summary }, [{ spec, ...input }]),
  );
  if (!applied.ok) run.problems([cannotReach(applied.error)]);
  else if (applied.value.problems.length > 0) refuse(run, input.revision, applied.value.problems);
  else return true;
  return false;
}

function record(
  run: ApplicationRun,
  { revision, tree, workloads }: RevisionPlan,
  result: HistoryEntry['result'],
  message: string,
): void {
  const { history } = run.state;
  const versions = Object.fromEntries(workloads.map((each) => [each.name, each.version]));
  const entry: HistoryEntry = {
    id: (history[0]?.id ?? 0) + 1,
    revision,
    tree,
    at: Date.now(),
    result,
    message,
    versions,
  };
  run.change({ history: [entry, ...history].slice(0, run.spec.revisionHistoryLimit) });
}

/** Brings drifted objects back, or reports them where self-heal is off. Leased workloads are left alone. */
export async function heal(run: ApplicationRun, rolling: Readonly<Record<string, Treatment>>): Promise<void> {
  const hints = run.takeHints();
  const { spec, state } = run;
  const revision = state.good?.revision;
  if (revision === undefined || state.cluster === undefined) return;
  const fix = spec.automated?.selfHeal === true;
  const known = Object.fromEntries(
    Object.entries(state.workloads).map(([name, each]) => [name, treatmentOf(each)]),
  );
  const input = {
    spec,
    revision,
    stage: 'heal' as const,
    treatments: { ...known, ...rolling },
    fix,
    prune: false,
  };
  const summary = `${fix ? 'heal' : 'look at'} ${hints.slice(0, 3).join(', ')}`;
  const healed = await attempt(() =>
    writing(state.cluster?.id ?? '').applyRevision.executeWithOptions({ summary }, [input]),
  );
  if (!healed.ok || healed.value.problems.length > 0) return;
  if (healed.value.applied.length > 0) {
    run.change({ heals: [...run.state.heals, Date.now()].slice(-10), drift: [] });
    run.tell(`healed ${healed.value.applied.join(', ')}`);
  } else {
    run.change({ drift: healed.value.differing });
  }
}

/** What Belay knows is kept beside the application too (promise 9). */
export async function mirror(run: ApplicationRun): Promise<void> {
  const { spec, state } = run;
  const { good, quarantine, hold, workloads, history, branch, lastRevert, reverts } = state;
  const text = JSON.stringify({
    good,
    quarantine,
    hold,
    workloads,
    history,
    branch,
    lastRevert,
    reverts,
    spec,
  });
  await attempt(() =>
    asking(state.cluster?.id ?? '').mirrorState.executeWithOptions({ summary: 'mirror the state' }, [
      { spec, state: text },
    ]),
  );
}
