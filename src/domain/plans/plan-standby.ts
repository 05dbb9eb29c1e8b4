import { isObserved, isReady, type DeploymentObject } from '../apps';
import { hashOf, podsOf, readyEndpoints, replicaSetOf, type RolloutView } from '../rollout-view';
import { pinPlain, plainServices, standbyObstacle } from './plain-services';
import { act, ownCanary, type Plan, type PlanContext, waitFor, wantedPods } from './plan';
import { planHandover, planRouteHandover } from './plan-handover';
import { canaryMissing, missing } from './plan-start';
import { scale } from './plan-weight';

/**
 * The gate of a release (docs/adr/0018): after part a of a promotion, and before part b. Users stay on the new version, and the old one
 * is whole again, ready, and behind no Service: the way back from here is one patch of each Service or route. First the Services that
 * select both versions list the new pods alone, then the old ones start.
 *
 * A Service that selects pods of other workloads too cannot be pinned without taking those away; where there is one the old version
 * stays as small as the weights have left it (`standbyObstacle` says so), and its pods start on the way back.
 */
export function planStandby(view: RolloutView, context: PlanContext): Plan {
  const { stable } = view;
  if (stable === undefined) return missing(context.workload);
  if (ownCanary(view, context) === undefined) return canaryMissing(context.workload);
  const handed = planHandover(view, context);
  if (handed.kind !== 'done') return handed;
  const standing = standbyObstacle(view, context) === undefined ? standBy(view, context, stable) : undefined;
  return standing ?? (context.routing === undefined ? { kind: 'done' } : planRouteHandover(view, context));
}

function standBy(view: RolloutView, context: PlanContext, stable: DeploymentObject): Plan | undefined {
  const { workload, fence } = context;
  const kept = keepOff(view, context);
  if (kept !== undefined) return kept;
  const replicas = wantedPods(context, stable);
  const whole = act(scale(stable, replicas, fence, 'the way back'));
  if (whole !== undefined) return whole;
  const available = isObserved(stable) ? (stable.status?.availableReplicas ?? 0) : 0;
  return available < replicas
    ? waitFor(`${replicas} pods of the old version of ${workload} to stand by (${available} do)`)
    : undefined;
}

/** Undefined when Services without a role list exactly the new version's ready pods. */
function keepOff(view: RolloutView, context: PlanContext): Plan | undefined {
  const set = replicaSetOf(view, context.rolloutId);
  if (set === undefined) return undefined;
  const pinned = act(...pinPlain(view, context, hashOf(set)));
  if (pinned !== undefined) return pinned;
  const ready = podsOf(view, set).filter(isReady);
  const late = plainServices(view, context).find(({ metadata: { name } }) => {
    const listed = readyEndpoints(view, name);
    return listed.size !== ready.length || ready.some((pod) => !listed.has(pod.metadata.name));
  });
  return late === undefined
    ? undefined
    : waitFor(`Service ${late.metadata.name} to list exactly the ${ready.length} pods of the new version`);
}
