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
}

/**
 * The counts when a router carries the weight: stable stays whole, the canary is as large as its share of the traffic, rounded
 * up, or as `setCanaryScale` says; maxSurge and maxUnavailable do not apply
 * (Argo Rollouts, `CalculateReplicaCountsForTrafficRoutedCanary` without dynamicStableScale).
 */
export function routedCanaryCounts(input: RoutedCanaryInput): CanaryCounts {
  const scale = scaleInForce(input);
  const canary = scale?.replicas ?? atLeast(shareOf(input, scale), input);
  return { stable: input.replicas, canary };
}

function scaleInForce(input: RoutedCanaryInput): SetCanaryScale | undefined {
  const scale = input.setCanaryScale;
  if (input.promoteFull === true || scale?.matchTrafficWeight === true) return undefined;
  return input.isAborted === true && input.abortScaleDownDelay !== 0 ? undefined : scale;
}

function shareOf(input: RoutedCanaryInput, scale: SetCanaryScale | undefined): number {
  if (input.promoteFull === true) return input.replicas;
  const weight = scale?.weight ?? (input.isAborted === true ? 0 : input.weight);
  return Math.ceil((input.replicas * weight) / 100);
}

/** `minPodsPerReplicaSet` lifts a canary that has pods at all, up to the workload's own size (CheckMinPodsPerReplicaSet). */
function atLeast(count: number, input: RoutedCanaryInput): number {
  if (count === 0) return 0;
  return Math.max(count, Math.min(input.minPodsPerReplicaSet ?? 0, input.replicas));
}
