import { normalTail } from '../../src/domain/judge/normal';
import type { Random } from './random';

/** Prometheus' default bounds in seconds, without the infinite one. */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Requests of each tick, and for each bound those that were slower. */
export interface Histogram {
  readonly total: Float64Array;
  readonly slow: readonly Float64Array[];
}

/** How long requests take: lognormal with a median of 50 ms, multiplied; a share of them waits longer. */
export interface Latency {
  readonly times?: number;
  readonly late?: { readonly share: number; readonly seconds: number };
}

const spread = 0.5;

/** Chance that a request is slower than each bound. */
export function slowChances({ times = 1, late }: Latency): readonly number[] {
  const slower = (bound: number): number =>
    bound <= 0 ? 1 : normalTail(Math.log(bound / (0.05 * times)) / spread);
  return bounds.map((bound) =>
    late === undefined
      ? slower(bound)
      : (1 - late.share) * slower(bound) + late.share * slower(bound - late.seconds),
  );
}

/** `requests` on average in each tick; those slower than a bound are drawn from those slower than the one before. */
export function playHistogram(
  chances: readonly number[],
  requests: number,
  ticks: number,
  random: Random,
): Histogram {
  const total = new Float64Array(ticks);
  const slow = bounds.map(() => new Float64Array(ticks));
  for (let tick = 0; tick < ticks; tick += 1) {
    let [left, chance] = [random.poisson(requests), 1];
    total[tick] = left;
    for (const [index, next] of chances.entries()) {
      left = random.binomial(left, next / chance);
      slow[index]![tick] = left;
      chance = next;
    }
  }
  return { total, slow };
}

/** Prometheus' histogram_quantile over ticks `from` to `to`; undefined without requests. */
export function quantileOf(
  { total, slow }: Histogram,
  from: number,
  to: number,
  quantile: number,
): number | undefined {
  const sum = (values: Float64Array): number => {
    let all = 0;
    for (let tick = from; tick < to; tick += 1) all += values[tick]!;
    return all;
  };
  const all = sum(total);
  if (all === 0) return undefined;
  const rank = quantile * all;
  let [below, bound] = [0, 0];
  for (const [index, next] of bounds.entries()) {
    const fast = all - sum(slow[index]!);
    if (fast >= rank) return bound + ((next - bound) * (rank - below)) / Math.max(1e-9, fast - below);
    [below, bound] = [fast, next];
  }
  return bounds.at(-1);
}
