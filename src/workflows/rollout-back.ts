import { sleep } from '@temporalio/workflow';
import type { StepResult } from '../activities/rollout-steps';
import type { RolloutOutcome } from '../domain/rollout-status';
import type { Millis } from '../domain/strategy';
import { writing } from './proxies';
import { removeExperiments } from './rollout-experiment';
import { waitUntilAllBack } from './rollout-gate';
import { compensate } from './rollout-hooks';
import { rollBackInPlace } from './rollout-in-place';
import type { RolloutRun, TurnBack } from './rollout-run';
import { failedStep, untilDone } from './until-done';

/**
 * The rollback (promise 3): traffic first, then the canary's objects. Git follows in the application. Nothing cancels it, and it is
 * repeated until it is done; only a stable version that does not run either ends it early, and then the outcome says so.
 */
export async function rollBack(run: RolloutRun, reason: TurnBack): Promise<RolloutOutcome> {
  const { spec } = run;
  const text = sentenceOf(reason);
  run.blame(
    reason.kind === 'failed' ? reason.failure.code : reason.kind === 'aborted' ? 'Aborted' : 'Superseded',
  );
  if (reason.kind === 'failed') run.status = { ...run.status, failure: reason.failure };
  run.note(text);
  run.say('Degraded', `rolling back: ${text}`);
  if (spec.pace === 'initial') {
    await compensate(run);
    return outcomeOf(reason, undefined);
  }
  const goodAlsoFails = await wayBack(run, reason);
  await removeExperiments(run);
  await compensate(run);
  run.note(
    goodAlsoFails === undefined
      ? 'the stable version is complete'
      : `the stable version does not run either: ${goodAlsoFails}`,
  );
  return outcomeOf(reason, goodAlsoFails);
}

function wayBack(run: RolloutRun, reason: TurnBack): Promise<string | undefined> {
  const { strategy, kind } = run.spec;
  if (kind !== 'Deployment') return rollBackInPlace(run);
  switch (strategy.kind) {
    case 'canary':
    case 'blueGreen':
      return rollBackCanary(run, reason, strategy.abortScaleDownDelayMs);
    case 'inPlace':
    case 'rolling':
      return rollBackByApply(run);
  }
}

async function rollBackCanary(
  run: RolloutRun,
  reason: TurnBack,
  delayMs: Millis = 0,
): Promise<string | undefined> {
  const { spec, replicas } = run;
  const write = writing(spec.cluster);
  const input = () => ({ spec, fence: run.fence, replicas });
  run.nextFence();
  const broken = await insist(run, () =>
    write.returnTraffic.executeWithOptions({ summary: 'traffic back to stable' }, [input()]),
  );
  run.weighs(0);
  run.note('all traffic is back on the stable version');
  const backAt = Date.now();
  await waitUntilAllBack(run, reason);
  const leftMs = reason.kind === 'superseded' ? 0 : delayMs - (Date.now() - backAt);
  if (leftMs > 0) {
    run.say('Degraded', 'rolled back; keeping the canary for abortScaleDownDelaySeconds');
    await sleep(leftMs, { summary: 'abortScaleDownDelaySeconds' });
  }
  run.nextFence();
  const left = await insist(run, () =>
    write.removeCanary.executeWithOptions({ summary: 'remove the canary' }, [input()]),
  );
  return left ?? broken;
}

async function rollBackByApply(run: RolloutRun): Promise<string | undefined> {
  const { spec, replicas } = run;
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const input = { spec, fence: run.nextFence(), replicas, to: 'good' as const, deadlineAt };
  return insist(run, () =>
    writing(spec.cluster).rollWorkload.executeWithOptions(
      { summary: `re-apply the last good ${spec.name}` },
      [input],
    ),
  );
}

/** Repeats an effect until it is done; answers a sentence when the stable version is judged bad itself. */
async function insist(run: RolloutRun, effect: () => Promise<StepResult>): Promise<string | undefined> {
  return failedStep(await untilDone(run, effect));
}

function outcomeOf(reason: TurnBack, goodAlsoFails: string | undefined): RolloutOutcome {
  return reason.kind === 'failed' && goodAlsoFails !== undefined ? { ...reason, goodAlsoFails } : reason;
}

function sentenceOf(reason: TurnBack): string {
  switch (reason.kind) {
    case 'failed':
      return reason.failure.sentence;
    case 'aborted':
      return `aborted by ${reason.by}${reason.reason === undefined ? '' : ` (${reason.reason})`}`;
    case 'superseded':
      return `superseded by revision ${reason.by.slice(0, 12)}`;
  }
}
