import { Context } from '@temporalio/activity';
import { toFailure } from './fail';

/** What a running activity knows of its attempt. */
export interface Beat {
  /** Aborts when the workflow cancels the activity or the server no longer wants this attempt. */
  readonly signal: AbortSignal;
  /** What it waits for, shown under "pending activities". */
  note(text: string): void;
  /**
   * Epoch milliseconds by Temporal's clock: deadlines that a workflow has set are compared with it. The clock of this machine may be
   * wrong by hours, or jump.
   */
  now(): number;
}

const normallyMs = 500;

/**
 * Wraps an activity: heartbeats every half second, or as told (the server gives a dead worker's attempt away after the heartbeat timeout, and
 * a cancellation travels back with a heartbeat), and errors of ports become Temporal failures.
 */
export function beating<I, O>(
  run: (input: I, beat: Beat) => Promise<O>,
  everyMs = normallyMs,
): (input: I) => Promise<O> {
  return async (input) => {
    const context = Context.current();
    const { currentAttemptScheduledTimestampMs: scheduledAt } = context.info;
    let noted = 'started';
    const began = performance.now();
    const timer = setInterval(() => context.heartbeat(noted), everyMs);
    try {
      return await run(input, {
        signal: context.cancellationSignal,
        now: () => scheduledAt + Math.round(performance.now() - began),
        note: (text) => {
          if (text === noted) return;
          noted = text;
          // Most activities end before anybody could read it: the timer says it, and a call to the server is saved.
          if (performance.now() - began >= everyMs) context.heartbeat(noted);
        },
      });
    } catch (error: unknown) {
      if (context.cancellationSignal.aborted) await context.cancelled; // rejects with the reason
      throw toFailure(error);
    } finally {
      clearInterval(timer);
    }
  };
}

/** And not by a worker that stops, or an attempt that the server has given away. */
export function isEndedByWorkflow({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof Error && reason.message === 'CANCELLED';
}
