import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/** What the activity said, under what Temporal says about it; any other error is itself. */
export function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : error;
}
