import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
} from '@temporalio/workflow';
import type { RolloutOutcome } from '../domain/rollout-status';
import { applicationId, rolloutEndedSignal } from '../messages/application';
import type { RolloutInput } from '../messages/rollout';
import { isTurned } from './must-reach';
import { goForward } from './rollout-forward';
import { failedPostHook, runPostHooks } from './rollout-hooks';
import { leaveLockstep } from './rollout-lockstep';
import { listen } from './rollout-messages';
import { recover } from './rollout-recover';
import { rollBack } from './rollout-back';
import { RolloutRun } from './rollout-run';

/**
 * One rollout of one workload, from its stable version to a new one.
 *
 * Operating principle: the new version earns its way step by step, and stable is not touched until it has. Until the new template is
 * written to stable, any failure, abort, cancellation or newer version cancels the steps under way (their writes are waited for) and
 * runs the rollback, which nothing cancels and which is retried until it is done. From there on it only goes forward. Every effect
 * re-derives what is left to do from the live objects, so any activity may be repeated at any point. It never continues as new, and
 * it tells its end to the application's workflow id.
 */
export async function rollout({ spec, mode }: RolloutInput): Promise<RolloutOutcome> {
  const run = new RolloutRun(spec);
  listen(run);
  run.announce();
  const root = CancellationScope.current();
  const outcome = await CancellationScope.nonCancellable(async () => {
    root.cancelRequested.catch(() => run.goBack({ kind: 'aborted', by: 'cancellation of the workflow' }));
    const ended = mode === 'recover' ? await recover(run) : await deliver(run);
    if (ended.kind === 'promoted') await runPostHooks(run);
    run.status = { ...run.status, outcome: ended, endedAt: Date.now() };
    run.say(ended.kind === 'promoted' ? 'Healthy' : 'Degraded', sentenceOf(ended, failedPostHook(run)));
    await leaveLockstep(run);
    await tellApplication(run, ended);
    await condition(allHandlersFinished);
    return ended;
  });
  return outcome;
}

async function deliver(run: RolloutRun): Promise<RolloutOutcome> {
  try {
    return await run.forward.run(() => goForward(run));
  } catch (error: unknown) {
    if (run.turnBack === undefined || !(isTurned(error) || isCancellation(error))) throw error;
    return rollBack(run, run.turnBack);
  }
}

async function tellApplication({ spec }: RolloutRun, outcome: RolloutOutcome): Promise<void> {
  try {
    const application = getExternalWorkflowHandle(applicationId(spec.application));
    await application.signal(rolloutEndedSignal, { workload: spec.name, rolloutId: spec.rolloutId, outcome });
  } catch (error: unknown) {
    log.warn(`application ${spec.application} is not there to be told the end of ${spec.name}`, { error });
  }
}

function sentenceOf(outcome: RolloutOutcome, afterwards: string | undefined): string {
  switch (outcome.kind) {
    case 'promoted': {
      const way = outcome.way === 'rolled' ? '; stable rolled to the new template by itself' : '';
      return `promoted${way}${afterwards === undefined ? '' : `; ${afterwards}`}`;
    }
    case 'failed':
      return `rolled back: ${outcome.failure.sentence}`;
    case 'aborted':
      return `aborted by ${outcome.by}${outcome.reason === undefined ? '' : `: ${outcome.reason}`}; the stable version has all traffic`;
    case 'superseded':
      return `superseded by ${outcome.by.slice(0, 12)}; the stable version has all traffic`;
  }
}
