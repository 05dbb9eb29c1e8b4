import { condition } from '@temporalio/workflow';
import type { ApplicationState } from '../domain/application-state';
import { planUndo } from '../domain/write-back/plan-undo';
import type { DeleteRequest, Request, UndoRequest } from '../messages/application';
import { attempt } from './application-attempt';
import { leaveRelease } from './application-member-leave';
import { awaitProposals } from './application-proposals';
import { current, restoreAll, revisionsAfter, type Wanted } from './application-restore';
import { abortRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';
import type { SyncOptions } from './application-delivery';
import { syncTo } from './application-sync';
import { arranging, asking, writing } from './proxies';

/** Finds the cluster, recalls what an earlier life has left there, and makes sure that observers watch. */
export async function beginDelivery(run: ApplicationRun): Promise<void> {
  const { spec } = run;
  const found = await attempt(() =>
    arranging.resolveDestination.executeWithOptions({ summary: 'find the cluster' }, [{ spec }]),
  );
  if (!found.ok) return run.obstructed(found.error);
  if (found.value.kind === 'unknown') {
    const { problem } = found.value;
    run.obstructed({ code: problem.code, message: problem.message }); // its worker may be on its way
    return run.problems([problem]);
  }
  const { id, server } = found.value;
  const isNew = run.state.good === undefined && run.state.history.length === 0;
  if (isNew && !(await recall(run, id))) return; // nothing is synced before: what is quarantined may be in there
  run.change({ cluster: { id, server } });
  const watched = await attempt(() =>
    asking(id).watchSources.executeWithOptions({ summary: 'watch Git and the cluster' }, [
      { spec, cluster: id },
    ]),
  );
  if (!watched.ok) run.obstructed(watched.error);
  else if (run.state.compared === undefined) run.problems([]); // else they are the compared revision's, from before a continue-as-new
}

/** Promise 9: the mirror in the cluster knows more than a new application does. False when it cannot be asked. */
async function recall(run: ApplicationRun, cluster: string): Promise<boolean> {
  const { spec } = run;
  const recalled = await attempt(() =>
    asking(cluster).recallState.executeWithOptions({ summary: 'recall the mirrored state' }, [{ spec }]),
  );
  if (!recalled.ok) run.obstructed(recalled.error);
  if (!recalled.ok || recalled.value === null) return recalled.ok;
  const { spec: _spec, ...state } = JSON.parse(recalled.value) as Partial<ApplicationState> & {
    spec?: unknown;
  };
  run.change(state);
  run.tell('recalled the state that an earlier application of this name has left in the cluster');
  return true;
}

/** Deploys the failed revision again because a person asks: before the revert by lifting the quarantine, after it in Git too. */
export async function retry(run: ApplicationRun, request: Request): Promise<void> {
  const { lastFailure, lastRevert, quarantine } = run.state;
  if (lastFailure === undefined) return;
  const lifted = Object.fromEntries(
    Object.entries(quarantine).filter(([, each]) => each.revision !== lastFailure.revision),
  );
  run.change({ quarantine: lifted, reverts: [] });
  run.release();
  const failed = lastFailure.revision.slice(0, 12);
  run.tell(`${request.requestedBy} retries ${failed}`);
  const head = await knownHead(run);
  if (head === undefined) return run.tell(`Git has not told its head yet: ${failed} is tried when it does`);
  const writes = lastRevert?.bad === lastFailure.revision ? (lastRevert.writes ?? []) : [];
  if (writes.length === 0) return syncTo(run, head, options(run));
  run.begin('restore', `bringing ${failed} back in Git`);
  const body = `${request.requestedBy} asked to deploy again what ${writes.map(({ revision }) => revision.slice(0, 12)).join(', ')} reverted${because(request)}.`;
  await bringBack(run, {
    restores: writes.map(({ revision, ...write }) => ({ ...write, good: write.bad, bad: revision })),
    text: { subject: `Retry ${run.spec.name} at ${failed}`, body },
    reason: 'Retry',
  });
}

/** After a recovery somebody may ask before the observer has told what Git holds. */
async function knownHead(run: ApplicationRun): Promise<string | undefined> {
  const isKnown = (): boolean => run.state.head !== undefined;
  if (!isKnown()) await condition(isKnown, '1 minute', { summary: 'until Git has told its head' });
  return run.state.head;
}

/** Git and the cluster go back to an earlier good revision, by the same path as a revert. */
export async function undo(run: ApplicationRun, request: UndoRequest): Promise<void> {
  const { spec, state } = run;
  const plan = planUndo(spec, state, request.toRevision);
  if (plan.kind === 'refused') return run.tell(`nothing to undo: ${plan.why}`);
  const { target, restores } = plan;
  const to = target.revision.slice(0, 12);
  run.begin('restore', `undoing: back to ${to}`);
  const body = `${request.requestedBy} asked to go back to an earlier revision${because(request)}.`;
  await bringBack(run, {
    restores,
    text: { subject: `Undo ${spec.name}: back to ${to}`, body },
    reason: 'Undo',
  });
}

function because({ reason }: Request): string {
  return reason === undefined ? '' : `: ${reason}`;
}

function options(run: ApplicationRun): SyncOptions {
  return { prune: run.spec.automated?.prune === true, isAsked: true };
}

/** Syncs to what the writers have made of Git; a pull request is waited for instead. */
async function bringBack(run: ApplicationRun, wanted: Wanted): Promise<void> {
  const before = current(run);
  const done = await restoreAll(run, wanted);
  const after = await revisionsAfter(run, before, done);
  run.end();
  const refused = done.find(({ end }) => end.kind === 'refused')?.end;
  if (refused?.kind === 'refused') {
    const { message, remedy = 'write Git yourself' } = refused.problem;
    return run.hold({ code: 'RevertRefused', reason: `Git refused it: ${message}`, remedy });
  }
  const [first] = wanted.restores;
  if (awaitProposals(run, done, { bad: first?.bad ?? '', good: first?.good ?? '' })) return;
  run.change({ head: after.revision, ...(after.pins === undefined ? {} : { pins: after.pins }) });
  await syncTo(run, after.revision, options(run));
}

/** Rollouts go back first; then the objects go, if asked, and nobody watches any more. False: it goes on. */
export async function endDelivery(run: ApplicationRun, request: DeleteRequest): Promise<boolean> {
  const { spec, state } = run;
  const { cascade, confirmed = false } = request;
  run.begin('delete', 'deleting');
  await leaveRelease(run);
  abortRollouts(run, 'the application is deleted');
  await condition(() => run.rollouts.size === 0, '10 minutes', { summary: 'until the rollouts are back' });
  if (state.cluster !== undefined) {
    const { id } = state.cluster;
    if (cascade && !(await deleteObjects(run, id, confirmed))) {
      run.member.isLeaving = false;
      return false;
    }
    await attempt(() =>
      asking(id).forgetSources.executeWithOptions({ summary: 'stop watching' }, [{ spec }]),
    );
  }
  run.end();
  return true;
}

/** False: it was not done, because a person has to confirm it (`Delete=confirm`) or has to mend what is in the way. */
async function deleteObjects(run: ApplicationRun, cluster: string, confirmed: boolean): Promise<boolean> {
  const { spec } = run;
  const done = await attempt(() =>
    writing(cluster).deleteObjects.executeWithOptions({ summary: 'delete its objects' }, [
      { spec, ...(confirmed ? { confirmed } : {}) },
    ]),
  );
  if (!done.ok) {
    run.end();
    run.tell(`not deleted: ${done.error.message}; ask again, or without --cascade to leave its objects`);
    return false;
  }
  const { unconfirmed } = done.value;
  if (unconfirmed.length === 0) return true;
  run.end();
  run.tell(
    `not deleted: ${unconfirmed.join(', ')} must be confirmed; \`belay app delete ${spec.name} --cascade --confirm\``,
  );
  return false;
}
