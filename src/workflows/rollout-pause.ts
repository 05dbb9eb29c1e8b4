import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { describeStep } from '../domain/describe-step';
import type { Millis, RolloutStep } from '../domain/strategy';
import { mustReach } from './must-reach';
import { reading } from './proxies';
import type { RolloutRun } from './rollout-run';

/** A pause step: it ends with its time, or when a person promotes. */
export async function pause(run: RolloutRun, step: RolloutStep & { kind: 'pause' }): Promise<void> {
  const { durationMs } = step;
  const what = describeStep(step);
  run.promoted = false;
  const waiting = durationMs === undefined ? `waiting for \`belay promote ${run.spec.application}\`` : what;
  run.say('Paused', `CanaryPauseStep: ${waiting}`);
  await watchUntil(run, () => run.promoted || run.full, {
    what,
    ...(durationMs === undefined ? {} : { durationMs }),
  });
}

/** A pause by a person, between two steps: it ends when somebody resumes. */
export async function hold(run: RolloutRun): Promise<void> {
  const { pausedBy } = run.status;
  if (pausedBy === undefined) return;
  run.say('Paused', `paused by ${pausedBy.by}; \`belay resume ${run.spec.application}\` goes on`);
  await watchUntil(run, () => run.status.pausedBy === undefined, { what: 'the pause' });
}

/** Waits, and watches the canary's pods meanwhile: a version that breaks in a pause is found in the pause. */
async function watchUntil(
  run: RolloutRun,
  isOver: () => boolean,
  { what, durationMs }: { readonly what: string; readonly durationMs?: Millis },
): Promise<void> {
  const { spec, replicas } = run;
  let hasEnded = false;
  const watch = new CancellationScope();
  const watching = watch.run(async () => {
    const input = { spec, fence: run.nextFence(), replicas };
    const summary = `watch the canary during ${what}`;
    try {
      await mustReach(run, reading(spec.cluster).watchCanary.executeWithOptions({ summary }, [input]));
    } finally {
      hasEnded = true;
    }
  });
  watching.catch(() => undefined);
  const isDone = (): boolean => hasEnded || isOver();
  if (durationMs === undefined) await condition(isDone);
  else await condition(isDone, durationMs, { summary: what });
  watch.cancel();
  await watching.catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
}
