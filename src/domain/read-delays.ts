import type { Fields } from './fields';
import type { Millis } from './strategy';

/** Argo's default for both delays, where there is one. */
export const defaultDelayMs: Millis = 30_000;

/**
 * Reads `abortScaleDownDelaySeconds`. In Argo Rollouts 0 means "never" (`GetAbortScaleDownDelaySecondsOrDefault`), which is
 * refused: pods that nobody will ever take away are no state that a rollout can end in.
 */
export function readAbortDelay(fields: Fields): Millis {
  const key = 'abortScaleDownDelaySeconds';
  const seconds = fields.int(key);
  if (seconds === 0) {
    const message = 'keeping the pods of an aborted rollout for ever (0) is not supported yet';
    const path = [...fields.path, key];
    const remedy = 'write a long delay such as 86400, a day';
    fields.report({ code: 'Unsupported', path, message, value: seconds, remedy });
  }
  return seconds === undefined ? defaultDelayMs : seconds * 1_000;
}
