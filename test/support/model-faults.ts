import { ApplicationFailure, Context } from '@temporalio/activity';
import { setTimeout as sleep } from 'node:timers/promises';
import { messages, type MessageName } from './model-messages';
import type { ModelRun } from './model-run';
import type { Disturb, StepName } from './model-world';

/**
 * `retryable`: it fails before its effect and is tried again. `final`: no repetition helps. `lost`: its effect happens, the answer is
 * lost, and it runs again. `silent`: no heartbeat comes any more, as from a frozen worker.
 */
export type FaultKind = 'retryable' | 'final' | 'lost' | 'silent';

/** One thing that goes wrong, or that somebody says, at a step of a story. */
export type Event =
  | { readonly kind: 'fault'; readonly step: StepName; readonly fault: FaultKind }
  /** `before` its effect, and a cancellation prevents that; or `after`, and it ends as if nothing had been said. */
  | {
      readonly kind: 'message';
      readonly step: StepName;
      readonly message: MessageName;
      readonly when: 'before' | 'after';
    };

/** Longer than the longest heartbeat timeout of `proxies.ts`. */
const silenceMs = 3_600;
/** As long as a cancellation takes to get here with a heartbeat. */
const lingerMs = 120;

/** What these events, and those of the story itself, make of each activity. */
export function disturbing(run: ModelRun, events: readonly Event[]): Disturb {
  const { at = {} } = run.story;
  return async (step, attempt, effect) => {
    if (attempt > 1) return effect();
    const own = at[step];
    if (own !== undefined) {
      await own(run);
      await linger();
    }
    const mine = events.filter((each) => each.step === step);
    for (const each of mine)
      if (each.kind === 'message' && each.when === 'before') {
        await messages[each.message](run);
        await linger();
      }
    const fault = mine.find((each) => each.kind === 'fault');
    const answer = fault === undefined ? await effect() : await suffer(fault.fault, effect);
    for (const each of mine)
      if (each.kind === 'message' && each.when === 'after') await messages[each.message](run);
    return answer;
  };
}

async function suffer(fault: FaultKind, effect: () => Promise<unknown>): Promise<unknown> {
  switch (fault) {
    case 'retryable':
      throw ApplicationFailure.create({ message: 'connection refused', type: 'Unreachable' });
    case 'final':
      throw ApplicationFailure.nonRetryable('deployments.apps "web" is forbidden', 'Forbidden');
    case 'lost':
      await effect();
      throw ApplicationFailure.create({ message: 'connection reset by peer', type: 'Unreachable' });
    case 'silent':
      await sleep(silenceMs);
      throw ApplicationFailure.create({ message: 'too late', type: 'Unreachable' });
  }
}

/** Heartbeats, as real activities do, until a cancellation could have come; rejects when it has. */
async function linger(): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 40);
  try {
    context.heartbeat();
    await Promise.race([sleep(lingerMs), context.cancelled]);
  } finally {
    clearInterval(beat);
  }
}
