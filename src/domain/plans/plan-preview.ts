import { isObserved } from '../apps';
import { currentReplicaSet, hashOf, replicaSetOf, lackingEndpoints, type RolloutView } from '../rollout-view';
import { pinServices } from './pins';
import { act, ownCanary, type Plan, type PlanContext, waitFor, wantedPods } from './plan';
import { canaryMissing, missing } from './plan-start';
import { planHandover } from './plan-handover';
import { scale } from './plan-weight';

/**
 * Blue-green before the switch (rollouts.md 1.6): the new version at its preview size (undefined: the workload's), available, and
 * listed by the preview Service; the active Service stays pinned to the stable pods, which stay whole.
 */
export function planPreview(view: RolloutView, context: PlanContext, previewCount: number | undefined): Plan {
  const { stable } = view;
  const canary = ownCanary(view, context);
  const { workload, fence } = context;
  if (stable === undefined) return missing(workload);
  if (canary === undefined) return canaryMissing(workload);
  const replicas = wantedPods(context, stable);
  const count = previewCount ?? replicas;
  const scaled = act(
    scale(stable, replicas, fence, 'the active version'),
    scale(canary, count, fence, 'the preview'),
  );
  if (scaled !== undefined) return scaled;
  const set = replicaSetOf(view, context.rolloutId);
  if (!isObserved(canary) || !isObserved(stable) || (set === undefined && count > 0))
    return waitFor('the Deployment controller to have seen the new counts');
  const available = canary.status?.availableReplicas ?? 0;
  if (available < count)
    return waitFor(`${count} preview pods of ${workload} to be available (${available} are)`);
  const current = currentReplicaSet(view, stable);
  const home = current === undefined ? undefined : hashOf(current);
  const preview = set !== undefined && count > 0 ? hashOf(set) : home;
  const pinned = act(...pinServices(view, context, { stable: home, canary: preview }));
  if (pinned !== undefined) return pinned;
  const unlisted = lackingEndpoints(view, set, Math.min(available, count));
  return unlisted.length > 0 ? waitFor(`the endpoints to list ${unlisted.join(', ')}`) : { kind: 'done' };
}

/** Blue-green after the switch: users stay on the new version, and the old one stays whole for the way back. */
export function planSwitched(view: RolloutView, context: PlanContext): Plan {
  const { stable } = view;
  const { workload, fence } = context;
  if (stable === undefined) return missing(workload);
  if (ownCanary(view, context) === undefined) return canaryMissing(workload);
  const whole = scale(stable, wantedPods(context, stable), fence, 'the way back');
  return act(whole) ?? planHandover(view, context);
}
