import type { Millis } from '../strategy';

/** What was read at one moment. An outage of the metrics store is a sample without metrics: time passes, nothing is judged. */
export interface TickSample {
  /** The moment that the readings belong to; a sample that is not later than the last one is not counted. */
  readonly at: Millis;
  /** The step of the rollout; a number that differs from the last one's begins a new step. */
  readonly step?: StepSample;
  /** When the last pod of the canary became ready; absent: the first tick stands for it. */
  readonly readyAt?: Millis;
  /** By the name of the metric; absent: could not be read. */
  readonly metrics: Readonly<Record<string, MetricSample | undefined>>;
}

export interface StepSample {
  readonly index: number;
  /** The canary's share of the traffic now, 0 to 1, when a router guarantees it; absent: the split is not checked. */
  readonly weight?: number;
  /** The canary's share after this step, 0 to 1; absent: 1. */
  readonly nextWeight?: number;
}

/** One reading of a metric for each pod of either version. */
export interface MetricSample {
  readonly canary: readonly PodReading[];
  readonly baseline: readonly PodReading[];
}

/** The raw cumulative counters of one pod. What is absent, NaN, infinite or negative was not scraped. */
export interface PodReading {
  readonly pod: string;
  /** Requests (for a histogram its `_count`, unless `buckets` holds `+Inf`). */
  readonly total?: number;
  /** Bad requests; absent on a pod that has never had one counts as 0. */
  readonly bad?: number;
  /** Cumulative counts by the label `le`, as Prometheus has them. */
  readonly buckets?: Readonly<Record<string, number>>;
  /** The reading of a gauge. */
  readonly value?: number;
}
