import type { HistogramMetric } from './config';
import { boundsOf } from './counts';
import type { MetricSample, PodReading } from './sample';

/** More tests than this tell hardly more and make the state large: of more bounds, every other one is left out. */
export const mostBounds = 16;

/**
 * The bounds to judge by: those that every pod with buckets has, on both sides (for an absolute limit only the canary's count).
 * Undefined while a side has no buckets at all; empty when there are none in common, or a wanted one is missing.
 */
export function sharedBounds(metric: HistogramMetric, sample: MetricSample): readonly number[] | undefined {
  const sides = metric.tolerate.ratio === 0 ? [sample.canary] : [sample.canary, sample.baseline];
  const sets = sides.map((pods) => boundsOfSide(pods));
  if (sets.some((set) => set === undefined)) return undefined;
  const [first = [], second = first] = sets;
  const shared = first.filter((bound) => second.includes(bound));
  const { bounds: wanted } = metric;
  if (wanted !== undefined) return wanted.every((bound) => shared.includes(bound)) ? wanted : [];
  return thinned(shared);
}

function boundsOfSide(pods: readonly PodReading[]): readonly number[] | undefined {
  const all = pods.map((pod) => boundsOf(pod)).filter((bounds) => bounds.length > 0);
  return all.reduce<readonly number[] | undefined>(
    (shared, bounds) => shared?.filter((bound) => bounds.includes(bound)) ?? bounds,
    undefined,
  );
}

function thinned(bounds: readonly number[]): readonly number[] {
  let kept = bounds;
  // The last bound stays: it tells of requests that hang.
  while (kept.length > mostBounds) {
    const { length } = kept;
    kept = kept.filter((_, index) => (length - 1 - index) % 2 === 0);
  }
  return kept;
}
