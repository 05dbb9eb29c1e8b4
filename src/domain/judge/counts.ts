import { betaCdf, betaQuantile } from './beta';
import type { Counts, Interval } from './types';

/** Bad and all requests of one version over the whole time. */
export interface Sum {
  readonly bad: number;
  readonly total: number;
}

/** What the counts of both versions say, before direction and effect size are looked at. */
export type Comparison =
  | { readonly kind: 'tooFew' }
  | { readonly kind: 'compared'; readonly side: 'High' | 'Low' | 'Pass'; readonly interval: Interval };

/** What two versions' counts come to over the points that can be compared. */
export interface Compared {
  readonly canary: Sum;
  readonly baseline: Sum;
  /** The canary's part of the bad requests, 0 to 1, if both versions fail alike. */
  readonly fair: number;
}

/**
 * Adds up the points at which both versions had requests. The fair part is the canary's part of the traffic of each point, weighted by
 * the point's bad requests: a weight and an error rate that both change over time cancel (Simpson's paradox). Parts that differ from
 * point to point make the canary's bad requests vary less than a binomial with the mean part (Hoeffding 1956), so its bounds hold.
 */
export function comparedCounts(canary: Counts, baseline: Counts): Compared {
  const sums = { canary: { bad: 0, total: 0 }, baseline: { bad: 0, total: 0 } };
  let expected = 0;
  for (const index of canary.total.keys()) {
    const [mine, theirs] = [pointOf(canary, index), pointOf(baseline, index)];
    if (mine === undefined || theirs === undefined) continue;
    expected += ((mine.bad + theirs.bad) * mine.total) / (mine.total + theirs.total);
    sums.canary = { bad: sums.canary.bad + mine.bad, total: sums.canary.total + mine.total };
    sums.baseline = { bad: sums.baseline.bad + theirs.bad, total: sums.baseline.total + theirs.total };
  }
  const bad = sums.canary.bad + sums.baseline.bad;
  const all = sums.canary.total + sums.baseline.total;
  return { ...sums, fair: bad > 0 ? expected / bad : sums.canary.total / Math.max(1, all) };
}

/** The counts of one point; undefined without requests. */
function pointOf(counts: Counts, index: number): Sum | undefined {
  const [bad, total] = [counts.bad[index] ?? Number.NaN, counts.total[index] ?? Number.NaN];
  return total > 0 && !Number.isNaN(bad) ? { bad, total } : undefined;
}

/** Adds up the points at which both counts are known. */
function sumCounts(counts: Counts): Sum {
  let [bad, total] = [0, 0];
  for (const [index, requests] of counts.total.entries()) {
    const failed = counts.bad[index] ?? null;
    if (requests === null || failed === null || Number.isNaN(requests) || Number.isNaN(failed)) continue;
    bad += failed;
    total += requests;
  }
  return { bad, total };
}

/** The share of bad requests of each point, as Kayenta would be given it; without requests there is none. */
export function sharesOf(counts: Counts): readonly (number | null)[] {
  return counts.total.map((requests, index) => {
    const failed = counts.bad[index] ?? null;
    return requests === null || failed === null || !(requests > 0) ? null : failed / requests;
  });
}

/**
 * How much more the baseline's counts vary from point to point than independent requests would: Pearson's chi-square over its
 * degrees of freedom, at least 1. Errors that come in bursts of ten make this about ten.
 */
export function dispersionOf(counts: Counts): number {
  const { bad, total } = sumCounts(counts);
  const share = bad / total;
  if (!(share > 0 && share < 1)) return 1;
  let [chiSquare, points] = [0, 0];
  for (const [index, requests] of counts.total.entries()) {
    const failed = counts.bad[index] ?? null;
    if (requests === null || failed === null || !(requests > 0)) continue;
    chiSquare += (failed - requests * share) ** 2 / (requests * share * (1 - share));
    points += 1;
  }
  return points < 10 ? 1 : Math.max(1, chiSquare / (points - 1));
}

/**
 * Compares shares of bad requests by their counts. Given all bad requests of both, the canary's part is binomial with its fair part
 * as chance, so an exact (Clopper-Pearson) interval of that part decides: it must stay clear of the fair part by
 * `tolerance` of the estimated distance, which is Kayenta's rule. Counts are divided by the baseline's dispersion first.
 */
export function compareCounts(
  { canary, baseline, fair }: Compared,
  rule: { readonly alpha: number; readonly tolerance: number; readonly dispersion: number },
): Comparison {
  if (canary.total === 0 || baseline.total === 0) return { kind: 'tooFew' };
  const bad = canary.bad / rule.dispersion;
  const others = baseline.bad / rule.dispersion;
  const tail = rule.alpha / 2;
  // Could these requests have shown anything, had all of them been bad?
  if (betaCdf(fair, canary.total / rule.dispersion, others + 1) > tail) return { kind: 'tooFew' };
  if (bad + others === 0) return { kind: 'compared', side: 'Pass', interval: { kind: 'ratio' } };
  const low = bad === 0 ? 0 : betaQuantile(tail, bad, others + 1);
  const high = others === 0 ? 1 : betaQuantile(1 - tail, bad + 1, others);
  const part = bad / (bad + others);
  const margin = rule.tolerance * Math.abs(part - fair);
  const side = low - fair > margin ? 'High' : high - fair < -margin ? 'Low' : 'Pass';
  const ratio = (share: number): number | undefined =>
    share >= 1 ? undefined : ((share / (1 - share)) * (1 - fair)) / fair;
  return { kind: 'compared', side, interval: ratioInterval(ratio(part), ratio(low), ratio(high)) };
}

function ratioInterval(estimate?: number, low?: number, high?: number): Interval {
  return {
    kind: 'ratio',
    ...(estimate === undefined ? {} : { estimate }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}
