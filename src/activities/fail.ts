import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { isPortError } from '../ports/port-error';

/**
 * The one place where errors of ports become Temporal failures: type = code, details = facts. Anything that is not a PortError is a
 * bug and stays as it is, so that the activity is retried until it is fixed.
 */
export function toFailure(error: unknown): unknown {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (!isPortError(error)) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: error.retry === 'never',
    details: [error.facts],
    ...(error.afterMs === undefined ? {} : { nextRetryDelay: error.afterMs }),
    ...(error.code === 'NotReady' ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}
