import { isObserved, isOwnedBy, isReady } from '../apps';
import { fenceOn } from '../fence';
import { type KubeObject, refOf } from '../kube-object';
import { canaryName, marks } from '../marks';
import {
  currentReplicaSet,
  hashOf,
  podsOf,
  replicaSetOf,
  type RolloutView,
  lackingEndpoints,
} from '../rollout-view';
import { pinServices, roleServices } from './pins';
import { fencePlain, freePlain, turnPlain } from './plain-services';
import { planRoutedReturn } from './plan-routed-return';
import { planRoutesHome } from './plan-routes-home';
import { scale } from './plan-weight';
import {
  act,
  ownCanary,
  patchOf,
  type Plan,
  type PlanContext,
  unpauseStable,
  waitFor,
  wantedPods,
} from './plan';
import { missing } from './plan-start';

/**
 * Rollback, first half (promise 3): users' traffic goes back before anything else. The fence rises on every object first, so that
 * a worker which wakes up late can write none of them; then stable is full again, and role Services point at it.
 */
export function planReturn(view: RolloutView, context: PlanContext): Plan {
  const { stable } = view;
  const canary = ownCanary(view, context);
  const { workload, fence } = context;
  if (stable === undefined) return missing(workload);
  const replicas = wantedPods(context, stable);
  const fenced = act(
    raiseFence(stable, fence) ?? scale(stable, replicas, fence, 'the way back'),
    canary === undefined ? undefined : raiseFence(canary, fence),
    ...[...roleServices(view, context), ...(view.routes ?? [])].map((each) => raiseFence(each, fence)),
    ...fencePlain(view, context),
  );
  if (fenced !== undefined) return fenced;
  const sized = act(scale(stable, replicas, fence, 'the way back'), ...dropBroken(view, context));
  if (sized !== undefined) return sized;
  if (context.routing !== undefined) return planRoutedReturn(view, context, stable);
  const current = currentReplicaSet(view, stable);
  const available = isObserved(stable) ? (stable.status?.availableReplicas ?? 0) : 0;
  // Traffic may go back as soon as stable can carry it; with every pod gone to the canary, that is when they are there again.
  if (available < replicas && podsOf(view, replicaSetOf(view, context.rolloutId)).some(isReady)) {
    return waitFor(`${replicas} stable pods of ${workload} to be available again (${available} are)`);
  }
  const pin = current === undefined ? undefined : hashOf(current);
  const turned = pin === undefined ? [] : turnPlain(view, context, pin);
  return act(...pinServices(view, context, { stable: pin, canary: pin }), ...turned) ?? { kind: 'done' };
}

/** Canary pods that serve nobody go at once: they count in PodDisruptionBudgets and quotas, and stable may need their room. */
function dropBroken(view: RolloutView, context: PlanContext) {
  const { rolloutId, fence } = context;
  const canary = ownCanary(view, context);
  if (canary === undefined || (canary.spec.replicas ?? 0) === 0) return [];
  if (podsOf(view, replicaSetOf(view, rolloutId)).some(isReady)) return [];
  return [scale(canary, 0, fence, 'the way back')];
}

/**
 * Rollback, second half: no canary objects are left, stable has its full size, role Services have Git's selectors, and
 * stable is un-paused last (DESIGN 4.4).
 */
export function planRemoval(view: RolloutView, context: PlanContext): Plan {
  const { stable } = view;
  const canary = ownCanary(view, context);
  const { workload, fence } = context;
  if (stable === undefined) return missing(workload);
  const replicas = wantedPods(context, stable);
  const available = isObserved(stable) ? (stable.status?.availableReplicas ?? 0) : 0;
  if (canary !== undefined) {
    if (available < replicas && podsOf(view, replicaSetOf(view, context.rolloutId)).some(isReady)) {
      return waitFor(
        `${replicas} stable pods of ${workload} to be available before the canary goes (${available} are)`,
      );
    }
    if (canary.metadata.deletionTimestamp !== undefined) return waitFor(`${canaryName(workload)} to be gone`);
    if (podsOf(view, replicaSetOf(view, context.rolloutId)).some(isReady)) {
      const lacking = lackingEndpoints(view, currentReplicaSet(view, stable), Math.min(available, replicas));
      if (lacking.length > 0) return waitFor(`the endpoints to list ${lacking.join(', ')}`);
    }
    return {
      kind: 'act',
      actions: [
        {
          kind: 'delete',
          ref: refOf(canary),
          uid: canary.metadata.uid ?? '',
          propagation: 'Background',
          why: `delete ${canaryName(workload)}`,
        },
      ],
    };
  }
  const left = view.replicaSets.filter(
    (set) =>
      set.spec.template.metadata?.labels?.[marks.rollout] === context.rolloutId && !isOwnedBy(set, stable),
  );
  const pods = view.pods.filter(
    (pod) => pod.metadata.labels?.[marks.rollout] === context.rolloutId && !isOwnedByCurrent(view, pod),
  );
  if (left.length > 0 || pods.length > 0)
    return waitFor(`the canary's ReplicaSet and ${pods.length} pods to be gone`);
  if (available < replicas)
    return waitFor(`${replicas} stable pods of ${workload} to be available (${available} are)`);
  const home = planRoutesHome(view, context);
  if (home.kind !== 'done') return home;
  return (
    act(...pinServices(view, context, { stable: undefined, canary: undefined }), ...freePlain(view)) ??
    act(unpauseStable(stable, fence)) ?? { kind: 'done' }
  );
}

function isOwnedByCurrent(view: RolloutView, pod: Parameters<typeof isReady>[0]): boolean {
  return isOwnedBy(pod, currentReplicaSet(view, view.stable));
}

function raiseFence(object: KubeObject, fence: number) {
  return fenceOn(object) >= fence
    ? undefined
    : patchOf(object, fence, {}, `fence ${object.metadata.name} at ${fence}`);
}
