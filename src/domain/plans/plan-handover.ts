import { isReady, matches } from '../apps';
import { hashOf, podsOf, readyEndpoints, replicaSetOf, type RolloutView } from '../rollout-view';
import { noTraffic } from '../routing/traffic';
import { pinServices, roleServices } from './pins';
import { act, ownCanary, type Plan, type PlanContext, waitFor, wantedPods } from './plan';
import { planRoutes } from './plan-routes';
import { scale } from './plan-weight';

/**
 * Promotion, part a (DESIGN 4.3): stable's Service goes to the new ReplicaSet first, and its EndpointSlices list exactly the new
 * ready pods before anything else happens. Adopting first took endpoints from 4 to 0.
 */
export function planHandover(view: RolloutView, context: PlanContext): Plan {
  const set = replicaSetOf(view, context.rolloutId);
  if (set === undefined) {
    return {
      kind: 'failed',
      code: 'CanaryMissing',
      sentence: `the ReplicaSet of rollout ${context.rolloutId} is gone; somebody deleted the canary`,
    };
  }
  const pods = podsOf(view, set);
  const ready = pods.filter(isReady);
  const wanted = view.stable === undefined ? pods.length : wantedPods(context, view.stable);
  const canary = ownCanary(view, context);
  // A size that has grown since the last step: nobody else would start these pods now.
  if (canary !== undefined && (canary.spec.replicas ?? 1) < wanted) {
    const grown = act(scale(canary, wanted, context.fence, 'the newest size'));
    if (grown !== undefined) return grown;
  }
  if (ready.length < wanted) return waitFor(`${wanted} ready pods of the new version (${ready.length} are)`);
  const pinned = act(...pinServices(view, context, { stable: hashOf(set), canary: hashOf(set) }));
  if (pinned !== undefined) return pinned;
  for (const service of roleServices(view, context)) {
    const selected = ready
      .filter((pod) => matches(service.spec.selector, pod.metadata.labels))
      .map((pod) => pod.metadata.name);
    const listed = readyEndpoints(view, service.metadata.name);
    if (selected.length !== listed.size || selected.some((name) => !listed.has(name))) {
      return waitFor(
        `Service ${service.metadata.name} to list exactly the ${selected.length} pods of the new version`,
      );
    }
  }
  return { kind: 'done' };
}

/** With a router, after the handover has settled: the weight returns to stable's Service, which has the new pods now (DESIGN 4.3a). */
export function planRouteHandover(view: RolloutView, context: PlanContext): Plan {
  const set = replicaSetOf(view, context.rolloutId);
  const hash = set === undefined ? undefined : hashOf(set);
  return planRoutes(view, context, noTraffic, { stable: hash, canary: hash });
}
