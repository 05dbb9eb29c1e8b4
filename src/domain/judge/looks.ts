import type { JudgeConfig } from './types';

/**
 * The error that this look may spend so that all looks together spend at most 1 - confidence: an equal part of it when it is known how
 * many there will be, else 1/(k(k+1)) of it, which sums to 1 however long it goes on. Kayenta spends all of it at every look.
 */
export function alphaOf(config: Pick<JudgeConfig, 'confidence' | 'look' | 'kayenta'>): number {
  const alpha = 1 - (config.confidence ?? 0.98);
  const look = config.look;
  if (config.kayenta === true || look === undefined) return alpha;
  if (look.planned !== undefined && look.number <= look.planned) return alpha / look.planned;
  // Looks after the last planned one have nothing left to spend, so a plan is kept or there is none.
  if (look.planned !== undefined)
    throw new RangeError(`look ${look.number} of ${look.planned} was not planned`);
  return alpha / (look.number * (look.number + 1));
}
