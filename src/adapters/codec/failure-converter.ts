import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts messages and stack traces of failures where the codec encrypts them; in their place stands `Encoded failure`. Temporal loads this
 * module by its path, into workflows as well.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
