import type { SyncRetry } from './application-spec';
import { readDuration } from './duration';
import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { readWith } from './read-with';
import type { Millis } from './strategy';

/** Argo CD's defaults (its `DefaultSyncRetry…`). */
const defaults = { limit: 5, durationMs: 5_000, factor: 2, maxDurationMs: 180_000 } as const;

/**
 * Reads `syncPolicy.retry`. A limit below 0 is "for ever", 0 is never; an absent one is 5, as Argo CD has it for automated
 * syncs without `retry` (with `retry` it would read 0 there, which nobody means who writes a backoff).
 */
export function readSyncRetry(policy: Fields): SyncRetry | undefined {
  const retry = policy.map('retry');
  if (retry === undefined) return undefined;
  const limit = retry.int('limit', { min: -2147483648 }) ?? defaults.limit;
  const refresh = retry.boolean('refresh') ?? false;
  const backoff = retry.map('backoff');
  const durationMs = (backoff && readMillis(backoff, 'duration')) ?? defaults.durationMs;
  const factor = backoff?.int('factor', { min: 1 }) ?? defaults.factor;
  const maxDurationMs = (backoff && readMillis(backoff, 'maxDuration')) ?? defaults.maxDurationMs;
  if (backoff !== undefined) reportUnknown(backoff);
  reportUnknown(retry);
  return { limit, durationMs, factor, maxDurationMs, refresh };
}

/** An empty text is absent, as in Argo CD; nothing to wait would be a busy loop. */
function readMillis(backoff: Fields, key: string): Millis | undefined {
  if (backoff.raw(key) === '') return undefined;
  const millis = readWith(backoff, key, readDuration);
  if (millis !== 0) return millis;
  const remedy = 'write a time such as 5s, or remove the field';
  return backoff.invalid(key, 'is no time at all', { value: backoff.raw(key), remedy });
}
