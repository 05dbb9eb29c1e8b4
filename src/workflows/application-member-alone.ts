import type { RevisionPlan } from '../domain/revision-plan';
import { objectsBack } from './application-member-back';
import { passGates, turnBack } from './application-member-gates';
import { mirror } from './application-mirror';
import { rollBackRevision } from './application-revert';
import type { ApplicationRun } from './application-run';
import { syncTo } from './application-sync';
import type { FailedRollouts } from './rollout-ends';

type Release = NonNullable<ApplicationRun['state']['release']>;

/**
 * The release is gone and has not set its member free: it was terminated. What it had not brought to an end goes back as after a failure
 * of the application's own, with Git; the application says so, and waits for the next release.
 */
export async function goOnAlone(run: ApplicationRun): Promise<void> {
  const { release } = run.state;
  const how = run.member.lost ?? '';
  run.member.lost = undefined;
  if (release === undefined) return;
  const { directive, report, delivers } = release;
  const isOpen = delivers !== undefined && !['unchanged', 'committed', 'settled'].includes(report.stage);
  if (!isOpen) {
    run.drop('release');
    return mirror(run);
  }
  const gone = `${directive.release} is gone (${how})`;
  run.tell(`${gone}: going back without it`);
  run.begin('rollback', `${gone}: going back`, delivers.revision);
  await turnBack(run, gone);
  await passGates(run, 'trafficBack');
  const trouble = await objectsBack(run);
  if (trouble !== undefined) run.tell(`cannot go back: ${trouble}`);
  run.drop('release');
  const isRefused = report.failure !== undefined && keyOf(run, delivers.revision) === undefined;
  const failed = failureOf(run, release, gone);
  const next = isRefused ? undefined : await rollBackRevision(run, planOf(release), failed);
  run.end();
  await mirror(run);
  if (next !== undefined)
    await syncTo(run, next, { prune: run.spec.automated?.prune === true, isAsked: false });
}

/** As much of it as the way back in Git needs. */
function planOf({ delivers }: Release): RevisionPlan {
  const { revision = '', pins } = delivers ?? {};
  return { revision, tree: '', objects: 0, workloads: [], ...(pins === undefined ? {} : { pins }) };
}

/** Its own failure where it had one; else that the release is gone, which is nobody's fault and is kept out all the same. */
function failureOf(run: ApplicationRun, { report, delivers }: Release, gone: string): FailedRollouts {
  const revision = delivers?.revision ?? '';
  const known = keyOf(run, revision);
  const version = known ?? run.state.applied ?? revision;
  const { workload = 'the release', ...failure } = report.failure ?? {
    ...{ code: 'ReleaseGone', sentence: gone, at: Date.now() },
  };
  return { kind: 'failed', failure, workload: { name: workload, version }, isAbort: known === undefined };
}

/** The version of this revision that was put in quarantine. */
function keyOf({ state }: ApplicationRun, revision: string): string | undefined {
  return Object.entries(state.quarantine).find(([, each]) => each.revision === revision)?.[0];
}
