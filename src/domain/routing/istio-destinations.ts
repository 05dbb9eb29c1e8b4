import type { KubeObject } from '../kube-object';
import { peekNumber, peekText } from '../peek';
import { fieldOf, isMap, type JsonMap } from '../read-json';
import { mapsAt, refused, type Refused } from './composed';
import type { RouteGoal } from './router';
import type { IstioSpec } from './spec';
import { shareOf } from './weights';

/** How the two versions are named in the destinations of a VirtualService. */
export interface Sides {
  readonly isStable: (destination: unknown) => boolean;
  readonly isCanary: (destination: unknown) => boolean;
  /** Stable's destination turned into the canary's. */
  readonly toCanary: (destination: JsonMap) => JsonMap;
  /** What stable is called, for messages. */
  readonly stable: string;
}

/** By subset where the spec has a DestinationRule, else by host. */
export function sidesOf({ destinationRule }: IstioSpec, base: KubeObject, goal: RouteGoal): Sides {
  if (destinationRule !== undefined) {
    const { stableSubsetName, canarySubsetName } = destinationRule;
    return {
      isStable: (destination) => peekText(destination, 'subset') === stableSubsetName,
      isCanary: (destination) => peekText(destination, 'subset') === canarySubsetName,
      toCanary: (destination) => ({ ...destination, subset: canarySubsetName }),
      stable: `subset ${stableSubsetName}`,
    };
  }
  const here = base.metadata.namespace;
  const is = (service: string) => (destination: unknown) =>
    isHost(peekText(destination, 'host') ?? '', service, { here, namespace: goal.namespace });
  return {
    isStable: is(goal.stableService),
    isCanary: is(goal.canaryService),
    toCanary(destination) {
      const [, ...domain] = (peekText(destination, 'host') ?? '').split('.');
      return { ...destination, host: [goal.canaryService, ...domain].join('.') };
    },
    stable: `host ${goal.stableService}`,
  };
}

/** A short host is a Service of the VirtualService's namespace; a longer one says the namespace. */
function isHost(
  host: string,
  service: string,
  { here, namespace }: { readonly here: string | undefined; readonly namespace: string | undefined },
): boolean {
  const [name, second = here] = host.split('.');
  return name === service && (namespace === undefined || second === undefined || second === namespace);
}

/** Whether a route sends requests to the stable side. */
export function namesStable(route: JsonMap, sides: Sides): boolean {
  return mapsAt(route, 'route').some((each) => sides.isStable(fieldOf(each, 'destination')));
}

/** A route with the goal's weights; the canary's destination is a copy of stable's where the team wrote none. */
export function weighRoute(
  route: JsonMap,
  field: string,
  { sides, goal }: { readonly sides: Sides; readonly goal: RouteGoal },
): JsonMap | Refused {
  const entries = mapsAt(route, 'route').map((entry) => ({
    entry,
    destination: fieldOf(entry, 'destination'),
  }));
  for (const is of [sides.isStable, sides.isCanary]) {
    if (entries.filter(({ destination }) => is(destination)).length <= 1) continue;
    const message = 'names one version more than once, so its share cannot be told';
    return refused(`${field}.route`, message, 'name each version once in a route');
  }
  const hasCanary = entries.some(({ destination }) => sides.isCanary(destination));
  const weighed = entries.flatMap(({ entry, destination }) => {
    if (sides.isCanary(destination)) return [{ ...entry, weight: goal.weight }];
    if (!sides.isStable(destination) || !isMap(destination)) return [entry];
    const stable = { ...entry, weight: goal.maxWeight - goal.weight };
    const canary = { ...entry, destination: sides.toCanary(destination), weight: goal.weight };
    return hasCanary ? [stable] : [stable, canary];
  });
  return { ...route, route: weighed };
}

/** The canary's destination of a weighted route. */
export function canaryOf(route: JsonMap, sides: Sides): unknown {
  return mapsAt(route, 'route')
    .map((each) => fieldOf(each, 'destination'))
    .find((destination) => sides.isCanary(destination));
}

/** The share that a route gives the canary. */
export function weightIn(route: JsonMap, sides: Sides, goal: RouteGoal): number {
  const entries = mapsAt(route, 'route');
  const weightOf = (is: (destination: unknown) => boolean): number => {
    const found = entries.find((each) => is(fieldOf(each, 'destination')));
    // A single destination needs no weight.
    return found === undefined ? 0 : (peekNumber(found, 'weight') ?? (entries.length === 1 ? 100 : 0));
  };
  return shareOf(weightOf(sides.isStable), weightOf(sides.isCanary), goal.maxWeight);
}
