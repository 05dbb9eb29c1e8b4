import type { JudgedMetric, Values } from './types';

/** The numbers of a series as the metric's strategies leave them: first points without a value, then outliers. */
export function prepare(values: Values, metric: Pick<JudgedMetric, 'nanStrategy' | 'outliers'>): number[] {
  const isKnown = (value: number | null): value is number => value !== null && !Number.isNaN(value);
  const known =
    metric.nanStrategy === 'replace'
      ? values.map((value) => (isKnown(value) ? value : 0))
      : values.filter(isKnown);
  if (metric.outliers?.strategy !== 'remove' || known.length === 0) return known;
  return withoutOutliers(known, metric.outliers.outlierFactor ?? 3);
}

/** Tukey's fences, but never inside the first and last percentile. */
function withoutOutliers(values: readonly number[], factor: number): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const [lower, upper] = [percentile(sorted, 0.25), percentile(sorted, 0.75)];
  const reach = factor * (upper - lower);
  const from = Math.min(percentile(sorted, 0.01), lower - reach);
  const to = Math.max(percentile(sorted, 0.99), upper + reach);
  return values.filter((value) => value >= from && value <= to);
}

/** A quantile by linear interpolation between order statistics (R's type 7). */
function percentile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - below);
}
