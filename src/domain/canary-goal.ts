import type { IntOrPercent, Percent } from './strategy';
import { resolveFenceposts } from './int-or-percent';

/** How many pods each side of a canary has. */
export interface CanaryCounts {
  readonly stable: number;
  readonly canary: number;
}

/** What decides the split of a workload's pods when pods alone carry the weight. */
export interface CanarySplit {
  readonly replicas: number;
  readonly weight: Percent;
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
}

/**
 * The counts whose ratio is nearest to `weight`, of `replicas` pods or (if a surge is allowed) one more.
 * With 1 to 99 % both sides keep a pod where two are allowed; ties go to the smaller total, then to the larger canary
 * (Argo Rollouts, `approximateWeightedCanaryStableReplicaCounts`).
 */
export function basicCanaryGoal(split: CanarySplit): CanaryCounts {
  const { replicas, weight } = split;
  const surges = resolveFenceposts(split).surge > 0;
  const mayBeEmpty = weight <= 0 || weight >= 100 || (replicas === 1 && !surges);
  const exact = (replicas * weight) / 100;
  const candidates = (surges ? [replicas, replicas + 1] : [replicas])
    .flatMap((total) =>
      [Math.ceil(exact), Math.floor(exact)].map((canary) => ({ canary, stable: total - canary })),
    )
    .filter(({ canary, stable }) => mayBeEmpty || (canary > 0 && stable > 0));
  const nearest = candidates.reduce<CanaryCounts | undefined>(
    (best, next) => (best === undefined || isNearer(next, best, weight) ? next : best),
    undefined,
  );
  return replicas === 0 || nearest === undefined ? { stable: replicas, canary: 0 } : nearest;
}

/** Compares |canary/total - weight| in whole numbers, so that a tie is a tie. */
function isNearer(next: CanaryCounts, best: CanaryCounts, weight: Percent): boolean {
  return (
    distance(next, weight) * (best.canary + best.stable) <
    distance(best, weight) * (next.canary + next.stable)
  );
}

function distance({ canary, stable }: CanaryCounts, weight: Percent): number {
  return Math.abs(canary * 100 - weight * (canary + stable));
}
