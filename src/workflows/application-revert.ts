import { condition, uuid4, workflowInfo } from '@temporalio/workflow';
import { decideRevert } from '../domain/decide-revert';
import { revertMessage } from '../domain/revert-message';
import type { RevisionPlan } from '../domain/revision-plan';
import { applicationId, type RestoreEnded } from '../messages/application';
import type { RestoreRequest } from '../ports/git';
import { attempt } from './application-attempt';
import type { FailedRollouts } from './rollout-ends';
import type { ApplicationRun } from './application-run';
import { mirror } from './application-mirror';
import { asking } from './proxies';

const askAgainMs = 30_000;

/**
 * The Git half of a rollback. Traffic is back already; the bad version is quarantined and the hold of self-heal is this very
 * operation. Then Git's path goes back to the last good tree, and the commit is taken in at once: nothing rolls, all is Healthy.
 */
export async function rollBackRevision(
  run: ApplicationRun,
  plan: RevisionPlan,
  failed: FailedRollouts,
): Promise<string | undefined> {
  const { revision } = plan;
  const { failure, workload } = failed;
  run.begin('rollback', `rolling back ${revision.slice(0, 12)}: ${failure.sentence}`, revision);
  const quarantined = { revision, workload: workload.name, reason: failure.sentence, at: Date.now() };
  run.change({
    quarantine: { ...run.state.quarantine, [workload.version]: quarantined },
    lastFailure: { ...failure, revision, workload: workload.name },
  });
  run.tell(
    `${workload.name} of ${revision.slice(0, 12)} ${failed.isAbort ? 'was aborted' : 'failed'}: ${failure.sentence}`,
  );
  if (failure.code === 'StableAlsoFails') {
    return run.hold({
      code: 'StableAlsoFails',
      reason: failure.sentence,
      remedy: 'mend what both versions need, then `belay retry`',
    });
  }
  if (failed.goodAlsoFails !== undefined) {
    return run.hold({
      code: 'GoodFailsToo',
      reason: `the last good version fails too: ${failed.goodAlsoFails}`,
      remedy: 'push a fix',
    });
  }
  const decision = decideRevert(run.spec, run.state, { bad: revision, now: Date.now() });
  if (decision.kind === 'hold') return run.hold(decision.hold);
  await mirror(run);
  const { good, branch } = decision;
  const text = revertMessage({
    application: run.spec.name,
    path: run.spec.source.path,
    bad: revision,
    good: good.revision,
    failure,
    workload: workload.name,
    isAbort: failed.isAbort,
  });
  const result = await restore(run, {
    branch,
    goodRevision: good.revision,
    badRevision: revision,
    ...text,
    reason: failure.code,
  });
  run.blamed = result.kind === 'superseded' ? failed : undefined;
  return takeIn(run, result, { bad: revision, good: good.revision });
}

interface Restore {
  readonly branch: string;
  readonly goodRevision: string;
  readonly badRevision: string;
  readonly subject: string;
  readonly body: string;
  readonly reason: string;
}

/** Asks the one writer of the branch, and waits for its answer; asked again, it finds its own commit by the trailer. */
export async function restore(
  run: ApplicationRun,
  { reason, ...wanted }: Restore,
): Promise<RestoreEnded['result']> {
  const { spec, state } = run;
  const requestId = `${workflowInfo().workflowId}/${uuid4()}`;
  const request: RestoreRequest = {
    repoUrl: spec.source.repoUrl,
    path: spec.source.path,
    ...wanted,
    trailers: {
      'Belay-Application': spec.name,
      'Belay-Run': requestId,
      'Belay-Bad-Revision': wanted.badRevision,
      'Belay-Good-Revision': wanted.goodRevision,
      'Belay-Reason': reason,
    },
  };
  for (;;) {
    const replyTo = applicationId(spec.name);
    await attempt(() =>
      asking(state.cluster?.id ?? '').requestRestore.executeWithOptions({ summary: wanted.subject }, [
        { requestId, replyTo, request },
      ]),
    );
    await condition(() => run.restored.has(requestId), askAgainMs, {
      summary: 'for the writer of the branch',
    });
    const result = run.restored.get(requestId);
    if (result === undefined) continue;
    run.restored.delete(requestId);
    return result;
  }
}

/** What the writer answered, as the revision to sync to: our commit is recognised on the way back in, a hotfix on top is tried, a refusal is held. */
export function takeIn(
  run: ApplicationRun,
  result: RestoreEnded['result'],
  { bad, good }: { readonly bad: string; readonly good: string },
): string | undefined {
  if (result.kind === 'refused') {
    const { message, remedy } = result.problem;
    return run.hold({
      code: 'RevertRefused',
      reason: `Git refused the revert: ${message}`,
      remedy: remedy ?? 'revert in Git yourself, or push a fix',
    });
  }
  const now = Date.now();
  if (result.kind === 'superseded') {
    run.tell(`no revert: ${result.revision.slice(0, 12)} was pushed on top and is tried next`);
  } else {
    run.change({
      lastRevert: { revision: result.revision, bad, good, at: now },
      reverts: result.kind === 'pushed' ? [...run.state.reverts, now].slice(-10) : run.state.reverts,
    });
    run.tell(
      result.kind === 'pushed'
        ? `Git reverted by ${result.revision.slice(0, 12)}`
        : `Git is back already at ${result.revision.slice(0, 12)}`,
    );
  }
  run.change({ head: result.revision });
  return result.revision;
}
