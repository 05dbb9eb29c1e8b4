import { cles, sortedArms } from './ranks';
import type { EffectSize } from './types';

/** Mean of the canary divided by that of the baseline; undefined if one of them is 0, as in Kayenta. */
export function meanRatio(canary: readonly number[], baseline: readonly number[]): number | undefined {
  const [mine, theirs] = [mean(canary), mean(baseline)];
  return mine === 0 || theirs === 0 ? undefined : mine / theirs;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The effect in the measure that was asked for; undefined: it cannot be computed, and no limit on it applies. */
export function effectOf(
  canary: readonly number[],
  baseline: readonly number[],
  measure: EffectSize['measure'],
): number | undefined {
  return measure === 'cles' ? cles(sortedArms(canary, baseline)) : meanRatio(canary, baseline);
}

/** Whether an effect on that side reaches the limit of its kind. */
export function reaches(
  effect: number | undefined,
  side: 'High' | 'Low',
  limits: { readonly kind: 'allowed' | 'critical'; readonly size: EffectSize | undefined },
): boolean {
  if (effect === undefined) return true;
  const neutral = limits.size?.measure === 'cles' ? 0.5 : 1;
  if (side === 'High') return effect >= (limits.size?.[`${limits.kind}Increase`] ?? neutral);
  return effect <= (limits.size?.[`${limits.kind}Decrease`] ?? neutral);
}
