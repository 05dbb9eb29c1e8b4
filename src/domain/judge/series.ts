import type { Grid } from './plan';
import type { Counts, Values } from './types';

/** One series of a range query's answer: moments in epoch milliseconds, and what it was then. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** The mean of the series at each point; `null` where none of them has a finite number, such as a quantile without requests. */
export function valuesOn(grid: Grid, series: readonly RangeSeries[]): Values {
  const sums = new Array<number>(grid.points).fill(0);
  const counts = new Array<number>(grid.points).fill(0);
  for (const each of series) {
    for (const [index, value] of placed(grid, each)) {
      sums[index]! += value;
      counts[index]! += 1;
    }
  }
  return sums.map((sum, index) => (counts[index] === 0 ? null : sum / counts[index]!));
}

/**
 * The requests of each interval from raw counters, told apart by `label`. As for sequential metrics a counter that shrinks has begun
 * anew, the first sight of one is where counting begins, a missing point arrives with the next, and bad requests of a pod that was
 * known before they appear count from 0. `null` where no counter of requests is known.
 */
export function countsOn(
  grid: Grid,
  counters: { readonly total: readonly RangeSeries[]; readonly bad: readonly RangeSeries[] },
  label: string,
): Counts {
  const total = new Array<number | null>(grid.points).fill(null);
  const bad = new Array<number>(grid.points).fill(0);
  const seen = new Map<string, number>();
  for (const each of counters.total) {
    for (const [index, increment] of increments(grid, each)) {
      const key = each.labels[label] ?? '';
      seen.set(key, Math.min(seen.get(key) ?? index, index));
      if (increment !== undefined) total[index] = (total[index] ?? 0) + increment;
    }
  }
  for (const each of counters.bad) {
    const known = seen.get(each.labels[label] ?? '');
    for (const [index, increment, value] of increments(grid, each)) {
      const isNew = increment === undefined && known !== undefined && known < index;
      bad[index]! += increment ?? (isNew ? value : 0);
    }
  }
  return { total, bad: bad.map((count, index) => (total[index] === null ? null : count)) };
}

/** How much a counter grew at each of its points; undefined at the first one. */
function increments(grid: Grid, series: RangeSeries): readonly [number, number | undefined, number][] {
  let before: number | undefined;
  return placed(grid, series).map(([index, value]) => {
    const increment = before === undefined ? undefined : value < before ? value : value - before;
    before = value;
    return [index, increment, value];
  });
}

/** The finite values of a series by the number of their point, in order of time. */
function placed({ from, stepMs, points }: Grid, series: RangeSeries): readonly [number, number][] {
  return series.points
    .map(([at, value]): [number, number] => [Math.round((at - from) / stepMs), value])
    .filter(([index, value]) => index >= 0 && index < points && Number.isFinite(value))
    .sort(([one], [other]) => one - other);
}
