import type { CounterMetric, HistogramMetric } from './config';
import type { PodReading } from './sample';

/** A canary and its baseline may be scraped by different servers: a counter a little below the last one is an older reading. */
const olderShare = 0.9;

/** What became of one pod's counters since they were read last. */
export type Change =
  | { readonly kind: 'counted'; readonly counts: readonly number[] }
  /** The first reading, or one that contradicts the last: it is where the next one counts from. */
  | { readonly kind: 'first' | 'inconsistent' }
  /** An older reading: the one that is remembered stays. */
  | { readonly kind: 'older' };

/**
 * The counters of a pod as counts: requests, then bad ones (counter), or those slower than each bound (histogram). Undefined when they
 * were not scraped: absent, NaN, infinite, negative, buckets that are no cumulative counts, or a bound that is missing.
 */
export function countsOf(
  metric: CounterMetric | HistogramMetric,
  reading: PodReading,
  bounds: readonly number[],
): number[] | undefined {
  if (metric.kind === 'counter') {
    const { total, bad = 0 } = reading;
    return isCount(total) && isCount(bad) ? [Math.round(total), Math.round(bad)] : undefined;
  }
  const buckets = bucketsOf(reading);
  const total = buckets.get(Number.POSITIVE_INFINITY) ?? reading.total;
  if (!isCount(total)) return undefined;
  const counts = [Math.round(total)];
  let before = total;
  for (const bound of bounds) {
    const fast = buckets.get(bound);
    if (!isCount(fast) || total - fast > before) return undefined;
    before = total - fast;
    if (before < 0) return undefined;
    counts.push(Math.round(before));
  }
  return counts;
}

/** The finite bounds of a reading, ascending. */
export function boundsOf(reading: PodReading): readonly number[] {
  return [...bucketsOf(reading).keys()].filter(Number.isFinite).sort((a, b) => a - b);
}

function bucketsOf({ buckets = {} }: PodReading): ReadonlyMap<number, number> {
  const read = new Map<number, number>();
  for (const label of Object.keys(buckets)) {
    const bound = /^\+?inf$/i.test(label) ? Number.POSITIVE_INFINITY : Number(label);
    if (!Number.isNaN(bound)) read.set(bound, buckets[label] ?? Number.NaN);
  }
  return read;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/**
 * What was counted between two readings of one pod. A counter that begins anew (its pod was restarted) has counted what it shows; the
 * first sight of a pod counts nothing, since its past is unknown; an error series that appears on a known pod counts from 0.
 */
export function changeOf(last: readonly number[] | undefined, now: readonly number[]): Change {
  if (last === undefined || last.length !== now.length) return { kind: 'first' };
  const [before = 0, total = 0] = [last[0], now[0]];
  if (total < before) {
    return total >= before * olderShare ? { kind: 'older' } : { kind: 'counted', counts: now };
  }
  const counts = now.map((each, index) => each - (last[index] ?? 0));
  return counts.some((each) => each < 0) ? { kind: 'inconsistent' } : { kind: 'counted', counts };
}
