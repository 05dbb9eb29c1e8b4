import { isMap, type JsonMap } from '../read-json';
import type { RouteGoal } from './router';

/**
 * Goals as the value of the annotation `belay.dev/route`: JSON with sorted keys, so that equal goals are equal texts. One goal is an
 * object; workloads that share a route have a list of them, by name.
 */
export function goalText(...goals: readonly RouteGoal[]): string {
  const byName = [...goals].sort((a, b) => (a.workload < b.workload ? -1 : 1));
  return JSON.stringify(byName.length === 1 ? byName[0] : byName, (_key, value: unknown) =>
    isMap(value) ? sorted(value) : value,
  );
}

function sorted(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const texts = ['workload', 'stableService', 'canaryService'] as const;
const optionalTexts = ['namespace', 'stableHash', 'canaryHash'] as const;
const numbers = ['weight', 'maxWeight'] as const;

/** The goal of a workload in an annotation, or the first one; undefined for what no Belay has written. */
export function readGoal(text: string | undefined, workload?: string): RouteGoal | undefined {
  return readGoals(text).find((goal) => workload === undefined || goal.workload === workload);
}

/** The goals of all workloads that share the object: its composition is with each of them in turn. */
export function readGoals(text: string | undefined): readonly RouteGoal[] {
  const value = parse(text);
  const goals: readonly unknown[] = Array.isArray(value) ? value : [value];
  return goals.every(isGoal) ? goals : [];
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function isGoal(value: unknown): value is RouteGoal {
  return (
    isMap(value) &&
    texts.every((key) => typeof value[key] === 'string') &&
    optionalTexts.every((key) => ['string', 'undefined'].includes(typeof value[key])) &&
    numbers.every((key) => typeof value[key] === 'number') &&
    isList(value['headerRoutes'], isHeaderRoute) &&
    isList(value['mirrorRoutes'], isNamed) &&
    isList(value['managedRoutes'], (name) => typeof name === 'string')
  );
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isNamed(value: unknown): boolean {
  return isMap(value) && typeof value['name'] === 'string' && isList(value['match'], isMap);
}

function isHeaderRoute(value: unknown): boolean {
  return (
    isNamed(value) &&
    isMap(value) &&
    isList(
      value['match'],
      (each) => isMap(each) && typeof each['headerName'] === 'string' && isMap(each['headerValue']),
    )
  );
}
