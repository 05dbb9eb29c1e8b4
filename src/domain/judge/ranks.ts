/** Both versions' values, each in ascending order and not empty. */
export interface Arms {
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
}

export function sortedArms(canary: readonly number[], baseline: readonly number[]): Arms {
  const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
  return { canary: ascending(canary), baseline: ascending(baseline) };
}

interface RankSum {
  /** Sum of the canary's ranks among all; tied values share the mean of theirs. */
  readonly sum: number;
  /** Sum of t^3 - t over groups of t tied values. */
  readonly ties: number;
}

/** Ranks `canary - shift` among `baseline`, in one pass: a shift does not change the order of either. */
function rankSum({ canary, baseline }: Arms, shift: number): RankSum {
  let [i, j, sum, ties] = [0, 0, 0, 0];
  while (i < canary.length || j < baseline.length) {
    const mine = i < canary.length ? canary[i]! - shift : Infinity;
    const value = Math.min(mine, baseline[j] ?? Infinity);
    const before = i + j;
    const first = i;
    while (i < canary.length && canary[i]! - shift === value) i += 1;
    while (j < baseline.length && baseline[j] === value) j += 1;
    const tied = i + j - before;
    if (tied === 0) break;
    sum += (i - first) * (before + (tied + 1) / 2);
    ties += tied ** 3 - tied;
  }
  return { sum, ties };
}

/** Standard deviation of the rank sum under the null; 0 if all values are tied. */
export function rankSumDeviation(m: number, n: number, ties: number): number {
  return Math.sqrt(Math.max(0, ((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1)))));
}

/**
 * The Mann-Whitney z of `canary - shift` against `baseline`, with continuity and tie correction (wilcox.test of R).
 * Falls from plus to minus as the shift grows. NaN if all values are tied.
 */
export function rankSumZ(arms: Arms, shift: number): number {
  const [m, n] = [arms.canary.length, arms.baseline.length];
  const { sum, ties } = rankSum(arms, shift);
  const above = sum - (m * (m + 1)) / 2 - (m * n) / 2;
  const deviation = rankSumDeviation(m, n, ties);
  return deviation === 0 ? NaN : (above - Math.sign(above) / 2) / deviation;
}

/** Chance that a value of the canary is above one of the baseline, ties counted half: the common language effect size. */
export function cles(arms: Arms): number {
  const [m, n] = [arms.canary.length, arms.baseline.length];
  return (rankSum(arms, 0).sum - (m * (m + 1)) / 2) / (m * n);
}
