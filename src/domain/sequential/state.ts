import type { Millis } from '../strategy';

/** What the analysis knows: plain JSON, small enough for a workflow's state. `packed` texts hold numbers (pack.ts). */
export interface SequentialState {
  readonly version: 1;
  /** The first tick. */
  readonly startedAt?: Millis;
  /** The last tick that was counted. */
  readonly at?: Millis;
  readonly step: StepState;
  /** Every pod whose counters are remembered; metrics refer to it by its place. A free place is null. */
  readonly pods: readonly (PodState | null)[];
  readonly metrics: Readonly<Record<string, MetricState>>;
  readonly history: History;
  /** Set once, never taken back. */
  readonly failed?: Failure;
  /** Why the last tick could not be counted at all. */
  readonly held?: string;
  /** Set while the canary warms up: until when. */
  readonly warmUntil?: Millis;
}

export interface StepState {
  readonly index: number;
  readonly since?: Millis;
  readonly ticks: number;
  readonly weight?: number;
  readonly nextWeight: number;
  /** Requests of canary and baseline in this step, for the check of the split. */
  readonly split: readonly [canary: number, baseline: number];
}

export interface PodState {
  readonly name: string;
  readonly side: 'canary' | 'baseline';
  /** When it was read last; a pod that has been away for long is forgotten. */
  readonly at: Millis;
}

export interface MetricState {
  /** Ticks that were judged. */
  readonly ticks: number;
  /** Finite bounds of a histogram, ascending; fixed by the first reading of both versions. */
  readonly bounds?: readonly number[];
  /** 8 log evidences of harm and 5 of safety for each bound, packed. */
  readonly evidence: string;
  /** Requests of both versions, then bad ones of both for each bound, packed. */
  readonly totals: string;
  /** Sum of the baseline's Pearson statistics over pods, and their degrees of freedom. */
  readonly spread: readonly [statistic: number, freedom: number];
  /** The last counters of each pod, by its place in `pods`, packed. */
  readonly last: readonly string[];
  /** Requests and bad requests of each canary pod, by its place in `pods`, packed. */
  readonly byPod: readonly string[];
  /** The place of the bound that tells most. */
  readonly worst: number;
  /** Natural logarithm of the evidence of harm, and of the evidence that the step is earned. */
  readonly logHarm: number;
  readonly logSafe: number;
  /** Ticks in a row without a request to the canary. */
  readonly idle: number;
  /** Why the last tick told nothing about this metric: the telemetry is at fault (`hold`) or it cannot be compared at all. */
  readonly trouble?: Trouble;
  /** What a person should know that stops nothing. */
  readonly note?: string;
  readonly gauge?: GaugeState;
}

export interface Trouble {
  readonly kind: 'hold' | 'inconclusive';
  readonly reason: string;
}

/** Differences by block, and the block under way. */
export interface GaugeState {
  readonly blocks: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly squares: number;
  readonly sum: number;
  readonly count: number;
  readonly blockFrom?: Millis;
  /** Readings of the baseline: how many, the first one, and the distances from it: sums of them, their squares, products of neighbours. */
  readonly chain: readonly [
    count: number,
    first: number,
    sum: number,
    squares: number,
    products: number,
    last: number,
  ];
}

/** Evidence over time, thinned to at most 48 points. */
export interface History {
  /** Log evidence at which a version is rolled back, and at which it is promoted. */
  readonly limits: readonly [harm: number, safe: number];
  /** One of so many ticks is kept. */
  readonly every: number;
  readonly skipped: number;
  /** Seconds since the start, log evidence of harm, least log evidence of safety. */
  readonly points: readonly (readonly [second: number, harm: number, safe: number])[];
}

export interface Failure {
  readonly metric: string;
  readonly at: Millis;
  /** Natural logarithm of the combined evidence. */
  readonly logHarm: number;
  /** The sentence as it was true at that moment. */
  readonly sentence: string;
  readonly pod?: string;
}

/** What follows from everything that was seen. */
export interface SequentialVerdict {
  /** `hold`: nothing can be told now, wait; `inconclusive`: a person has to look. */
  readonly kind: 'failed' | 'promote' | 'continue' | 'hold' | 'inconclusive';
  /** The metric that decides, where one does. */
  readonly metric?: string;
  readonly sentence: string;
  /** What is still missing for promotion, one line a metric. */
  readonly missing?: readonly string[];
  /** The canary pod that stands out. */
  readonly pod?: string;
}
