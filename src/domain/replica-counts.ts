import { basicCanaryGoal } from './canary-goal';
import type { CanaryCounts, CanarySplit } from './canary-goal';
import { resolveFenceposts } from './int-or-percent';

export { basicCanaryGoal };
export type { CanaryCounts, CanarySplit };
export { routedCanaryCounts } from './routed-counts';
export type { RoutedCanaryInput, SetCanaryScale } from './routed-counts';

/** One ReplicaSet (or Deployment) as it is: how many pods it asks for, and how many of those are available. */
export interface PodCounts {
  readonly spec: number;
  readonly available: number;
}

/** A canary without a traffic router, between two steps. */
export interface BasicCanaryInput extends CanarySplit {
  readonly stable: PodCounts;
  readonly canary: PodCounts;
  /** Leftovers of earlier versions; they go before anything else is scaled down. */
  readonly older?: PodCounts;
  /** A person wants the new version everywhere now; the bounds still hold. */
  readonly promoteFull?: boolean;
}

/** The fewest pods that must stay available and the most that may exist. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * The next counts on the way to `weight` that keep within maxSurge and maxUnavailable; call it again until nothing changes.
 * Stable grows before the canary, older versions shrink before both, and only the side that has to shrink does so by choice
 * (Argo Rollouts, `CalculateReplicaCountsForBasicCanary`).
 */
export function basicCanaryCounts(input: BasicCanaryInput): CanaryCounts {
  const { surge, unavailable } = resolveFenceposts(input);
  const bounds = { least: input.replicas - unavailable, most: input.replicas + surge };
  const goal = basicCanaryGoal(input.promoteFull === true ? { ...input, weight: 100 } : input);
  const grown = grow(input, goal, bounds);
  return (input.older?.spec ?? 0) > 0 ? grown : shrink(input, { goal, grown, bounds });
}

function grow(input: BasicCanaryInput, goal: CanaryCounts, bounds: Bounds): CanaryCounts {
  const { stable, canary, older } = input;
  const room = Math.max(0, bounds.most - stable.spec - canary.spec - (older?.spec ?? 0));
  const forStable = clamp(goal.stable - stable.spec, room);
  const forCanary = clamp(goal.canary - canary.spec, room - forStable);
  return { stable: stable.spec + forStable, canary: canary.spec + forCanary };
}

function shrink(
  input: BasicCanaryInput,
  plan: { readonly goal: CanaryCounts; readonly grown: CanaryCounts; readonly bounds: Bounds },
): CanaryCounts {
  const { goal, grown, bounds } = plan;
  const isIncreasing = goal.canary >= input.canary.spec;
  const [drained, kept] = isIncreasing ? [input.stable, input.canary] : [input.canary, input.stable];
  const [target, from, keptFrom] = isIncreasing
    ? [goal.stable, grown.stable, grown.canary]
    : [goal.canary, grown.canary, grown.stable];
  // The drained side counts whole, available or not: its broken pods must not stop their own removal.
  const spare = drained.spec + Math.min(kept.spec, kept.available) - bounds.least;
  if (spare <= 0) return grown;
  const wanted = drained.spec > target ? Math.max(target, drained.spec - spare) : from;
  const within = fit({ pods: drained, count: wanted }, { pods: kept, count: keptFrom }, bounds);
  return isIncreasing
    ? { stable: within.drained, canary: within.kept }
    : { stable: within.kept, canary: within.drained };
}

interface Side {
  readonly pods: PodCounts;
  readonly count: number;
}

/** Takes what is above `most` from the kept side, unless its available pods are needed to stay at `least`. */
function fit(drained: Side, kept: Side, bounds: Bounds): { readonly drained: number; readonly kept: number } {
  const cut = kept.count - above(drained.count + kept.count, bounds.most);
  const serving = Math.min(drained.pods.available, drained.count) + Math.min(kept.pods.available, cut);
  const giveBack = Math.min(above(kept.pods.available, cut), above(bounds.least, serving));
  const count = cut + giveBack;
  return { drained: drained.count - above(drained.count + count, bounds.most), kept: count };
}

function above(value: number, limit: number): number {
  return Math.max(0, value - limit);
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
