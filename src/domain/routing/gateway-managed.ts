import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import { fieldOf, sameJson, type JsonMap } from '../read-json';
import { isRefused, managedOf, mapsAt, type Managed, type Refused } from './composed';
import { extrasOf } from './gateway-extras';
import { narrowed } from './gateway-matches';
import { namesService, namesStable, pairOf } from './gateway-refs';
import type { RouteGoal } from './router';

/**
 * The rules of the goal's header and mirror routes: one for each rule that carries the weights, as the plugin does, so that paths,
 * filters and timeouts of the team's rules hold for them too. The Gateway API takes the most specific match first, and a managed
 * rule is its source with more to match, so it wins over its source. `rules`: the team's, with the goal's weights.
 */
export function managedRules(
  rules: readonly JsonMap[],
  route: KubeObject,
  goal: RouteGoal,
): readonly JsonMap[] | Refused {
  const added: JsonMap[] = [];
  for (const managed of managedOf(goal)) {
    for (const rule of rules) {
      const made = managedRule(managed, rule, route, goal);
      if (isRefused(made)) return made;
      if (made !== undefined) added.push(made);
    }
  }
  return added;
}

function managedRule(
  managed: Managed,
  rule: JsonMap,
  route: KubeObject,
  goal: RouteGoal,
): JsonMap | Refused | undefined {
  const pair = pairOf(rule, route, goal);
  if (pair === undefined) return undefined;
  const extras = extrasOf(managed, route.kind);
  if (isRefused(extras)) return extras;
  const matches: JsonMap[] = [];
  for (const extra of extras) {
    const both = narrowed(rule, extra);
    if (isRefused(both)) return both;
    matches.push(...both);
  }
  if (matches.length === 0) return undefined;
  // Names of rules are unique in a route, and older versions of the API refuse the field: managed rules have none.
  const { name: _name, ...source } = rule;
  if (managed.kind === 'header') return { ...source, matches, backendRefs: [{ ...pair.canary, weight: 1 }] };
  const { percentage } = managed.route;
  const { name, namespace, port } = pair.canary;
  const backendRef = {
    group: '',
    kind: 'Service',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(port === undefined ? {} : { port }),
  };
  const requestMirror = { backendRef, ...(percentage === undefined ? {} : { percent: percentage }) };
  const filters = [...mapsAt(rule, 'filters'), { type: 'RequestMirror', requestMirror }];
  return { ...source, matches, filters };
}

/**
 * The team's rules of a route, and those of other workloads: without the rules that an earlier composition of this one has added.
 * They are known by being exactly what `goal`, with which they were composed, makes of another rule; of those at the top that somebody
 * has edited meanwhile, by their backends and headers.
 */
export function teamRules(route: KubeObject, goal: RouteGoal | undefined): readonly JsonMap[] {
  const rules = mapsAt(route, 'spec', 'rules');
  if (goal === undefined || managedOf(goal).length === 0) return rules;
  const sources = rules.filter((rule) => namesStable(rule, route, goal));
  const made = sources.flatMap((source) => {
    const added = managedRules([source], route, goal);
    return isRefused(added) ? [] : added.map(bare);
  });
  const left = rules.filter((rule) => !made.some((each) => sameJson(each, bare(rule))));
  const expected = managedRules(left, route, goal);
  if (!isRefused(expected) && expected.length <= rules.length - left.length) return left;
  const first = left.findIndex((rule) => !looksManaged(rule, route, goal));
  return left.slice(Math.max(first, 0));
}

/** A rule without its weights, which a later step may have changed. */
function bare(rule: JsonMap): JsonMap {
  const backendRefs = mapsAt(rule, 'backendRefs').map(({ weight: _weight, ...ref }) => ref);
  return { ...rule, backendRefs };
}

function looksManaged(rule: JsonMap, route: KubeObject, goal: RouteGoal): boolean {
  const place = { here: route.metadata.namespace, goal };
  const refs = mapsAt(rule, 'backendRefs');
  const isCanary = (ref: unknown): boolean => namesService(ref, goal.canaryService, place);
  if (namesStable(rule, route, goal)) {
    return (
      goal.mirrorRoutes.length > 0 &&
      mapsAt(rule, 'filters').some((filter) =>
        isCanary(fieldOf(fieldOf(filter, 'requestMirror'), 'backendRef')),
      )
    );
  }
  if (refs.length !== 1 || !refs.every(isCanary)) return false;
  return goal.headerRoutes.some(({ match }) =>
    mapsAt(rule, 'matches').every((each) =>
      match.every(({ headerName }) =>
        mapsAt(each, 'headers').some((header) => peekText(header, 'name') === headerName),
      ),
    ),
  );
}
