import type { Fields } from './fields';
import { readHeaderMatches, readRouteMatches } from './read-route-matches';
import { reportUnknown } from './read-refusals';
import { didYouMean } from './read-suggestion';
import { requireField } from './read-with';
import { supports } from './routing/supports';
import { remedyWithoutRouter, type StepContext } from './step-context';
import type { RolloutStep } from './strategy';

/** Reads `setHeaderRoute`: requests with these headers go to the canary; no `match` takes the route away. */
export function readHeaderRoute(step: Fields, context: StepContext): RolloutStep | undefined {
  const route = startRoute(step, 'setHeaderRoute', context);
  if (route === undefined) return undefined;
  const kinds = context.routing && supports(context.routing.router).headerKinds;
  const match = readHeaderMatches(route, kinds);
  const name = readName(route, context);
  reportUnknown(route);
  return name === undefined ? undefined : { kind: 'setHeaderRoute', name, match };
}

/** Reads `setMirrorRoute`: a copy of these requests, or of a share of them, goes to the canary; no `match` takes the route away. */
export function readMirrorRoute(step: Fields, context: StepContext): RolloutStep | undefined {
  const route = startRoute(step, 'setMirrorRoute', context);
  if (route === undefined) return undefined;
  const percentage = route.int('percentage', { min: 1, max: 100 });
  const match = readRouteMatches(route);
  const name = readName(route, context);
  reportUnknown(route);
  const share = percentage === undefined ? {} : { percentage };
  return name === undefined ? undefined : { kind: 'setMirrorRoute', name, ...share, match };
}

function startRoute(
  step: Fields,
  key: 'setHeaderRoute' | 'setMirrorRoute',
  { isRouted, routing }: StepContext,
): Fields | undefined {
  if (!isRouted) {
    const message = `a ${key} step needs a traffic router`;
    return step.invalid(key, message, { remedy: remedyWithoutRouter });
  }
  const { headerRoutes = true, mirrorRoutes = true } = routing === undefined ? {} : supports(routing.router);
  if (!(key === 'setHeaderRoute' ? headerRoutes : mirrorRoutes)) {
    const message = `the router ${routing?.router.kind ?? ''} has no ${key}`;
    return step.invalid(key, message, { remedy: 'remove the step, or use a router that has it' });
  }
  return step.map(key);
}

/** The name has to be in `managedRoutes`: that is where its priority comes from. */
function readName(route: Fields, { routing }: StepContext): string | undefined {
  if (!requireField(route, 'name', 'name a route of trafficRouting.managedRoutes')) return undefined;
  const name = route.string('name');
  if (name === undefined || routing === undefined || routing.managedRoutes.includes(name)) return name;
  const remedy = didYouMean(
    name,
    routing.managedRoutes,
    `add \`- name: ${name}\` to trafficRouting.managedRoutes`,
  );
  return route.invalid('name', `route ${name} is not in managedRoutes`, { value: name, remedy });
}
