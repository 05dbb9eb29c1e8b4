import { compareCounts, comparedCounts, dispersionOf } from './counts';
import { kayentaShift } from './kayenta-shift';
import { alphaOf } from './looks';
import { normalQuantile } from './normal';
import { rankSumZ, sortedArms } from './ranks';
import type { Shift } from './shift';
import { exactShift } from './shift';
import type { Interval, JudgeConfig, JudgedMetric } from './types';

/** The side on which the canary differs for certain, or why that cannot be said. */
export type Found =
  | { readonly kind: 'side'; readonly side: 'High' | 'Low' | 'Pass'; readonly interval: Interval }
  | { readonly kind: 'tooFew' }
  | { readonly kind: 'tied' };

/** Both versions' values after the metric's strategies; neither is empty. */
export interface Prepared {
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
}

/** Compares by counts where there are counts, else by ranks. Kayenta knows only ranks. */
export function compare(metric: JudgedMetric, prepared: Prepared, config: JudgeConfig): Found {
  const tolerance = config.tolerance ?? 0.25;
  const alpha = alphaOf(config);
  if (metric.samples.kind === 'counts' && config.kayenta !== true) {
    const { canary, baseline } = metric.samples;
    const rule = { alpha, tolerance, dispersion: dispersionOf(baseline) };
    const compared = compareCounts(comparedCounts(canary, baseline), rule);
    return compared.kind === 'tooFew' ? compared : { ...compared, kind: 'side' };
  }
  const arms = sortedArms(prepared.canary, prepared.baseline);
  const z = normalQuantile(alpha / 2);
  const shift = config.kayenta === true ? kayentaShift(arms, z) : exactShift(arms, z);
  if (shift === undefined) return { kind: 'tied' };
  if (shift.low === -Infinity) return { kind: 'tooFew' };
  // Where the middle of all differences is 0, in sparse or coarse data, a share of it says nothing: the ranks themselves decide.
  const isHidden = shift.estimate === 0 && config.kayenta !== true;
  const side = isHidden ? sideOfRanks(rankSumZ(arms, 0), z) : sideOf(shift, tolerance);
  return { kind: 'side', side, interval: { kind: 'shift', ...shift } };
}

function sideOfRanks(found: number, z: number): 'High' | 'Low' | 'Pass' {
  if (found > z) return 'High';
  return found < -z ? 'Low' : 'Pass';
}

function sideOf(shift: Shift, tolerance: number): 'High' | 'Low' | 'Pass' {
  const margin = tolerance * Math.abs(shift.estimate);
  if (shift.low > margin) return 'High';
  return shift.high < -margin ? 'Low' : 'Pass';
}
