import { asDeployment, isObserved, isReady, type DeploymentObject, type ReplicaSetObject } from '../apps';
import { basicCanaryCounts } from '../replica-counts';
import {
  podsOf,
  replicaSetOf,
  currentReplicaSet,
  lackingEndpoints,
  hashOf,
  type RolloutView,
} from '../rollout-view';
import { resolveIntOrPercent } from '../int-or-percent';
import type { CanaryStrategy, IntOrPercent, Percent } from '../strategy';
import { pinServices, roleServices } from './pins';
import { act, ownCanary, patchOf, type Plan, type PlanContext, waitFor, wantedPods } from './plan';
import { canaryMissing, missing } from './plan-start';

export interface WeightGoal {
  readonly weight: Percent;
  readonly strategy: Pick<CanaryStrategy, 'maxSurge' | 'maxUnavailable' | 'replicaProgressThreshold'>;
}

/**
 * One step towards `weight` by replica counts (rollouts.md 1.4), bounded by maxSurge and maxUnavailable on what is available now.
 * Done when the counts are reached, the pods are available, and every ready canary pod is listed by the Services that select it.
 */
export function planWeight(view: RolloutView, context: PlanContext, { weight, strategy }: WeightGoal): Plan {
  const { stable } = view;
  const canary = ownCanary(view, context);
  const { workload, fence } = context;
  if (stable === undefined) return missing(workload);
  if (canary === undefined) return canaryMissing(workload);
  const replicas = wantedPods(context, stable);
  const { maxSurge, maxUnavailable } = strategy;
  const next = basicCanaryCounts({
    replicas,
    weight,
    maxSurge,
    maxUnavailable,
    stable: countsOf(stable),
    canary: countsOf(canary),
  });
  const canarySet = replicaSetOf(view, context.rolloutId);
  const emptied = next.stable === 0 && next.canary > 0 && (stable.spec.replicas ?? 1) > 0;
  const handed = emptied && canarySet !== undefined ? handStableService(view, context, canarySet) : undefined;
  if (handed !== undefined) return handed;
  // No pod goes before the endpoints list those that shall serve in its place.
  const lacking = [
    ...(shrinks(stable, next.stable) ? lackingEndpoints(view, canarySet, countsOf(canary).available) : []),
    ...(shrinks(canary, next.canary)
      ? lackingEndpoints(view, currentReplicaSet(view, stable), countsOf(stable).available)
      : []),
  ];
  const mayGo = lacking.length === 0;
  const patches = act(
    mayGo || !shrinks(canary, next.canary) ? scale(canary, next.canary, fence, `${weight} %`) : undefined,
    mayGo || !shrinks(stable, next.stable) ? scale(stable, next.stable, fence, `${weight} %`) : undefined,
  );
  if (patches !== undefined) return patches;
  if (!mayGo) return waitFor(`the endpoints to list ${lacking.join(', ')}`);

  if (!isObserved(canary) || !isObserved(stable) || (canarySet === undefined && next.canary > 0)) {
    return waitFor('the Deployment controller to have seen the new counts');
  }
  const stablePin = pinOf(view, stable);
  const pins =
    canarySet !== undefined && next.canary > 0
      ? { stable: next.stable === 0 ? hashOf(canarySet) : stablePin, canary: hashOf(canarySet) }
      : { stable: stablePin, canary: stablePin };
  const available = canary.status?.availableReplicas ?? 0;
  const needed = neededOf(strategy.replicaProgressThreshold, next.canary);
  if (available < needed)
    return waitFor(`${needed} canary pods of ${workload} to be available (${available} are)`);
  const stableAvailable = stable.status?.availableReplicas ?? 0;
  if (stableAvailable !== next.stable)
    return waitFor(`${next.stable} stable pods of ${workload} to be available (${stableAvailable} are)`);
  if ((canary.status?.replicas ?? 0) !== next.canary)
    return waitFor(`surplus canary pods of ${workload} to go`);
  const pinned = act(...pinServices(view, context, pins));
  if (pinned !== undefined) return pinned;
  const unlisted = lackingEndpoints(view, canarySet, Math.min(available, next.canary));
  if (unlisted.length > 0) return waitFor(`the endpoints to list ${unlisted.join(', ')}`);
  return { kind: 'done' };
}

function shrinks(deployment: DeploymentObject, count: number): boolean {
  return count < (deployment.spec.replicas ?? 1);
}

/** A stable Service must not become empty: it goes to the canary's pods before the last stable pod goes. */
function handStableService(
  view: RolloutView,
  context: PlanContext,
  canarySet: ReplicaSetObject,
): Plan | undefined {
  const hash = hashOf(canarySet);
  const pinned = act(...pinServices(view, context, { stable: hash, canary: hash }));
  if (pinned !== undefined) return pinned;
  const roles = { ...view, services: roleServices(view, context) };
  const ready = podsOf(view, canarySet).filter(isReady).length;
  const unlisted = lackingEndpoints(roles, canarySet, ready);
  return unlisted.length === 0 ? undefined : waitFor(`the endpoints to list ${unlisted.join(', ')}`);
}

function pinOf(view: RolloutView, stable: DeploymentObject): string | undefined {
  const current = currentReplicaSet(view, stable);
  return current === undefined ? undefined : hashOf(current);
}

/** `replicaProgressThreshold`: a step goes on when so many of its pods are available. */
export function neededOf(threshold: IntOrPercent | undefined, count: number): number {
  return threshold === undefined ? count : Math.min(count, resolveIntOrPercent(threshold, count, 'up'));
}

/** A patch of the replica count, or undefined when it is right already. */
export function scale(deployment: DeploymentObject, replicas: number, fence: number, why: string) {
  const now = asDeployment(deployment).spec.replicas ?? 1;
  if (now === replicas) return undefined;
  return patchOf(
    deployment,
    fence,
    { spec: { replicas } },
    `scale ${deployment.metadata.name} from ${now} to ${replicas} for ${why}`,
  );
}

/** Wanted and available pods, as the tables of replica counts want them. */
export function countsOf(deployment: DeploymentObject): { spec: number; available: number } {
  return {
    spec: deployment.spec.replicas ?? 1,
    available: isObserved(deployment) ? (deployment.status?.availableReplicas ?? 0) : 0,
  };
}
