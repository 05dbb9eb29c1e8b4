/** What became of a metric; Kayenta's labels. `High` and `Low` are the canary's side of the baseline. */
export type Classification = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric' | 'Error';

/** Points of a series in order of time. `null` is a point without a value, which Prometheus calls NaN. */
export type Values = readonly (number | null)[];

/** Requests of each interval and the failing ones among them, of one version. */
export interface Counts {
  readonly bad: Values;
  readonly total: Values;
}

/** Both versions' data: either measured values or, for shares of requests, the counts themselves. */
export type Samples =
  | { readonly kind: 'values'; readonly canary: Values; readonly baseline: Values }
  | { readonly kind: 'counts'; readonly canary: Counts; readonly baseline: Counts };

/** How large a difference must be to count, on top of being significant. The defaults are 1 for `meanRatio`, 0.5 for `cles`. */
export interface EffectSize {
  readonly measure?: 'meanRatio' | 'cles';
  readonly allowedIncrease?: number;
  readonly allowedDecrease?: number;
  readonly criticalIncrease?: number;
  readonly criticalDecrease?: number;
}

/** A metric and how to judge it; the names and defaults are those of Kayenta's `analysisConfigurations.canary`. */
export interface JudgedMetric {
  readonly name: string;
  readonly groups: readonly string[];
  readonly samples: Samples;
  readonly direction?: 'increase' | 'decrease' | 'either';
  readonly nanStrategy?: 'remove' | 'replace';
  readonly outliers?: { readonly strategy?: 'keep' | 'remove'; readonly outlierFactor?: number };
  readonly critical?: boolean;
  readonly mustHaveData?: boolean;
  readonly muted?: boolean;
  readonly effectSize?: EffectSize;
}

/** Which look this is, from 1; with `planned`, of how many. */
export interface Look {
  readonly number: number;
  readonly planned?: number;
}

export interface JudgeConfig {
  /** Score from which the canary passes, and from which it is marginal, 0 to 100. */
  readonly thresholds: { readonly pass: number; readonly marginal: number };
  /** Percent of the score by group; groups that are not named share what is left of 100. */
  readonly groupWeights?: Readonly<Record<string, number>>;
  /** Share of the estimated difference that its confidence interval must stay clear of zero by; 0.25 as in Kayenta. */
  readonly tolerance?: number;
  /** Of the two-sided interval over all looks together, 0.98 as in Kayenta, which means it of each look. */
  readonly confidence?: number;
  /** Default: the first of one. */
  readonly look?: Look;
  /** Judge exactly as NetflixACAJudge-v1.0 does, with what is wrong with it. */
  readonly kayenta?: boolean;
}

/** An estimate and the interval around it; an end that the data do not bound is absent. */
export interface Interval {
  /** `shift`: canary minus baseline in the metric's unit; `ratio`: canary's share of bad requests divided by the baseline's. */
  readonly kind: 'shift' | 'ratio';
  readonly estimate?: number;
  readonly low?: number;
  readonly high?: number;
}

export interface MetricJudgement {
  readonly name: string;
  readonly groups: readonly string[];
  readonly muted: boolean;
  readonly classification: Classification;
  /** This metric alone makes the score 0. */
  readonly critical: boolean;
  readonly reason: string;
  /** Mean of the canary divided by that of the baseline; absent if one of them is 0. */
  readonly deviation?: number;
  readonly interval?: Interval;
}

export interface GroupScore {
  readonly name: string;
  readonly score: number;
  /** The group counts as 100 if no metric of it had data. */
  readonly hasData: boolean;
}

export interface Judgement {
  readonly classification: 'Pass' | 'Marginal' | 'Fail';
  /** 0 to 100, two places. */
  readonly score: number;
  readonly reason?: string;
  readonly groups: readonly GroupScore[];
  readonly metrics: readonly MetricJudgement[];
}
