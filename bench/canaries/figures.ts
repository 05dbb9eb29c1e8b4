import type { Machine } from '../machine';

/** What one system took and cost to move all canaries once. */
export interface Moved {
  readonly system: string;
  /** From the push, or the first apply, until all canaries were Healthy. */
  readonly seconds: number;
  /** Until half of them were. */
  readonly half: number;
  /** Processor seconds by program; `controller` is Belay's worker or Argo Rollouts. */
  readonly cpu: Readonly<Record<string, number>>;
  /** The controller's memory at most, MiB. */
  readonly peak: number;
  /** The controller's requests to the API server, by verb (and kind). */
  readonly requests: Readonly<Record<string, number>>;
  /** Of all its clients, as the API server counts, by verb. */
  readonly all: Readonly<Record<string, number>>;
  /** Milliseconds that steps took beyond their pauses. */
  readonly steps: readonly number[];
  /** Of the machine, over a minute, at the start and the end. */
  readonly load: readonly number[];
  /** What a rollout's workflow is made of, at the median of some. */
  readonly workflow?: { readonly events: number; readonly activities: number; readonly tasks: number };
}

/** How a killed worker's rollouts went on with the next one. */
export interface Killed {
  readonly canaries: number;
  /** Milliseconds from the moment that the next worker was ready until each rollout's next activity started. */
  readonly next: readonly number[];
  /** From the kill until the next worker was ready. */
  readonly startSeconds: number;
  /** From the kill until all were Healthy. */
  readonly seconds: number;
}

/** What applications cost of which nothing changes. */
export interface Idle {
  readonly applications: number;
  /** From the first creation until all were synced. */
  readonly creationSeconds: number;
  readonly seconds: number;
  readonly cpu: Readonly<Record<string, number>>;
  readonly peak: number;
  /** The worker's memory at the end, MiB. */
  readonly rss: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly all: Readonly<Record<string, number>>;
  readonly load: readonly number[];
}

/** Everything that one run has found. */
export interface Figures {
  readonly number: number;
  readonly replicas: number;
  readonly machine: Machine;
  readonly belay: readonly Moved[];
  readonly argo: readonly Moved[];
  readonly killed?: Killed;
  readonly idle?: Idle;
  /** What could not be measured, and why. */
  readonly failures: readonly string[];
}
