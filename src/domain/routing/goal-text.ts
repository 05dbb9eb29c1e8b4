import { isMap, type JsonMap } from '../read-json';
import type { RouteGoal } from './router';

/** A goal as the value of the annotation `belay.dev/route`: JSON with sorted keys, so that equal goals are equal texts. */
export function goalText(goal: RouteGoal): string {
  return JSON.stringify(goal, (_key, value: unknown) => (isMap(value) ? sorted(value) : value));
}

function sorted(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const texts = ['workload', 'stableService', 'canaryService'] as const;
const optionalTexts = ['namespace', 'stableHash', 'canaryHash'] as const;
const numbers = ['weight', 'maxWeight'] as const;

/** The goal in an annotation; undefined for what no Belay has written. */
export function readGoal(text: string | undefined): RouteGoal | undefined {
  const value = parse(text);
  return isGoal(value) ? value : undefined;
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
