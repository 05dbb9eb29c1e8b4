import { findZero } from './brent';
import { normalQuantile } from './normal';
import type { Arms } from './ranks';
import { rankSumZ } from './ranks';
import type { Shift } from './shift';

/** Kayenta's tolerance of a root, whatever the metric's unit. */
const kayentaTolerance = 1e-4;

/**
 * Estimate and interval as Kayenta finds them: roots of a staircase by Brent's method, 0.0001 apart in whatever unit the metric has,
 * and ends clipped to the smallest and largest difference where the data do not bound them. Undefined where Kayenta throws
 * (all values tied), which makes the metric an `Error`.
 */
export function kayentaShift(arms: Arms, z: number): Shift | undefined {
  const noisy = isConstant(arms.canary) && isConstant(arms.baseline) ? spread(arms) : arms;
  const { canary, baseline } = noisy;
  const smallest = canary[0]! - baseline.at(-1)!;
  const largest = canary.at(-1)! - baseline[0]!;
  const left = rankSumZ(noisy, smallest);
  const right = rankSumZ(noisy, largest);
  if (Number.isNaN(left) || Number.isNaN(right)) return undefined;
  const root = (level: number): number =>
    findZero(
      (shift) => rankSumZ(noisy, shift) - level,
      { x: smallest, y: left - level },
      { x: largest, y: right - level },
      kayentaTolerance,
    );
  const end = (level: number): number =>
    left - level <= 0 ? smallest : right - level >= 0 ? largest : root(level);
  const found = { low: end(z), high: end(-z), estimate: root(0) };
  return Object.values(found).some(Number.isNaN) ? undefined : found;
}

function isConstant(ascending: readonly number[]): boolean {
  return ascending[0] === ascending.at(-1);
}

/**
 * Kayenta adds normal noise of a hundred-thousandth to two constant series, so that ranks exist. Here the noise is the normal
 * distribution's own quantiles: the same spread, but the same verdict every time.
 */
function spread({ canary, baseline }: Arms): Arms {
  const noisy = (values: readonly number[]): number[] =>
    values
      .map((value, index) => {
        const rank = (index + 0.5) / values.length;
        const noise = rank < 0.5 ? -normalQuantile(rank) : normalQuantile(1 - rank);
        return value + Math.abs(value) * 1e-5 * noise;
      })
      .sort((a, b) => a - b);
  return { canary: noisy(canary), baseline: noisy(baseline) };
}
