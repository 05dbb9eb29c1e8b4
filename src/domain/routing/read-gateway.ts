import type { Fields } from '../fields';
import { ignore, refuse, reportUnknown, type Refusals } from '../read-refusals';
import { requireField } from '../read-with';
import type { GatewaySpec } from './spec';

/** Name of the plugin of Argo Rollouts whose configuration is read. */
export const gatewayPlugin = 'argoproj-labs/gatewayAPI';

const byName = 'list the routes by name in httpRoutes or grpcRoutes';
const layer4 = 'use httpRoute or grpcRoute';
const refusals: Refusals = {
  tcpRoute: ['tcpRoute is', layer4],
  tcpRoutes: ['tcpRoutes is', layer4],
  tlsRoute: ['tlsRoute is', layer4],
  tlsRoutes: ['tlsRoutes is', layer4],
  httpRouteSelector: ['a selector of routes is', byName],
  grpcRouteSelector: ['a selector of routes is', byName],
  tcpRouteSelector: ['a selector of routes is', byName],
  tlsRouteSelector: ['a selector of routes is', byName],
};

type Route = GatewaySpec['routes'][number];
const kinds = [
  ['HTTPRoute', 'httpRoute', 'httpRoutes'],
  ['GRPCRoute', 'grpcRoute', 'grpcRoutes'],
] as const;

/** Reads `plugins.argoproj-labs/gatewayAPI`. */
export function readGateway(fields: Fields): GatewaySpec | undefined {
  refuse(fields, refusals);
  // The plugin marks routes by a label while a rollout goes on; Belay has its own annotation.
  ignore(fields, 'disableInProgressLabel', 'inProgressLabelKey', 'inProgressLabelValue');
  const namespace = fields.string('namespace') || undefined;
  const routes = kinds.flatMap(([kind, single, list]) => {
    const one = fields.string(single);
    const listed = fields.maps(list).flatMap((item) => readRoute(item));
    // As in the plugin: header routes are written to a single route, and to those of a list that ask for them.
    const all = one ? [...listed, { name: one, useHeaderRoutes: true }] : listed;
    return all.map((route): Route => ({ kind, ...route, ...(namespace === undefined ? {} : { namespace }) }));
  });
  const written = kinds.some(([, single, list]) => fields.raw(single) || fields.list(list).length > 0);
  reportUnknown(fields);
  reportTwice(fields, routes);
  if (!written && Object.keys(refusals).every((key) => fields.raw(key) === undefined)) {
    const message = 'names no route';
    fields.report({ code: 'InvalidSpec', path: fields.path, message, remedy: 'write httpRoute: <name>' });
  }
  return routes.length === 0 ? undefined : { kind: 'gatewayApi', routes };
}

function readRoute(item: Fields): readonly Pick<Route, 'name' | 'useHeaderRoutes'>[] {
  const isThere = requireField(item, 'name', 'name the route');
  const name = item.string('name');
  const useHeaderRoutes = item.boolean('useHeaderRoutes') ?? false;
  reportUnknown(item);
  return isThere && name !== undefined ? [{ name, useHeaderRoutes }] : [];
}

function reportTwice(fields: Fields, routes: readonly Route[]): void {
  const names = routes.map(({ kind, name }) => `${kind} ${name}`);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const name of twice) {
    const message = `${name} is named twice`;
    fields.report({ code: 'InvalidSpec', path: fields.path, message, remedy: 'name it once' });
  }
}
