import { nameOf, refOf, type KubeObject } from '../kube-object';
import { marks } from '../marks';
import { mergePatch } from '../merge-patch';
import { mapOf } from '../read-json';
import { routerOf, withoutGoal } from '../routing';
import type { Router } from '../routing/router';
import { noTraffic } from '../routing/traffic';
import type { RolloutView } from '../rollout-view';
import { findRoute, goalOf, isOwn, noHashes } from './route-goal';
import { act, type Action, patchOf, type Plan, type PlanContext } from './plan';

/** The end: no weight on the canary, no routes of the rollout, no objects of its own, no mark. */
export function planRoutesHome(view: RolloutView, context: PlanContext): Plan {
  const { routing } = context;
  if (routing === undefined) return { kind: 'done' };
  const router = routerOf(routing.router);
  const goal = goalOf(context, noTraffic, noHashes);
  const actions = router.objects(routing.router, { namespace: context.namespace, goal }).map((each) => {
    const live = findRoute(view, each.ref);
    if (live === undefined) return undefined;
    return each.life === 'own'
      ? remove(live, context)
      : release(live, context, router.compose(routing.router, live, goal));
  });
  return act(...actions) ?? { kind: 'done' };
}

function release(
  live: KubeObject,
  { fence, workload }: PlanContext,
  composed: ReturnType<Router['compose']>,
): Action | undefined {
  if (live.metadata.annotations?.[marks.route] === undefined) return undefined;
  const free = withoutGoal(composed.ok ? composed.object : live, workload);
  const spec = mergePatch(mapOf(live['spec']), mapOf(free['spec']));
  const annotations = mergePatch(live.metadata.annotations, free.metadata.annotations ?? {});
  return patchOf(
    live,
    fence,
    { ...(annotations && { metadata: { annotations } }), ...(spec && { spec }) },
    `give ${live.metadata.name} back to Git`,
  );
}

function remove(live: KubeObject, context: PlanContext): Action | undefined {
  if (!isOwn(live, context) || live.metadata.deletionTimestamp !== undefined) return undefined;
  const ref = refOf(live);
  return {
    kind: 'delete',
    ref,
    uid: live.metadata.uid ?? '',
    propagation: 'Background',
    why: `delete ${nameOf(ref)}`,
  };
}
