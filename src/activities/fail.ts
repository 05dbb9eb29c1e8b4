import { ApplicationFailure } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { safeError } from '../ports/known-secrets';
import { isPortError } from '../ports/port-error';

/**
 * The one place where errors of ports become Temporal failures: type = code, details = facts. Anything that is not a PortError is a
 * bug and stays what it is, without credentials in its texts, so that the activity is retried until it is fixed.
 */
export function toFailure(error: unknown): unknown {
  if (!isPortError(error)) return safeError(error);
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: error.retry === 'never',
    details: [error.facts],
    ...(error.afterMs === undefined ? {} : { nextRetryDelay: error.afterMs }),
    ...(error.code === 'NotReady' ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}
