import { peekText } from '../peek';
import { fieldOf, isMap, type JsonMap } from '../read-json';
import { mapsAt } from './composed';

/** Name of a port by which the load balancer controller looks for an action. */
export const useAnnotation = 'use-annotation';

export function servicePort(path: JsonMap): string | undefined {
  return peekText(path, 'backend', 'service', 'port', 'name');
}

/** The rules without the paths of these header routes. */
export function rulesWithout(rules: readonly JsonMap[], routes: readonly string[]): readonly JsonMap[] {
  return changePaths(rules, (paths) =>
    paths.filter((path) => servicePort(path) !== useAnnotation || !routes.includes(serviceOf(path) ?? '')),
  );
}

/** The rules with a path for each header route, before all others, wherever the root Service has one, and of the same form. */
export function rulesWith(
  rules: readonly JsonMap[],
  root: string,
  routes: readonly string[],
): readonly JsonMap[] {
  return changePaths(rules, (paths) => {
    const own = paths.filter((path) => serviceOf(path) === root);
    const added = routes.flatMap((name) => own.map((path) => ({ ...path, backend: backendOf(name) })));
    return [...added, ...paths];
  });
}

function backendOf(name: string): JsonMap {
  return { service: { name, port: { name: useAnnotation } } };
}

function serviceOf(path: JsonMap): string | undefined {
  return peekText(path, 'backend', 'service', 'name');
}

function changePaths(
  rules: readonly JsonMap[],
  change: (paths: readonly JsonMap[]) => readonly JsonMap[],
): readonly JsonMap[] {
  return rules.map((rule) => {
    const http = fieldOf(rule, 'http');
    return isMap(http) ? { ...rule, http: { ...http, paths: change(mapsAt(http, 'paths')) } } : rule;
  });
}
