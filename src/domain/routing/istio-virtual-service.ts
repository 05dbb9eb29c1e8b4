import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import { fieldOf, type JsonMap } from '../read-json';
import { composed, isRefused, managedNames, managedOf, mapsAt, refused, withSpec } from './composed';
import type { Managed, Refused } from './composed';
import { canaryOf, sidesOf, weighRoute, weightIn, type Sides } from './istio-destinations';
import { matchesBefore } from './istio-matches';
import { protocols, selectRoutes, type Routes } from './istio-selection';
import type { Composed, RouteGoal } from './router';
import type { IstioSpec } from './spec';

/** A VirtualService with the goal's weights, and its header and mirror routes before all others. */
export function composeVirtualService(spec: IstioSpec, base: KubeObject, goal: RouteGoal): Composed {
  const sides = sidesOf(spec, base, goal);
  const routes = routesOf(base, goal, sides);
  const selection = selectRoutes(entryOf(spec, base), routes, { sides, base });
  if (isRefused(selection)) return selection;
  const changes: Record<string, readonly JsonMap[]> = {};
  for (const protocol of protocols) {
    const weighed = [...routes[protocol]];
    for (const index of selection[protocol]) {
      const route = weighRoute(weighed[index] ?? {}, `spec.${protocol}[${index}]`, { sides, goal });
      if (isRefused(route)) return route;
      weighed[index] = route;
    }
    // Also what only lost a managed route has changed.
    if (fieldOf(base['spec'], protocol) !== undefined) changes[protocol] = weighed;
  }
  const added: JsonMap[] = [];
  for (const managed of managedOf(goal)) {
    if (selection.http.length === 0) return noHttp(managed);
    for (const index of selection.http) {
      const made = managedRoute(managed, changes['http']?.[index] ?? {}, { sides, index });
      if (isRefused(made)) return made;
      if (made !== undefined) added.push(made);
    }
  }
  if (added.length > 0) changes['http'] = [...added, ...(changes['http'] ?? [])];
  return composed(withSpec(base, changes), goal);
}

/** The greatest share that a weighted route gives the canary. */
export function virtualServiceWeight(spec: IstioSpec, live: KubeObject, goal: RouteGoal): number | undefined {
  const sides = sidesOf(spec, live, goal);
  const routes = routesOf(live, goal, sides);
  const selection = selectRoutes(entryOf(spec, live), routes, { sides, base: live });
  if (isRefused(selection)) return undefined;
  const weights = protocols.flatMap((protocol) =>
    selection[protocol].map((index) => weightIn(routes[protocol][index] ?? {}, sides, goal)),
  );
  return Math.max(...weights);
}

function entryOf(
  { virtualServices }: IstioSpec,
  { metadata }: KubeObject,
): IstioSpec['virtualServices'][number] | undefined {
  const named = virtualServices.filter(({ name }) => name === metadata.name);
  return named.find(({ namespace }) => namespace === metadata.namespace) ?? named[0];
}

/** The team's routes: without those to this workload whose name is that of a managed route. */
function routesOf(base: KubeObject, goal: RouteGoal, sides: Sides): Routes {
  const managed = managedNames(base, goal);
  const isManaged = (route: JsonMap): boolean =>
    managed.has(peekText(route, 'name') ?? '') && canaryOf(route, sides) !== undefined;
  return {
    http: mapsAt(base, 'spec', 'http').filter((route) => !isManaged(route)),
    tls: mapsAt(base, 'spec', 'tls'),
    tcp: mapsAt(base, 'spec', 'tcp'),
  };
}

function managedRoute(
  managed: Managed,
  source: JsonMap,
  { sides, index }: { readonly sides: Sides; readonly index: number },
): JsonMap | Refused | undefined {
  const match = matchesBefore(managed, source);
  if (isRefused(match)) return match;
  if (match.length === 0) return undefined;
  const { name } = managed.route;
  const destination = canaryOf(source, sides);
  if (managed.kind === 'header') return { ...source, name, match, route: [{ destination, weight: 100 }] };
  if (['mirror', 'mirrors'].some((field) => fieldOf(source, field) !== undefined)) {
    const message = `is mirrored already, so mirror route ${name} cannot be added to it`;
    return refused(`spec.http[${index}].mirror`, message, 'remove it, or the setMirrorRoute step');
  }
  return {
    ...source,
    name,
    match,
    mirror: destination,
    mirrorPercentage: { value: managed.route.percentage ?? 100 },
  };
}

function noHttp({ route }: Managed): Refused {
  const message = `managed route ${route.name} needs an http route to the stable version`;
  return refused('spec.http', message, 'remove the step: tls and tcp routes have no headers');
}
