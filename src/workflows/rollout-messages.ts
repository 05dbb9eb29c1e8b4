import { setHandler } from '@temporalio/workflow';
import type { Accepted, Request } from '../messages/application';
import { passGateSignal, weightGrantedSignal } from '../messages/release';
import * as messages from '../messages/rollout';
import type { RolloutRun } from './rollout-run';

/** What people and the application may ask of a rollout. Validators refuse with a reason; handlers only set what the story looks at. */
export function listen(run: RolloutRun): void {
  setHandler(messages.rolloutStatusQuery, () => run.status);
  setHandler(messages.pauseUpdate, (request) => pause(run, request), {
    validator: (_request) => {
      refuseWhen(run, run.status.pastReturn, 'the new version is already the stable one');
      refuseWhen(run, run.status.pausedBy !== undefined, 'it is paused already');
    },
    description: 'Hold before the next step',
  });
  setHandler(messages.resumeUpdate, (request) => resume(run, request), {
    validator: (_request) =>
      refuseWhen(run, run.status.pausedBy === undefined, 'nobody has paused it; `promote` ends a pause step'),
    description: 'Go on after a pause by a person',
  });
  setHandler(messages.promoteUpdate, (request) => promote(run, request), {
    validator: (_request) => {
      refuseWhen(run, run.isAtGate, ofRelease(run));
      const isWaiting = run.status.phase === 'Paused' || run.isSkippable;
      refuseWhen(run, !isWaiting, 'it is at no pause and no analysis step; --full skips all steps');
    },
    description: 'End the current pause or analysis step',
  });
  setHandler(messages.promoteFullUpdate, (request) => promoteFull(run, request), {
    validator: (_request) => refuseWhen(run, run.isAtGate, ofRelease(run)),
    description: 'Skip all remaining steps',
  });
  setHandler(messages.abortUpdate, (request) => abort(run, request), {
    validator: (_request) =>
      refuseWhen(run, run.status.pastReturn, 'the new version is already the stable one; use undo'),
    description: 'Go back to the stable version',
  });
  setHandler(
    messages.pauseSignal,
    (request) => void (run.canTurn() && run.status.pausedBy === undefined && pause(run, request)),
  );
  setHandler(
    messages.resumeSignal,
    (request) => void (run.status.pausedBy?.by === request.requestedBy && resume(run, request)),
  );
  setHandler(messages.abortSignal, (request) => void (run.canTurn() && abort(run, request)));
  setHandler(messages.supersedeSignal, ({ revision }) => run.goBack({ kind: 'superseded', by: revision }));
  setHandler(messages.adjustSignal, (wanted) => adjust(run, wanted));
  setHandler(passGateSignal, ({ at }) => void run.passed.add(at));
  setHandler(weightGrantedSignal, ({ weight }) => void (run.granted = Math.max(run.granted, weight)));
}

function refuseWhen(run: RolloutRun, isRefused: boolean, why: string): void {
  if (run.status.outcome !== undefined) throw new Error(`the rollout of ${run.spec.name} has ended`);
  if (run.turnBack !== undefined) throw new Error(`the rollout of ${run.spec.name} is rolling back`);
  if (isRefused) throw new Error(why);
}

function ofRelease({ spec: { release } }: RolloutRun): string {
  return `all its steps are taken; it waits until release ${release?.id ?? ''} is good`;
}

function pause(run: RolloutRun, { requestedBy, reason }: Request): Accepted {
  run.pauseBy(requestedBy, reason);
  run.note(`paused by ${requestedBy}`);
  return { message: `${run.spec.name} holds before its next step` };
}

function resume(run: RolloutRun, { requestedBy }: Request): Accepted {
  run.unpause();
  run.note(`resumed by ${requestedBy}`);
  return { message: `${run.spec.name} goes on` };
}

/** Only what Git has changed counts: what a person did meanwhile stays. */
function adjust(run: RolloutRun, { replicas, isPaused }: messages.Adjustment): void {
  if (replicas !== undefined || run.spec.replicas !== undefined) run.resize(replicas);
  if (isPaused === run.isPausedInGit) return;
  run.isPausedInGit = isPaused;
  const { pausedBy } = run.status;
  if (isPaused && pausedBy === undefined && run.canTurn()) pause(run, { requestedBy: messages.pausedInGit });
  if (isPaused || pausedBy?.by !== messages.pausedInGit) return;
  run.unpause();
  run.note('spec.paused has gone from Git');
}

function promote(run: RolloutRun, { requestedBy }: Request): Accepted {
  run.promoted = true;
  // A pause by a person or an analysis ends the same way, as in Argo Rollouts.
  run.unpause();
  run.note(`promoted by ${requestedBy}`);
  return { message: `the current step of ${run.spec.name} ends` };
}

function promoteFull(run: RolloutRun, { requestedBy }: Request): Accepted {
  run.full = true;
  run.unpause();
  run.note(`fully promoted by ${requestedBy}`);
  return { message: `${run.spec.name} skips its remaining steps` };
}

function abort(run: RolloutRun, { requestedBy, reason }: Request): Accepted {
  run.goBack({ kind: 'aborted', by: requestedBy, ...(reason === undefined ? {} : { reason }) });
  return { message: `${run.spec.name} goes back to its stable version` };
}
