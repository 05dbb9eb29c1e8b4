import type { CanaryCounts } from './canary-goal';
import type { Millis, Percent } from './strategy';

/** A `setCanaryScale` step: the canary's size apart from its weight. `matchTrafficWeight` undoes it, `replicas` beats `weight`. */
export interface SetCanaryScale {
  readonly replicas?: number;
  /** May be above 100: 200 means twice the workload's size. */
  readonly weight?: number;
  readonly matchTrafficWeight?: boolean;
}

/** A canary whose weight is carried by a traffic router. */
export interface RoutedCanaryInput {
  readonly replicas: number;
  readonly weight: Percent;
  readonly setCanaryScale?: SetCanaryScale;
  readonly minPodsPerReplicaSet?: number;
  readonly promoteFull?: boolean;
  readonly isAborted?: boolean;
  /** 0 means that an aborted canary keeps its size (Argo's convention); absent means its default of 30 s. */
  readonly abortScaleDownDelay?: Millis;
  /** Weights are of so many; default 100. */
  readonly maxWeight?: number;
  /** Stable shrinks as the weight grows; given: the weight that the router gives the canary now. */
  readonly dynamicStable?: { readonly actualWeight: number };
}

/**
 * The counts when a router carries the weight: stable stays whole, the canary is as large as its share of the traffic, rounded
 * up, or as `setCanaryScale` says; maxSurge and maxUnavailable do not apply. With `dynamicStableScale` stable has the pods for the
 * share that it has now or shall have, whichever is more (Argo Rollouts, `CalculateReplicaCountsForTrafficRoutedCanary`).
 */
export function routedCanaryCounts(input: RoutedCanaryInput): CanaryCounts {
  const scale = scaleInForce(input);
  const canary = scale?.replicas ?? atLeast(shareOf(input, scale), input);
  return { stable: stableOf(input), canary };
}

function stableOf({
  replicas,
  weight,
  maxWeight = 100,
  dynamicStable,
  promoteFull,
  isAborted,
}: RoutedCanaryInput): number {
  if (dynamicStable === undefined) return replicas;
  const wanted = isAborted === true ? 0 : promoteFull === true ? maxWeight : weight;
  const most = maxWeight - Math.min(wanted, dynamicStable.actualWeight);
  return Math.ceil((replicas * most) / maxWeight);
}

function scaleInForce(input: RoutedCanaryInput): SetCanaryScale | undefined {
  const scale = input.setCanaryScale;
  if (input.promoteFull === true || scale?.matchTrafficWeight === true) return undefined;
  return input.isAborted === true && input.abortScaleDownDelay !== 0 ? undefined : scale;
}

function shareOf(input: RoutedCanaryInput, scale: SetCanaryScale | undefined): number {
  if (input.promoteFull === true) return input.replicas;
  if (scale?.weight !== undefined) return Math.ceil((input.replicas * scale.weight) / 100);
  const weight = input.isAborted === true ? 0 : input.weight;
  return Math.ceil((input.replicas * weight) / (input.maxWeight ?? 100));
}

/** `minPodsPerReplicaSet` lifts a canary that has pods at all, up to the workload's own size (CheckMinPodsPerReplicaSet). */
function atLeast(count: number, input: RoutedCanaryInput): number {
  if (count === 0) return 0;
  return Math.max(count, Math.min(input.minPodsPerReplicaSet ?? 0, input.replicas));
}
