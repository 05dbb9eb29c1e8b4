import type { SequentialConfig } from './config';
import type { MetricQuery } from './queries';
import type { MetricSample, PodReading } from './sample';

/** The pods of either version as the cluster has them. */
export interface PodSides {
  readonly canary: ReadonlySet<string>;
  readonly baseline: ReadonlySet<string>;
}

/** One value that was read, and what it is an answer to. */
export interface Located {
  readonly query: MetricQuery;
  readonly pod: string;
  readonly value: number;
  /** The bound of a bucket. */
  readonly le: string | undefined;
}

interface Reading {
  pod: string;
  total?: number;
  bad?: number;
  value?: number;
  buckets?: Record<string, number>;
}

/**
 * Values as readings of pods, by metric and version. Series of one query for both versions belong to the version of their pod; pods of
 * no version, such as those of an experiment, are left out.
 */
export function samplesBy(
  config: SequentialConfig,
  found: readonly Located[],
  sides: PodSides,
): Readonly<Record<string, MetricSample>> {
  const read = new Map(
    config.metrics.map(({ name }) => [
      name,
      { canary: new Map<string, Reading>(), baseline: new Map<string, Reading>() },
    ]),
  );
  for (const { query, pod, value, le } of found) {
    const side = query.side === 'both' ? sideOf(pod, sides) : query.side;
    const pods = side && read.get(query.metric.name)?.[side];
    if (pods === undefined) continue;
    const reading = pods.get(pod) ?? { pod };
    pods.set(pod, reading);
    if (query.part === 'histogram') {
      if (le !== undefined) (reading.buckets ??= {})[le] = value;
    } else reading[query.part === 'gauge' ? 'value' : query.part] = value;
  }
  const sample = [...read].map(([name, { canary, baseline }]) => [
    name,
    { canary: inOrder(canary), baseline: inOrder(baseline) },
  ]);
  return Object.fromEntries(sample) as Record<string, MetricSample>;
}

function sideOf(pod: string, { canary, baseline }: PodSides): 'canary' | 'baseline' | undefined {
  if (canary.has(pod)) return 'canary';
  return baseline.has(pod) ? 'baseline' : undefined;
}

/** By name, so that the same pods are followed every time when there are too many. */
function inOrder(pods: ReadonlyMap<string, Reading>): readonly PodReading[] {
  return [...pods.values()].sort((a, b) => (a.pod < b.pod ? -1 : 1));
}
