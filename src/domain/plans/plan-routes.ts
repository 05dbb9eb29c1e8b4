import { nameOf, type KubeObject } from '../kube-object';
import { marks } from '../marks';
import { mergePatch } from '../merge-patch';
import { mapOf } from '../read-json';
import { routerOf } from '../routing';
import type { RouteGoal, Router, RouterObject } from '../routing/router';
import { type TrafficState } from '../routing/traffic';
import type { RolloutView } from '../rollout-view';
import { findRoute, goalOf, isOwn, type RoleHashes } from './route-goal';
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
  const { failed, written, waiting } = lookAtRoutes(view, context, { traffic, hashes });
  return failed ?? written ?? waiting ?? { kind: 'done' };
}

/**
 * The same on the way back: what one object refuses never keeps the others from it, an object that is gone or that gives the canary
 * nothing is no obstacle, and nothing is made.
 */
export function planRoutesBack(
  view: RolloutView,
  context: PlanContext,
  traffic: TrafficState,
  hashes: RoleHashes,
): Plan {
  const mayHaveWeight = ({ router, goal, each }: One): boolean => {
    const live = findRoute(view, each.ref);
    if (live === undefined || context.routing === undefined) return false;
    if (each.life === 'own') return isOwn(live, context) && findRoute(view, each.from) !== undefined;
    const isRefused = !router.compose(context.routing.router, live, goal).ok;
    return !isRefused || (router.weightOf(context.routing.router, live, goal) ?? 0) > 0;
  };
  const { failed, written, waiting } = lookAtRoutes(view, context, {
    traffic,
    hashes,
    isWanted: mayHaveWeight,
  });
  return written ?? failed ?? waiting ?? { kind: 'done' };
}

interface Wanted {
  readonly traffic: TrafficState;
  readonly hashes: RoleHashes;
  readonly isWanted?: (one: One) => boolean;
}

interface Look {
  readonly failed: Plan | undefined;
  readonly written: Plan | undefined;
  readonly waiting: Plan | undefined;
}

function lookAtRoutes(
  view: RolloutView,
  context: PlanContext,
  { traffic, hashes, isWanted = () => true }: Wanted,
): Look {
  const { routing } = context;
  if (routing === undefined) return { failed: undefined, written: undefined, waiting: undefined };
  const router = routerOf(routing.router);
  const goal = goalOf(context, traffic, hashes);
  const objects = router
    .objects(routing.router, { namespace: context.namespace, goal })
    .filter((each) => isWanted({ router, goal, each }));
  const steps = objects.map((each) => composeOne(view, context, { router, goal, each }));
  const failure = steps.find((step) => 'code' in step);
  const unserved = objects.flatMap(({ ref }) => {
    const live = findRoute(view, ref);
    const served = live === undefined ? undefined : router.served(routing.router, live, goal);
    return served?.served === false ? [`the router to take ${nameOf(ref)}: ${served.why}`] : [];
  });
  return {
    failed: failure === undefined ? undefined : { kind: 'failed', ...failure },
    written: act(...steps.map((step) => ('action' in step ? step.action : undefined))),
    waiting: unserved[0] === undefined ? undefined : waitFor(unserved[0]),
  };
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
  if (each.life === 'own' && live !== undefined && !isOwn(live, context)) {
    return {
      code: 'OwnedByAnother',
      sentence: `${nameOf(each.ref)} exists and is not Belay's (it has no label ${marks.canaryOf}: ${context.workload}); rename or delete it, then retry`,
    };
  }
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
  const patch = difference(live, wanted, each.life === 'edit');
  const why = `${goal.weight} of ${goal.maxWeight} to the canary in ${nameOf(each.ref)}`;
  return { action: patch === undefined ? undefined : patchOf(live, fence, patch, why) };
}

/** What differs in what a router reads; bookkeeping of the server and of other writers is left alone. */
function difference(
  live: KubeObject,
  wanted: KubeObject,
  isEdited: boolean,
): { metadata?: object; spec?: object } | undefined {
  const now = live.metadata.annotations ?? {};
  // What other controllers note on an object of the rollout's own is theirs: taking it off would go on for ever.
  const annotations = mergePatch(now, { ...(isEdited ? {} : now), ...wanted.metadata.annotations });
  const spec = mergePatch(mapOf(live['spec']), mapOf(wanted['spec']));
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
