import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  sleep,
} from '@temporalio/workflow';
import type { StepResult } from '../activities/rollout-steps';
import { describeStep } from '../domain/rollout-details';
import type { FailureReport, RolloutOutcome } from '../domain/rollout-status';
import type { CanaryStrategy, Percent, RolloutStep } from '../domain/strategy';
import { reading, writing } from './proxies';
import type { RolloutRun } from './rollout-run';
import { failedStep, untilDone } from './until-done';
import { rollBack } from './rollout-back';

/** Thrown to leave the steps when the rollout turns back; never leaves the workflow. */
class Turned extends Error {}

export function isTurned(error: unknown): boolean {
  return error instanceof Turned;
}

/** The way forward: a canary by its steps, or a plain apply that is watched. */
export async function goForward(run: RolloutRun): Promise<RolloutOutcome> {
  const { strategy, pace } = run.spec;
  if (strategy.kind === 'rolling' || pace === 'initial')
    return roll(run, pace === 'initial' ? 'initial' : 'rolled');
  return promoteCanary(run, strategy);
}

async function roll(run: RolloutRun, way: 'initial' | 'rolled'): Promise<RolloutOutcome> {
  const { spec } = run;
  run.say(
    'Progressing',
    way === 'initial' ? 'first deployment: waiting for its pods' : 'rolling to the new version',
  );
  const input = {
    spec,
    fence: run.nextFence(),
    replicas: run.replicas,
    to: 'target' as const,
    deadlineAt: Date.now() + spec.progressDeadlineMs,
  };
  await mustReach(
    run,
    writing(spec.cluster).rollWorkload.executeWithOptions({ summary: `apply ${spec.name} and watch it` }, [
      input,
    ]),
  );
  run.weighs(100);
  return { kind: 'promoted', way };
}

async function promoteCanary(run: RolloutRun, strategy: CanaryStrategy): Promise<RolloutOutcome> {
  const { spec } = run;
  const write = writing(spec.cluster);
  run.say('Progressing', 'creating the canary');
  const first = { spec, fence: run.nextFence(), replicas: run.replicas };
  const started = await mustReach(
    run,
    write.startCanary.executeWithOptions({ summary: `pause ${spec.name}, create ${spec.name}-canary` }, [
      first,
    ]),
  );
  run.replicas = 'replicas' in started ? started.replicas : run.replicas;

  for (const [index, { step }] of run.status.steps.entries()) {
    await run.held();
    run.mark(index, run.full ? 'skipped' : 'now');
    if (run.full) continue;
    await takeStep(run, step, strategy);
    run.mark(index, 'done');
  }
  await run.held();
  await reachWeight(run, 100, strategy);
  return finishPromotion(run, strategy);
}

async function takeStep(run: RolloutRun, step: RolloutStep, strategy: CanaryStrategy): Promise<void> {
  if (step.kind === 'setWeight') return reachWeight(run, step.weight, strategy);
  return pause(run, step);
}

async function reachWeight(run: RolloutRun, weight: Percent, strategy: CanaryStrategy): Promise<void> {
  const { spec, replicas } = run;
  run.say('Progressing', `setting weight ${weight} %: waiting for its pods`);
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const input = { spec, fence: run.nextFence(), replicas, weight, strategy, deadlineAt };
  await mustReach(
    run,
    writing(spec.cluster).reachWeight.executeWithOptions({ summary: `canary ${weight} %` }, [input]),
  );
  run.weighs(weight);
}

/** Waits for time or a person, and watches the canary's pods meanwhile. */
async function pause(run: RolloutRun, step: RolloutStep & { kind: 'pause' }): Promise<void> {
  const { spec, replicas } = run;
  const { durationMs } = step;
  run.promoted = false;
  run.say(
    'Paused',
    durationMs === undefined
      ? `CanaryPauseStep: waiting for \`belay promote ${spec.application}\``
      : `CanaryPauseStep: ${describeStep(step)}`,
  );
  let result: StepResult | undefined;
  const watch = new CancellationScope();
  const watching = watch.run(async () => {
    const input = { spec, fence: run.nextFence(), replicas };
    result = await reading(spec.cluster).watchCanary.executeWithOptions(
      { summary: `watch the canary during ${describeStep(step)}` },
      [input],
    );
  });
  watching.catch(() => undefined);
  const isOver = (): boolean => result !== undefined || run.promoted || run.full;
  if (durationMs === undefined) await condition(isOver);
  else await condition(isOver, durationMs, { summary: describeStep(step) });
  watch.cancel();
  await watching.catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  if (result?.kind === 'failed') turn(run, result.failure);
}

