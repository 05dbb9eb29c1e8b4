import { nameOf, type KubeObject } from '../kube-object';
import { marks } from '../marks';
import { mergePatch } from '../merge-patch';
import { routerOf, withoutGoal } from '../routing';
import type { RouteGoal, Router, RouterObject } from '../routing/router';
import { noTraffic, type TrafficState } from '../routing/traffic';
import type { RolloutView } from '../rollout-view';
import { findRoute, goalOf, noHashes, type RoleHashes } from './route-goal';
import { act, type Action, patchOf, type Plan, type PlanContext, waitFor } from './plan';

/**
 * One look at the router's objects: composed with what the rollout wants where they differ, then waited for until the router has
 * taken it (DESIGN 4.5). Without a router it is done at once.
 */
export function planRoutes(
  view: RolloutView,
  context: PlanContext,
  traffic: TrafficState,
  hashes: RoleHashes,
): Plan {
  const { routing } = context;
  if (routing === undefined) return { kind: 'done' };
  const router = routerOf(routing.router);
  const goal = goalOf(context, traffic, hashes);
  const objects = router.objects(routing.router, { namespace: context.namespace, goal });
  const actions: Action[] = [];
  for (const each of objects) {
    const step = composeOne(view, context, { router, goal, each });
    if ('code' in step) return { kind: 'failed', ...step };
    if (step.action !== undefined) actions.push(step.action);
  }
  const written = act(...actions);
  if (written !== undefined) return written;
  for (const { ref } of objects) {
    const live = findRoute(view, ref);
    const served = live === undefined ? undefined : router.served(routing.router, live, goal);
    if (served?.served === false) return waitFor(`the router to take ${nameOf(ref)}: ${served.why}`);
  }
  return { kind: 'done' };
}

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

interface One {
  readonly router: Router;
  readonly goal: RouteGoal;
  readonly each: RouterObject;
}

function composeOne(
  view: RolloutView,
  context: PlanContext,
  { router, goal, each }: One,
): { readonly action: Action | undefined } | { readonly code: string; readonly sentence: string } {
  const { routing, fence } = context;
  const live = findRoute(view, each.ref);
  const base = each.life === 'edit' ? live : findRoute(view, each.from);
  if (base === undefined || routing === undefined) {
    const name = nameOf(each.from ?? each.ref);
    return {
      code: 'RouteMissing',
      sentence: `${name} is gone; put it back, or take it out of spec.strategy.canary.trafficRouting`,
    };
  }
  const composed = router.compose(routing.router, base, goal);
  if (!composed.ok) {
    const { field, message, remedy } = composed;
    return { code: 'RouteUnusable', sentence: `${nameOf(each.ref)}, ${field}: ${message}; ${remedy}` };
  }
  const wanted = fencedAs(composed.object, live);
  if (live === undefined)
    return { action: { kind: 'create', object: owned(wanted, context), why: `create ${nameOf(each.ref)}` } };
  const patch = difference(live, wanted);
  const why = `${goal.weight} of ${goal.maxWeight} to the canary in ${nameOf(each.ref)}`;
  return { action: patch === undefined ? undefined : patchOf(live, fence, patch, why) };
}

/** What differs in what a router reads; bookkeeping of the server and of other writers is left alone. */
function difference(live: KubeObject, wanted: KubeObject): { metadata?: object; spec?: object } | undefined {
  const annotations = mergePatch(live.metadata.annotations ?? {}, wanted.metadata.annotations ?? {});
  const spec = mergePatch(asMap(live['spec']), asMap(wanted['spec']));
  if (annotations === undefined && spec === undefined) return undefined;
  return { ...(annotations && { metadata: { annotations } }), ...(spec && { spec }) };
}

/** The composition with the fence that the object has now: `patchOf` raises it when something else differs. */
function fencedAs(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const { [marks.fence]: _own, ...annotations } = object.metadata.annotations ?? {};
  const fence = live?.metadata.annotations?.[marks.fence];
  const kept = fence === undefined ? annotations : { ...annotations, [marks.fence]: fence };
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}

function owned(object: KubeObject, { application, workload, rolloutId, fence }: PlanContext): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const own = { [marks.application]: application, [marks.canaryOf]: workload, [marks.rollout]: rolloutId };
  return {
    ...object,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, ...own },
      annotations: { ...annotations, [marks.fence]: String(fence) },
    },
  };
}

function release(
  live: KubeObject,
  { fence, workload }: PlanContext,
  composed: ReturnType<Router['compose']>,
): Action | undefined {
  if (live.metadata.annotations?.[marks.route] === undefined) return undefined;
  const free = withoutGoal(composed.ok ? composed.object : live, workload);
  const spec = mergePatch(asMap(live['spec']), asMap(free['spec']));
  const annotations = mergePatch(live.metadata.annotations, free.metadata.annotations ?? {});
  return patchOf(
    live,
    fence,
    { ...(annotations && { metadata: { annotations } }), ...(spec && { spec }) },
    `give ${live.metadata.name} back to Git`,
  );
}

function remove(live: KubeObject, { workload }: PlanContext): Action | undefined {
  if (live.metadata.labels?.[marks.canaryOf] !== workload || live.metadata.deletionTimestamp !== undefined)
    return undefined;
  const ref = {
    apiVersion: live.apiVersion,
    kind: live.kind,
    name: live.metadata.name,
    namespace: live.metadata.namespace ?? '',
  };
  return {
    kind: 'delete',
    ref,
    uid: live.metadata.uid ?? '',
    propagation: 'Background',
    why: `delete ${nameOf(ref)}`,
  };
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
