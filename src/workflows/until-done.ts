import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import { overtaken } from './overtaken';
import type { RolloutRun } from './rollout-run';

const firstMs = 1_000;
const capMs = 30_000;

/**
 * Repeats an effect that must happen until it has: a rollback, or a promotion past the point of no return, has no other way out. So
 * it stays visible, goes on trying, and says what stands in its way. What `obstacleIn` finds in an answer counts too.
 */
export async function untilDone<T extends object>(
  run: RolloutRun,
  effect: () => Promise<T>,
  obstacleIn: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  for (let delay = firstMs; ; delay = Math.min(capMs, delay * 2)) {
    const attempted = await attempt(run, effect);
    if ('result' in attempted) run.saw(attempted.result);
    const obstacle = 'error' in attempted ? attempted.error : obstacleIn(attempted.result);
    if ('result' in attempted && obstacle === undefined) return attempted.result;
    run.note(`cannot go on: ${obstacle}; trying again in ${delay / 1000} s`);
    await sleep(delay, { summary: 'before trying again' });
  }
}

async function attempt<T>(
  run: RolloutRun,
  effect: () => Promise<T>,
): Promise<{ result: T } | { error: string }> {
  try {
    return { result: await effect() };
  } catch (error: unknown) {
    if (!(error instanceof ActivityFailure)) throw error;
    overtaken(run, error); // the next try has a number above
    return { error: error.cause instanceof ApplicationFailure ? error.cause.message : error.message };
  }
}

/** For `untilDone`: a step that failed is in the way. */
export function failedStep(result: {
  readonly kind: string;
  readonly failure?: { readonly sentence: string };
}): string | undefined {
  return result.kind === 'failed' ? result.failure?.sentence : undefined;
}
