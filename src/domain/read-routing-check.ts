import type { Fields } from './fields';
import { namespaceOf, type Revision } from './read-revision';
import { checkRouting, type RoutingContext } from './routing/check-routing';
import type { CanaryStrategy } from './strategy';

/** Checks the router of a canary against the revision: its Services, its objects, and all routes that its steps will ask for. */
export function checkRouted(canary: Fields, strategy: CanaryStrategy, revision: Revision): void {
  const { routing, stableService, canaryService } = strategy;
  if (routing === undefined) return;
  const context = {
    namespace: namespaceOf(canary.source.located, revision),
    ...routesOf(strategy),
  };
  const services = { stable: stableService, canary: canaryService };
  for (const { field, message, remedy } of checkRouting(routing, services, revision.objects, context))
    canary.invalid(field, message, { remedy });
}

function routesOf({
  steps,
}: CanaryStrategy): Required<Pick<RoutingContext, 'headerRoutes' | 'mirrorRoutes'>> {
  const headerRoutes = steps.filter((step) => step.kind === 'setHeaderRoute');
  const mirrorRoutes = steps.filter((step) => step.kind === 'setMirrorRoute');
  return { headerRoutes: written(headerRoutes), mirrorRoutes: written(mirrorRoutes) };
}

/** The routes that are set at some time, each once; a step without `match` takes one away. */
function written<T extends { readonly name: string; readonly match: readonly unknown[] }>(
  routes: readonly T[],
): readonly T[] {
  const set = routes.filter(({ match }) => match.length > 0);
  return [...new Map(set.map((route) => [route.name, route])).values()];
}
