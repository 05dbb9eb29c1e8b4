import type { Found, Prepared } from './compare';
import { compare } from './compare';
import { sharesOf } from './counts';
import { effectOf, meanRatio, reaches } from './effect';
import { prepare } from './prepare';
import type { Classification, Interval, JudgeConfig, JudgedMetric, MetricJudgement } from './types';

/** A judgement without what is copied from the metric. */
interface Verdict {
  readonly classification: Classification;
  readonly reason: string;
  readonly critical?: boolean;
  readonly interval?: Interval;
  readonly deviation?: number;
}

/** Judges one metric as NetflixACAJudge-v1.0 does: missing data, equal data, then difference, effect size and criticality. */
export function classify(metric: JudgedMetric, config: JudgeConfig): MetricJudgement {
  const { critical = false, ...verdict } = verdictOn(metric, config);
  return { name: metric.name, groups: metric.groups, muted: metric.muted === true, ...verdict, critical };
}

function verdictOn(metric: JudgedMetric, config: JudgeConfig): Verdict {
  const { samples } = metric;
  const values = samples.kind === 'values' ? samples : mapBoth(samples, sharesOf);
  const prepared = mapBoth(values, (each) => prepare(each, metric));
  if (prepared.canary.length === 0 || prepared.baseline.length === 0) return withoutData(metric, prepared);
  const same = isSame(prepared) && samples.kind === 'values';
  if (same || (config.kayenta === true && isSame(prepared))) {
    return { classification: 'Pass', reason: 'the values of canary and baseline are the same', deviation: 1 };
  }
  const deviation = meanRatio(prepared.canary, prepared.baseline);
  const found = compare(metric, prepared, config);
  return { ...decide(metric, found, prepared), ...(deviation === undefined ? {} : { deviation }) };
}

function decide(metric: JudgedMetric, found: Found, prepared: Prepared): Verdict {
  if (found.kind === 'tied') return { classification: 'Error', reason: 'all values are tied' };
  if (found.kind === 'tooFew') {
    const reason = 'there is too little data to show any difference at this confidence';
    return lacking(metric, reason);
  }
  const { side, interval } = found;
  const effect = effectOf(prepared.canary, prepared.baseline, metric.effectSize?.measure);
  if (side === 'Pass') return { classification: 'Pass', reason: passReason(prepared, interval), interval };
  const harmless = side === 'High' ? 'decrease' : 'increase';
  if (metric.direction === harmless) {
    return { classification: 'Pass', reason: `the canary is ${side}, which does not count`, interval };
  }
  const size = metric.effectSize;
  if (!reaches(effect, side, { kind: 'allowed', size })) {
    return {
      classification: 'Pass',
      reason: `the canary is ${side}, within the allowed effect size`,
      interval,
    };
  }
  const critical = metric.critical === true && reaches(effect, side, { kind: 'critical', size });
  const reason = `the canary is ${side}${critical ? ', and the metric is critical' : ''}`;
  return { classification: side, reason, critical, interval };
}

/** Ranks see that there are more points above 0, but not how far above it they are. */
function passReason({ canary, baseline }: Prepared, interval: Interval): string {
  const isSparse = (values: readonly number[]): boolean =>
    2 * values.filter((value) => value === 0).length > values.length;
  return interval.kind === 'shift' && (isSparse(canary) || isSparse(baseline))
    ? 'no difference found, but most values are 0: counts would show more than ranks'
    : 'no difference found';
}

function withoutData(metric: JudgedMetric, { canary }: Prepared): Verdict {
  // Nothing to replace by 0 is as good as 0 on both sides, says Kayenta.
  if (metric.nanStrategy === 'replace') return { classification: 'Pass', reason: 'there are no values' };
  return lacking(metric, `the ${canary.length === 0 ? 'canary' : 'baseline'} has no values`);
}

function lacking(metric: JudgedMetric, reason: string): Verdict {
  const isCritical = metric.critical === true;
  if (metric.mustHaveData === true && !isCritical) return { classification: 'NodataFailMetric', reason };
  return { classification: 'Nodata', reason, critical: isCritical };
}

/** The same values in any order, or one value throughout. */
function isSame({ canary, baseline }: Prepared): boolean {
  const all = new Set([...canary, ...baseline]);
  if (all.size === 1) return true;
  if (canary.length !== baseline.length) return false;
  const sorted = [canary, baseline].map((values) => [...values].sort((a, b) => a - b));
  return sorted[0]!.every((value, index) => value === sorted[1]![index]);
}

function mapBoth<T, U>(both: { canary: T; baseline: T }, map: (each: T) => U): { canary: U; baseline: U } {
  return { canary: map(both.canary), baseline: map(both.baseline) };
}
