import { setHandler } from '@temporalio/workflow';
import { planUndo } from '../domain/write-back/plan-undo';
import * as messages from '../messages/application';
import { refuseDelete, refuseForMember, refuseSync } from './application-member-refusals';
import { listenAsMember } from './application-member-messages';
import { report } from './application-member-report';
import type { ApplicationRun, Asked } from './application-run';

/** What people and other workflows may say to an application. Handlers only note what is wanted; validators are pure and say why not. */
export function listen(run: ApplicationRun): void {
  setHandler(messages.statusQuery, () => run.status());
  listenAsMember(run);
  setHandler(messages.gitChangedSignal, (change) => gitChanged(run, change));
  setHandler(messages.healthChangedSignal, (seen) => run.change({ seen }));
  setHandler(messages.clusterChangedSignal, ({ objects }) => objects.forEach((each) => run.hints.add(each)));
  setHandler(messages.rolloutEndedSignal, ({ rolloutId, outcome }) => void run.ended.set(rolloutId, outcome));
  setHandler(
    messages.restoreEndedSignal,
    ({ requestId, result }) => void run.restored.set(requestId, result),
  );
  setHandler(
    messages.restoreDelayedSignal,
    ({ requestId, problem }) => void run.delayed.set(requestId, problem),
  );
  setHandler(
    messages.configureUpdate,
    (spec) => ask(run, { kind: 'configure', spec }, 'the new specification is taken over'),
    {
      description: 'Replace the specification',
    },
  );
  setHandler(
    messages.syncUpdate,
    (request) => ask(run, { kind: 'sync', request }, `${run.spec.name} syncs`),
    {
      validator: (request: messages.SyncRequest) => maySync(run, request),
      description: 'Make the cluster equal to Git now',
    },
  );
  setHandler(
    messages.retryUpdate,
    (request) => ask(run, { kind: 'retry', request }, 'the failed revision is tried again'),
    {
      validator: (_request) => {
        refuseForMember(run, 'retry');
        refuseUnless(run.state.lastFailure !== undefined, 'nothing has failed, so there is nothing to retry');
      },
      description: 'Lift the quarantine and deploy the failed revision again',
    },
  );
  setHandler(
    messages.undoUpdate,
    (request) => ask(run, { kind: 'undo', request }, 'Git goes back to the earlier revision'),
    {
      validator: (request: messages.UndoRequest) => mayUndo(run, request),
      description: 'Go back to an earlier good revision, in Git and in the cluster',
    },
  );
  setHandler(
    messages.deleteUpdate,
    (request) => {
      report(run, 'gone', 'it is being deleted');
      return ask(run, { kind: 'delete', request }, `${run.spec.name} is being deleted`);
    },
    {
      validator: ({ now }) => {
        if (now !== true) refuseDelete(run);
        refuseUnless(
          now === true || run.operation?.kind !== 'rollback',
          'a rollback is in progress; wait for it, or use --now',
        );
      },
      description: 'Stop delivering the application',
    },
  );
}

function ask(run: ApplicationRun, asked: Asked, message: string): messages.Accepted {
  run.asked.push(asked);
  return { message };
}

function gitChanged(run: ApplicationRun, change: messages.GitChanged): void {
  if (change.kind === 'revision' && change.source !== undefined)
    return pinChanged(run, change.source, change);
  if (change.kind === 'problem') {
    run.sourceProblem = { problem: change.problem, since: run.sourceProblem?.since ?? Date.now() };
    if (
      change.problem.code === 'RevisionNotFound' &&
      change.source === undefined &&
      run.state.synced !== undefined &&
      run.state.hold === undefined
    ) {
      run.hold({
        code: 'BranchDeleted',
        reason: change.problem.message,
        remedy: 'bring the branch back, or point the application at another one',
      });
    }
    run.show();
    return;
  }
  run.sourceProblem = undefined;
  if (run.state.hold?.code === 'BranchDeleted') run.release();
  const { branch: _branch, ...rest } = run.state;
  const { head, synced } = rest;
  const isSame = head !== undefined && change.same === head;
  const wasCompared = isSame && run.isCompared(head);
  run.state = {
    ...rest,
    head: change.revision,
    ...(change.branch === undefined ? {} : { branch: change.branch }),
    // The good revision stays the one that was delivered: that commit is kept, and has the same.
    ...(isSame && synced === head ? { synced: change.revision } : {}),
  };
  if (wasCompared) run.compared();
  run.show();
}

function pinChanged(
  run: ApplicationRun,
  source: number,
  { revision, branch = '', same }: messages.GitChanged & { readonly kind: 'revision' },
): void {
  run.sourceProblem = undefined;
  const at = source - 1;
  const { good } = run.state;
  const isSame = same !== undefined && run.state.pins?.[at] === same;
  const wasCompared = isSame && run.isCompared(run.state.head);
  const known = run.state.pinBranches ?? [];
  const pins = (run.pins() ?? []).map((pin, index) => (index === at ? revision : pin));
  const pinBranches = pins.map((_pin, index) => (index === at ? branch : (known[index] ?? '')));
  const goodPins = good?.pins?.map((pin, index) => (index === at && pin === same ? revision : pin));
  const isMoved = isSame && good !== undefined && goodPins !== undefined;
  run.change({ pins, pinBranches, ...(isMoved ? { good: { ...good, pins: goodPins } } : {}) });
  if (wasCompared) run.compared();
}

function maySync(run: ApplicationRun, { revision }: messages.SyncRequest): void {
  const { spec, state } = run;
  refuseSync(run, revision);
  const isOther = revision !== undefined && revision !== state.head;
  refuseUnless(
    !isOther || spec.automated === undefined,
    'another revision than the tracked one needs an application without automated sync; push it, or use undo',
  );
  refuseUnless(
    revision === undefined || /^[0-9a-f]{40}$/.test(revision),
    `revision ${revision ?? ''} is not a full commit id of 40 hexadecimal digits`,
  );
  refuseUnless(
    state.hold?.code !== 'Quarantined' || !run.isCompared(state.head),
    `${spec.name} is held: ${state.hold?.reason ?? ''}; use retry to deploy it all the same`,
  );
}

function mayUndo(run: ApplicationRun, { toRevision }: messages.UndoRequest): void {
  refuseForMember(run, 'undo');
  refuseUnless(run.rollouts.size === 0, 'a rollout is in progress; use abort');
  const plan = planUndo(run.spec, run.state, toRevision);
  if (plan.kind === 'refused') throw new Error(plan.why);
}

function refuseUnless(isAllowed: boolean, why: string): void {
  if (!isAllowed) throw new Error(why);
}
