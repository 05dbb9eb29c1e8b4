import type { KubeObject } from '../kube-object';
import { marks } from '../marks';
import { fieldOf, isMap, type JsonMap } from '../read-json';
import { peekList } from '../peek';
import { goalText, readGoal, readGoals } from './goal-text';
import type { Composed, RouteGoal } from './router';

export type Refused = Extract<Composed, { readonly ok: false }>;

/** Why an object cannot carry the goal. */
export function refused(field: string, message: string, remedy: string): Refused {
  return { ok: false, field, message, remedy };
}

/** The composed object: it carries its goal, so that the next composition knows which routes were added. */
export function composed(object: KubeObject, goal: RouteGoal): Composed {
  const goals = [...othersOf(object, goal.workload), goal];
  return { ok: true, object: withAnnotations(object, { [marks.route]: goalText(...goals) }) };
}

/** The object without the mark of this workload's goal; those of other workloads stay. */
export function withoutGoal(object: KubeObject, workload: string): KubeObject {
  const goals = othersOf(object, workload);
  return withAnnotations(object, { [marks.route]: goals.length === 0 ? undefined : goalText(...goals) });
}

function othersOf(object: KubeObject, workload: string): readonly RouteGoal[] {
  const goals = readGoals(object.metadata.annotations?.[marks.route]);
  return goals.filter((goal) => goal.workload !== workload);
}

/** The goal of the same workload that the object was composed with last. */
export function previousGoal(object: KubeObject, { workload }: RouteGoal): RouteGoal | undefined {
  return readGoal(object.metadata.annotations?.[marks.route], workload);
}

/** The object with these annotations; undefined takes one away. */
export function withAnnotations(
  object: KubeObject,
  changes: Readonly<Record<string, string | undefined>>,
): KubeObject {
  const all = { ...object.metadata.annotations, ...changes };
  const annotations = Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The object with some fields of its spec replaced. */
export function withSpec(object: KubeObject, changes: JsonMap): KubeObject {
  const spec = fieldOf(object, 'spec');
  return { ...object, spec: { ...(isMap(spec) ? spec : {}), ...changes } };
}

/** The maps of a list; an item that is no map counts as an empty one, so that positions stay. */
export function mapsAt(value: unknown, ...path: readonly string[]): readonly JsonMap[] {
  return peekList(value, ...path).map((item) => (isMap(item) ? item : {}));
}

/** Applies `change` to each item until one is refused. */
export function eachOrRefused<T, R>(
  items: readonly T[],
  change: (item: T, index: number) => R | Refused,
): { readonly ok: true; readonly items: readonly R[] } | Refused {
  const done: R[] = [];
  for (const [index, item] of items.entries()) {
    const result = change(item, index);
    if (isRefused(result)) return result;
    done.push(result);
  }
  return { ok: true, items: done };
}

export function isRefused(value: unknown): value is Refused {
  return fieldOf(value, 'ok') === false;
}

/** A managed route: a header route or a mirror route. */
export type Managed =
  | { readonly kind: 'header'; readonly route: RouteGoal['headerRoutes'][number] }
  | { readonly kind: 'mirror'; readonly route: RouteGoal['mirrorRoutes'][number] };

/** The routes that the goal asks for, in the order of their priority; a route without a match asks for nothing. */
export function managedOf(goal: RouteGoal): readonly Managed[] {
  const routes: readonly Managed[] = [
    ...goal.headerRoutes.map((route) => ({ kind: 'header' as const, route })),
    ...goal.mirrorRoutes.map((route) => ({ kind: 'mirror' as const, route })),
  ];
  const rank = ({ route }: Managed): number => {
    const index = goal.managedRoutes.indexOf(route.name);
    return index < 0 ? goal.managedRoutes.length : index;
  };
  return routes.filter(({ route }) => route.match.length > 0).sort((a, b) => rank(a) - rank(b));
}

/**
 * The names of all routes that an object may have from this goal or the one before: for routers whose routes have names. What is
 * listed in `managedRoutes` is the rollout's alone, as in Argo Rollouts.
 */
export function managedNames(object: KubeObject, goal: RouteGoal): ReadonlySet<string> {
  return new Set(
    [previousGoal(object, goal), goal].flatMap((each) => [
      ...(each?.managedRoutes ?? []),
      ...(each?.headerRoutes ?? []).map(({ name }) => name),
      ...(each?.mirrorRoutes ?? []).map(({ name }) => name),
    ]),
  );
}
