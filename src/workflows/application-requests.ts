import { condition } from '@temporalio/workflow';
import type { ApplicationState } from '../domain/application-state';
import type { DeleteRequest, Request, RestoreEnded, UndoRequest } from '../messages/application';
import { attempt } from './application-attempt';
import { restore, takeIn } from './application-revert';
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
  const { lastFailure, lastRevert, head, branch, quarantine } = run.state;
  if (lastFailure === undefined || head === undefined) return;
  const lifted = Object.fromEntries(
    Object.entries(quarantine).filter(([, each]) => each.revision !== lastFailure.revision),
  );
  run.change({ quarantine: lifted, reverts: [] });
  run.release();
  run.tell(`${request.requestedBy} retries ${lastFailure.revision.slice(0, 12)}`);
  const options = { prune: run.spec.automated?.prune === true, isAsked: true };
  const isReverted =
    lastRevert?.bad === lastFailure.revision && lastRevert.revision === head && branch !== undefined;
  if (!isReverted) return syncTo(run, head, options);
  const subject = `Retry ${run.spec.name} at ${lastFailure.revision.slice(0, 12)}`;
  const body = `${request.requestedBy} asked to deploy again what ${head.slice(0, 12)} reverted${request.reason === undefined ? '' : `: ${request.reason}`}.`;
  run.begin('restore', `bringing ${lastFailure.revision.slice(0, 12)} back in Git`);
  const result = await restore(run, {
    branch,
    goodRevision: lastFailure.revision,
    badRevision: head,
    subject,
    body,
    reason: 'Retry',
  });
  await bringBack(run, result, options);
}

/** Git and the cluster go back to an earlier good revision, by the same path as a revert. */
export async function undo(run: ApplicationRun, request: UndoRequest): Promise<void> {
  const { history, head, branch, good } = run.state;
  const isGood = ({ result }: { readonly result: string }): boolean =>
    ['promoted', 'synced', 'reverted'].includes(result);
  const target = history.find(
    (entry) =>
      isGood(entry) &&
      (request.toRevision === undefined
        ? entry.tree !== good?.tree
        : entry.revision.startsWith(request.toRevision)),
  );
  if (target === undefined || head === undefined || branch === undefined) {
    run.tell('nothing to undo: there is no earlier good revision in the history');
    return;
  }
  run.begin('restore', `undoing: back to ${target.revision.slice(0, 12)}`);
  const subject = `Undo ${run.spec.name}: back to ${target.revision.slice(0, 12)}`;
  const body = `${request.requestedBy} asked to go back to an earlier revision${request.reason === undefined ? '' : `: ${request.reason}`}.`;
  const result = await restore(run, {
    branch,
    goodRevision: target.revision,
    badRevision: head,
    subject,
    body,
    reason: 'Undo',
  });
  await bringBack(run, result, { prune: run.spec.automated?.prune === true, isAsked: true });
}

/** Syncs to what the writer has made of Git. */
async function bringBack(
  run: ApplicationRun,
  result: RestoreEnded['result'],
  options: SyncOptions,
): Promise<void> {
  run.end();
  const revision = result.kind === 'refused' ? takeIn(run, result, { bad: '', good: '' }) : result.revision;
  if (revision === undefined) return;
  run.change({ head: revision });
  await syncTo(run, revision, options);
}

/** Rollouts go back first; then the objects go, if asked, and nobody watches any more. False: it goes on. */
export async function endDelivery(run: ApplicationRun, request: DeleteRequest): Promise<boolean> {
  const { spec, state } = run;
  const { cascade, confirmed = false } = request;
  run.begin('delete', 'deleting');
  abortRollouts(run, 'the application is deleted');
  await condition(() => run.rollouts.size === 0, '10 minutes', { summary: 'until the rollouts are back' });
  if (state.cluster !== undefined) {
    const { id } = state.cluster;
    if (cascade && !(await deleteObjects(run, id, confirmed))) return false;
    await attempt(() =>
      asking(id).forgetSources.executeWithOptions({ summary: 'stop watching' }, [{ spec }]),
    );
  }
  run.end();
  return true;
}

/** False: nothing was deleted, because a person has to confirm it (`Delete=confirm`). */
async function deleteObjects(run: ApplicationRun, cluster: string, confirmed: boolean): Promise<boolean> {
  const { spec } = run;
  const done = await attempt(() =>
    writing(cluster).deleteObjects.executeWithOptions({ summary: 'delete its objects' }, [
      { spec, ...(confirmed ? { confirmed } : {}) },
    ]),
  );
  const unconfirmed = done.ok ? done.value.unconfirmed : [];
  if (unconfirmed.length === 0) return true;
  run.end();
  run.tell(
    `not deleted: ${unconfirmed.join(', ')} must be confirmed; \`belay app delete ${spec.name} --cascade --confirm\``,
  );
  return false;
}