/** Parts a to e of DESIGN 4.3. The template is written to stable in `adoptCanary`: from there on there is no way back but undo. */
async function finishPromotion(run: RolloutRun, strategy: CanaryStrategy): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  const write = writing(spec.cluster);
  run.say('Progressing', 'promoting: handing the traffic over');
  const deadlineAt = Date.now() + spec.progressDeadlineMs;
  const handed = { spec, fence: run.nextFence(), replicas, deadlineAt };
  await mustReach(run, write.handOver.executeWithOptions({ summary: 'traffic to the new pods' }, [handed]));

  run.status = { ...run.status, pastReturn: true };
  return CancellationScope.nonCancellable(async () => {
    run.say('Progressing', 'promoting: stable adopts the new pods');
    const adoption = { spec, fence: run.nextFence(), replicas };
    const adopted = await untilDone(run, () =>
      write.adoptCanary.executeWithOptions({ summary: `${spec.name} adopts the canary's pods` }, [adoption]),
    );
    if (adopted.kind === 'unequal') return promoteByRolling(run, adopted.why);
    if (strategy.scaleDownDelayMs > 0) {
      run.say('Progressing', 'promoted; keeping the old pods for scaleDownDelaySeconds');
      await sleep(strategy.scaleDownDelayMs, { summary: 'scaleDownDelaySeconds' });
    }
    const retirement = { spec, fence: run.nextFence(), replicas };
    await untilDone(
      run,
      () =>
        write.retireOld.executeWithOptions({ summary: "old pods go, Git's selectors return" }, [retirement]),
      failedStep,
    );
    return { kind: 'promoted', way: 'adopted' };
  });
}

/** Fallback (DESIGN 4.3): always correct, twice the pod starts. The status says which way was taken. */
async function promoteByRolling(run: RolloutRun, why: string): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  const write = writing(spec.cluster);
  run.note(
    `fallback: ${why}; ${spec.name} rolls to the new template by itself while the canary carries the traffic`,
  );
  run.say('Progressing', 'promoting by rolling: the canary carries the traffic');
  const rolling = {
    spec,
    fence: run.nextFence(),
    replicas,
    deadlineAt: Date.now() + spec.progressDeadlineMs,
  };
  await untilDone(run, () =>
    write.rollStable.executeWithOptions({ summary: `${spec.name} rolls by itself` }, [rolling]),
  );
  const back = { spec, fence: run.nextFence(), replicas };
  await untilDone(
    run,
    () => write.returnTraffic.executeWithOptions({ summary: 'traffic to stable' }, [back]),
    failedStep,
  );
  const removal = { spec, fence: run.nextFence(), replicas };
  await untilDone(
    run,
    () => write.removeCanary.executeWithOptions({ summary: 'remove the canary' }, [removal]),
    failedStep,
  );
  return { kind: 'promoted', way: 'rolled' };
}

/** An earlier rollout was terminated: where the new template is on stable already it is finished, else everything goes back. */
export async function recover(run: RolloutRun): Promise<RolloutOutcome> {
  const { spec, replicas } = run;
  const input = { spec, fence: run.nextFence(), replicas };
  const found = await untilDone(run, () =>
    writing(spec.cluster).inspectCanary.executeWithOptions({ summary: 'how far did it get' }, [input]),
  );
  if (found.isPastReturn && spec.strategy.kind === 'canary') return finishPromotion(run, spec.strategy);
  return rollBack(run, { kind: 'aborted', by: 'termination of its workflow' });
}

/** The activity's result when the step was reached; else the rollout turns back. */
async function mustReach<T extends StepResult>(
  run: RolloutRun,
  step: Promise<T>,
): Promise<Exclude<T, { kind: 'failed' }>> {
  let result: T;
  try {
    result = await step;
  } catch (error: unknown) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const cause = error.cause instanceof ApplicationFailure ? error.cause : undefined;
    turn(run, {
      code: cause?.type ?? 'ApplyFailed',
      sentence: cause?.message ?? error.message,
      at: Date.now(),
    });
  }
  if (result.kind === 'failed') turn(run, result.failure);
  return result as Exclude<T, { kind: 'failed' }>;
}

function turn(run: RolloutRun, failure: FailureReport): never {
  run.turnBack ??= { kind: 'failed', failure };
  throw new Turned(failure.sentence);
}
