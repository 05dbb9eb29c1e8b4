import { CancellationScope, condition } from '@temporalio/workflow';
import { describeStep } from '../domain/describe-step';
import { stageOf } from '../domain/rollout-stage';
import type { RolloutStep } from '../domain/strategy';
import { pausedInGit } from '../messages/rollout';
import { mustReach } from './must-reach';
import { reading } from './proxies';
import { watchInPlace } from './rollout-in-place';
import type { RolloutRun } from './rollout-run';

/** A pause step: it ends with its time, or when a person promotes. */
export async function pause(run: RolloutRun, step: RolloutStep & { kind: 'pause' }): Promise<void> {
  const { durationMs } = step;
  const what = describeStep(step);
  const waiting = durationMs === undefined ? `waiting for \`belay promote ${run.spec.application}\`` : what;
  await pauseFor(run, `CanaryPauseStep: ${waiting}`, {
    what,
    ...(durationMs === undefined ? {} : { durationMs, isEarned: () => earnedNow(run) !== undefined }),
  });
  const earned = durationMs === undefined || run.promoted || run.full ? undefined : earnedNow(run);
  if (earned !== undefined) run.note(`the evidence is in, ${what} may end: ${earned}`);
}

/**
 * What the evidence says that has earned this stage, if it has and its template wants the pause to end. All analyses that are asked
 * for it have to say so; a person's pause is a person's.
 */
function earnedNow(run: RolloutRun): string | undefined {
  const { index } = stageOf(run.status, run.traffic, run.replicas);
  const earned = [...run.earned.values()];
  return earned.every(({ stage }) => stage === index) ? earned[0]?.sentence : undefined;
}

/** Waits for a person's `promote`, or for a time. */
export async function pauseFor(
  run: RolloutRun,
  message: string,
  {
    what,
    durationMs,
    isEarned = () => false,
  }: { readonly what: string; readonly durationMs?: number; readonly isEarned?: () => boolean },
): Promise<void> {
  run.promoted = false;
  run.say('Paused', message);
  const isOver = (): boolean => run.promoted || run.full || isEarned();
  await whileKeeping(run, what, async () => {
    if (durationMs === undefined) await condition(isOver);
    else await condition(isOver, durationMs, { summary: what });
  });
}

/** `spec.paused`: nothing of the new version is there yet, so there is nothing to keep meanwhile. */
export async function startPaused(run: RolloutRun): Promise<void> {
  run.pauseBy(pausedInGit);
  run.say(
    'Paused',
    `manually paused; take spec.paused out of Git, or \`belay resume ${run.spec.application}\``,
  );
  await condition(() => run.status.pausedBy === undefined || run.full);
}

/** Between two steps: a pause by a person ends when somebody resumes, one for want of measurements when they are back. */
export async function hold(run: RolloutRun): Promise<void> {
  const isHeld = (): boolean => run.status.pausedBy !== undefined || run.unreachable !== undefined;
  if (!isHeld() || run.full) return;
  const { pausedBy } = run.status;
  const message =
    pausedBy === undefined
      ? `holding: ${run.unreachable ?? ''}`
      : `paused by ${pausedBy.by}${pausedBy.reason === undefined ? '' : `: ${pausedBy.reason}`}; \`belay resume ${run.spec.application}\` goes on`;
  run.say('Paused', message);
  await whileKeeping(run, 'the pause', () => condition(() => !isHeld() || run.full));
}

/**
 * Does something that only takes time, and keeps pods and weights as they are meanwhile: what somebody changes is put right, and a
 * version that breaks in a pause is found in the pause. A new size is taken over by starting the keeping again.
 */
export async function whileKeeping<T>(run: RolloutRun, what: string, wait: () => Promise<T>): Promise<T> {
  const scope = new CancellationScope();
  return scope.run(async () => {
    const kept = keep(run, what);
    const waited = wait();
    try {
      return await Promise.race([waited, kept]);
    } finally {
      kept.catch(() => undefined);
      waited.catch(() => undefined);
      scope.cancel();
    }
  });
}

/** Ends only by a failure of the new version, or by being cancelled. */
async function keep(run: RolloutRun, what: string): Promise<never> {
  const { spec } = run;
  for (;;) {
    const { sizes, replicas, traffic } = run;
    const round = new CancellationScope();
    const watched = round.run(() => {
      if (spec.kind !== 'Deployment') return mustReach(run, watchInPlace(run, what));
      const input = { spec, fence: run.nextFence(), replicas, traffic };
      const summary = `keep ${traffic.weight} % during ${what}`;
      return mustReach(run, reading(spec.cluster).keepWeight.executeWithOptions({ summary }, [input]));
    });
    let isOver = false;
    const end = (): void => void (isOver = true);
    watched.then(end, end);
    await condition(() => isOver || run.sizes !== sizes);
    if (isOver) await watched;
    round.cancel();
    watched.catch(() => undefined);
  }
}
