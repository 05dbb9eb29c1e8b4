import type { CounterMetric, HistogramMetric } from './config';
import { boundsOf, changeOf, countsOf } from './counts';
import { packCounts, unpackCounts } from './pack';
import type { PodRegistry, Side } from './pod-registry';
import type { PodReading } from './sample';

/** What one version has counted since the last tick. */
export interface Window {
  /** Pods whose counters could be read. */
  readonly read: number;
  /** False when there are more pods than are followed. */
  readonly isWhole: boolean;
  /** Pods that were counted: read now and before. */
  readonly pods: readonly PodWindow[];
  readonly requests: number;
  /** Bad requests for each bound. */
  readonly bad: readonly number[];
  /** The counters to count from next time, packed, by place. */
  readonly last: ReadonlyMap<number, string>;
  /** What was odd about a pod, in words. */
  readonly oddities: readonly string[];
}

export interface PodWindow {
  readonly place: number;
  readonly requests: number;
  readonly bad: readonly number[];
}

/** What a window is made of: one side's readings and what is remembered of its pods. */
export interface SideInput {
  readonly metric: CounterMetric | HistogramMetric;
  readonly bounds: readonly number[];
  readonly side: Side;
  readonly readings: readonly PodReading[];
  readonly last: readonly string[];
  readonly registry: PodRegistry;
}

/** Differences the counters of each pod; pods that were not scraped are left out, and lose nothing. */
export function windowOf(input: SideInput): Window {
  const { metric, bounds, side, registry } = input;
  const tests = metric.kind === 'counter' ? 1 : bounds.length;
  const pods: PodWindow[] = [];
  const last = new Map<number, string>();
  const oddities: string[] = [];
  let left = 0;
  for (const reading of input.readings) {
    const now = countsOf(metric, reading, bounds);
    if (now === undefined) {
      oddities.push(oddityOf(metric, reading, bounds));
      continue;
    }
    const place = registry.placeOf(reading.pod, side);
    if (place === undefined) left++;
    if (place === undefined || last.has(place)) continue;
    const packed = input.last[place] ?? '';
    const change = changeOf(packed === '' ? undefined : unpackCounts(packed), now);
    const isLost = change.kind === 'inconsistent' && metric.kind === 'counter' && reading.bad === undefined;
    if (change.kind === 'older' || isLost) {
      // What is remembered stays, so that nothing is counted twice and nothing is lost.
      last.set(place, packed);
      oddities.push(`counters of pod ${reading.pod} are older than the last ones`);
      continue;
    }
    if (change.kind === 'inconsistent') oddities.push(`bad requests of pod ${reading.pod} went down`);
    last.set(place, packCounts(now));
    if (change.kind === 'counted') pods.push(podWindow(place, change.counts));
  }
  if (left > 0) oddities.push(`${left} of ${input.readings.length} pods of one version are not followed`);
  return {
    isWhole: left === 0,
    read: last.size,
    pods,
    requests: pods.reduce((sum, pod) => sum + pod.requests, 0),
    bad: Array.from({ length: tests }, (_, test) => pods.reduce((sum, pod) => sum + (pod.bad[test] ?? 0), 0)),
    last,
    oddities,
  };
}

/** Series of one pod may be a scrape apart: bad requests are requests. */
function podWindow(place: number, [requests = 0, ...bad]: readonly number[]): PodWindow {
  return { place, requests: Math.max(requests, ...bad), bad };
}

function oddityOf(
  metric: CounterMetric | HistogramMetric,
  reading: PodReading,
  bounds: readonly number[],
): string {
  const own = metric.kind === 'histogram' ? boundsOf(reading) : [];
  const lacking = own.length === 0 ? undefined : bounds.find((bound) => !own.includes(bound));
  return lacking === undefined
    ? `counters of pod ${reading.pod} are unreadable`
    : `pod ${reading.pod} has no bucket ${lacking}`;
}
