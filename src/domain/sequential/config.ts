import type { Millis } from '../strategy';

/** How a `sequential` analysis judges: every value is set, defaults are filled in by `readSequential`. */
export interface SequentialConfig {
  /** At least one of them counts requests; names are unique. */
  readonly metrics: readonly SequentialMetric[];
  readonly rollback: RollbackRule;
  readonly promote: PromoteRule;
  /** A step that has no verdict after this time is inconclusive. */
  readonly maxStepMs: Millis;
  /** Nothing counts until the canary's last pod has been ready for this long. */
  readonly warmupMs: Millis;
  /** How often to look: the scrape interval of the counters. */
  readonly intervalMs: Millis;
  /** The label of a series that names its pod; absent: `pod`. */
  readonly podLabel?: string;
  /** Counters are read from the pods themselves; absent: from Prometheus. */
  readonly scrape?: Scrape;
}

/** Where pods show their counters; what is absent is said by the pod: its `prometheus.io/` annotations, or its ports. */
export interface Scrape {
  /** A number or the name of a container's port. */
  readonly port?: string;
  readonly path?: string;
  readonly scheme?: 'http' | 'https';
}

/** When a version is rolled back. */
export interface RollbackRule {
  /** The share of tolerable versions that may be rolled back by mistake, however often one looks: 0.01. */
  readonly alpha: number;
  /** No verdict from fewer ticks than this: one burst of errors is one cause. */
  readonly minTicks: number;
  /** In how many ticks a late break is expected: the prior of its onset. */
  readonly horizon: number;
}

/** When a version has earned the next step. */
export interface PromoteRule {
  /** The share of bad versions that may pass a step: 0.05. */
  readonly beta: number;
  /** The share of all requests that a bad version may cost after the next step: 0.001. */
  readonly budget: number;
  /** No promotion before the step has had this many ticks. */
  readonly minTicks: number;
  /** A pause with a duration ends as soon as its step has earned the next one. */
  readonly endsPause?: true;
}

export type SequentialMetric = CounterMetric | HistogramMetric | GaugeMetric;

/**
 * Queries of raw counters, one for each version; the baseline's is absent for a limit of its own (`ratio: 0`). The same query for
 * both asks once, and the rollout's pods tell which series is whose.
 */
export interface Queries {
  readonly canary: string;
  readonly baseline?: string;
}

/** What is still tolerated: a canary at `ratio` times the baseline's share plus `absolute`. */
export interface Tolerance {
  readonly ratio: number;
  /** A share of requests (0.001 is 0.1 %); for a gauge in its own unit. */
  readonly absolute: number;
}

interface MetricBase {
  readonly name: string;
  readonly tolerate: Tolerance;
  /** Its share of the combined evidence; gauges take no part in it. */
  readonly weight: number;
}

/** Requests and bad requests. */
export interface CounterMetric extends MetricBase {
  readonly kind: 'counter';
  readonly total: Queries;
  readonly bad: Queries;
}

/** A histogram with classic buckets: for each bound, the requests that are slower. */
export interface HistogramMetric extends MetricBase {
  readonly kind: 'histogram';
  readonly histogram: Queries;
  /** The bounds to judge; absent: all finite bounds that both versions have. */
  readonly bounds?: readonly number[];
}

/** A reading such as memory in use, compared by blocks. It informs, or pauses; it never rolls back. */
export interface GaugeMetric extends MetricBase {
  readonly kind: 'gauge';
  readonly gauge: Queries;
  /** The length of a block at least; longer when the baseline's readings hang together for longer. */
  readonly blockMs: Millis;
  readonly worse: 'higher' | 'lower';
  readonly then: 'inform' | 'pause';
}
