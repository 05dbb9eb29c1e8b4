import type { SyncRetry } from '../application-spec';
import type { Millis } from '../strategy';

/**
 * How long to wait before a failed sync is tried again; undefined: not again. `attempts` counts the tries so far, at least 1. Argo CD's
 * `NextRetryAt`: duration × factor^(retries so far), so the first retry waits the duration itself; a `maxDuration` of 0 is no limit.
 */
export function nextRetry(retry: SyncRetry | undefined, attempts: number): Millis | undefined {
  if (retry === undefined) return undefined;
  const retries = Math.max(0, attempts - 1);
  if (retry.limit >= 0 && retries >= retry.limit) return undefined;
  const wait = Math.min(retry.durationMs * retry.factor ** retries, longestTimer);
  return Math.round(retry.maxDurationMs > 0 ? Math.min(wait, retry.maxDurationMs) : wait);
}

/** Without a limit of its own a backoff ends at a year, which timers can still count. */
const longestTimer: Millis = 365 * 24 * 3_600_000;
