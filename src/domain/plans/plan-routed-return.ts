import { isObserved, isReady, type DeploymentObject } from '../apps';
import { noTraffic } from '../routing/traffic';
import { currentReplicaSet, hashOf, podsOf, replicaSetOf, type RolloutView } from '../rollout-view';
import { pinServices } from './pins';
import { act, type Plan, type PlanContext, wantedPods } from './plan';
import { actualWeight } from './plan-routed';
import { planRoutesBack } from './plan-routes';

/**
 * The way back with a router: stable is whole, so its Service is pinned and the weight goes to 0 at once, together with all managed
 * routes. With `dynamicStableScale` the weight goes back only as far as stable's available pods can carry it, step by step
 * (Argo Rollouts, `calculateDesiredWeightOnAbortOrStableRollback`).
 */
export function planRoutedReturn(view: RolloutView, context: PlanContext, stable: DeploymentObject): Plan {
  const current = currentReplicaSet(view, stable);
  const set = replicaSetOf(view, context.rolloutId);
  const home = current === undefined ? undefined : hashOf(current);
  const weight = context.dynamicStableScale === true ? weightToKeep(view, context, stable) : 0;
  const canary = weight > 0 && set !== undefined ? hashOf(set) : home;
  // Without a pod of its own yet, stable's Service would select nothing.
  const pin = weight > 0 && availableOf(stable) === 0 ? canary : home;
  const pins = pinServices(view, context, { stable: pin, canary });
  const routed = planRoutesBack(view, context, { ...noTraffic, weight }, { stable: pin, canary });
  if (routed.kind === 'failed') return act(...pins) ?? routed;
  const writes = act(...pins, ...(routed.kind === 'act' ? routed.actions : []));
  if (writes !== undefined) return writes;
  if (routed.kind === 'wait' || weight === 0) return routed;
  const available = availableOf(stable);
  return {
    kind: 'wait',
    for: `${wantedPods(context, stable)} stable pods to be available again (${available} are)`,
  };
}

/** As much of the present weight as stable cannot carry yet; none where no pod of the canary could. */
function weightToKeep(view: RolloutView, context: PlanContext, stable: DeploymentObject): number {
  if (!podsOf(view, replicaSetOf(view, context.rolloutId)).some(isReady)) return 0;
  const replicas = wantedPods(context, stable);
  const most = context.routing?.maxTrafficWeight ?? 100;
  const lacking = replicas === 0 ? 0 : Math.max(0, replicas - availableOf(stable)) / replicas;
  return Math.min(actualWeight(view, context), Math.ceil(most * lacking));
}

function availableOf(stable: DeploymentObject): number {
  return isObserved(stable) ? (stable.status?.availableReplicas ?? 0) : 0;
}
