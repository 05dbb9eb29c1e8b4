import type { MemberRestore } from '../domain/release/state';
import type { RevisionPlan } from '../domain/revision-plan';
import type { FailureReport } from '../domain/rollout-status';
import { decideRevert } from '../domain/write-back/decide-revert';
import type { Pinned, PlannedRestore } from '../domain/write-back/planned-restores';
import { proposalFor } from '../domain/write-back/proposal';
import { record } from './application-finish';
import { turnBack } from './application-member-gates';
import { report, type ReportFacts } from './application-member-report';
import { whyTurned } from './application-member-turn';
import { inTheWay, noteFailure } from './application-revert';
import type { ApplicationRun } from './application-run';
import type { FailedRollouts, RolloutsResult } from './rollout-ends';

/** What Git would have to go back to, as after a failure without a release, or why it must not be written. */
export function restoresOf(run: ApplicationRun, { revision, pins = run.pins() }: Pinned): ReportFacts {
  const bad = { revision, ...(pins === undefined ? {} : { pins }) };
  const decision = decideRevert(run.spec, run.state, { bad, now: Date.now() });
  if (decision.kind === 'hold') return { unwritable: decision.hold.reason };
  return { restores: decision.restores.map((restore) => memberRestore(run, restore)) };
}

/** The pull request is written by the release; what the application's policy wants of it goes along. */
function memberRestore({ spec }: ApplicationRun, planned: PlannedRestore): MemberRestore {
  const { sources: _sources, ...restore } = planned;
  const wanted = proposalFor(spec, planned, { subject: '', body: '' });
  if (wanted === undefined) return restore;
  const { when, labels, reviewers, autoMerge } = wanted;
  return { ...restore, proposal: { when, labels, reviewers, autoMerge } };
}

/** A rollout, a hook or a wave of the member has failed, or a person has aborted it: all of its traffic goes back, and its objects wait. */
export async function failedMember(
  run: ApplicationRun,
  plan: RevisionPlan,
  result: Exclude<RolloutsResult, { kind: 'promoted' }>,
): Promise<void> {
  const failed = result.kind === 'failed' ? result : overtaken(plan);
  const { failure, workload, isAbort } = failed;
  await turnBack(run, `${workload.name} failed`);
  record(run, plan, { result: isAbort ? 'aborted' : 'failed', message: failure.sentence });
  noteFailure(run, plan.revision, failed);
  const hold = inTheWay(failed);
  report(run, 'failed', failure.sentence, {
    failure: { ...failure, workload: workload.name },
    ...(hold === undefined ? {} : { unwritable: hold.reason }),
  });
}

/** The revision cannot come out at all: nobody is blamed for more than that. */
export async function couldNot(run: ApplicationRun, failure: Omit<FailureReport, 'at'>): Promise<void> {
  await turnBack(run, failure.sentence);
  report(run, 'failed', failure.sentence, { failure: { ...failure, at: Date.now() } });
}

/** Another member has failed, or somebody wants the release back: traffic goes back without blame, and the objects wait. */
export async function takenBack(run: ApplicationRun, plan: RevisionPlan): Promise<void> {
  const why = whyTurned(run);
  run.begin('rollback', `traffic goes back: ${why}`, plan.revision);
  await turnBack(run, why);
  record(run, plan, { result: 'aborted', message: why });
  run.tell(`traffic is back from ${plan.revision.slice(0, 12)}: ${why}`);
  report(run, 'trafficBack', 'all traffic is on the old version');
}

/** Its rollout gave way to another one: nobody but the release should have started one. */
function overtaken({ workloads, content, tree }: RevisionPlan): FailedRollouts {
  const [first] = workloads;
  const sentence = 'another rollout has taken its place';
  return {
    kind: 'failed',
    failure: { code: 'Superseded', sentence, at: Date.now() },
    workload: { name: first?.name ?? 'the sync', version: first?.version ?? content ?? tree },
    isAbort: true,
  };
}
