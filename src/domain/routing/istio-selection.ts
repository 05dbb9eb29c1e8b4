import type { KubeObject } from '../kube-object';
import { peekList, peekNumber, peekText } from '../peek';
import type { JsonMap } from '../read-json';
import { mapsAt, refused, type Refused } from './composed';
import { namesStable, type Sides } from './istio-destinations';
import type { IstioSpec } from './spec';

export type VirtualService = IstioSpec['virtualServices'][number];
export const protocols = ['http', 'tls', 'tcp'] as const;
export type Protocol = (typeof protocols)[number];

/** Positions of the routes that carry the weights, by protocol; managed routes are not among `routes`. */
export type Selection = Readonly<Record<Protocol, readonly number[]>>;
export type Routes = Readonly<Record<Protocol, readonly JsonMap[]>>;

/**
 * The routes that the specification names: http by name, tls by port and SNI hosts, tcp by port. Of a protocol for which it names
 * none, the one route that names stable; several of them would be a guess (Argo Rollouts, ValidateHTTPRoutes).
 */
export function selectRoutes(
  spec: VirtualService | undefined,
  routes: Routes,
  { sides, base }: { readonly sides: Sides; readonly base: KubeObject },
): Selection | Refused {
  const selection: Record<Protocol, readonly number[]> = { http: [], tls: [], tcp: [] };
  for (const protocol of protocols) {
    const found = named(protocol, spec, routes) ?? onlyOne(protocol, routes, sides);
    if ('ok' in found) return found;
    for (const index of found) {
      const route = routes[protocol][index];
      if (route !== undefined && namesStable(route, sides)) continue;
      const message = `sends nothing to ${sides.stable}`;
      return refused(`spec.${protocol}[${index}].route`, message, `make ${sides.stable} a destination of it`);
    }
    selection[protocol] = found;
  }
  if (protocols.some((protocol) => selection[protocol].length > 0)) return selection;
  const message = `no route of VirtualService ${base.metadata.name} has a destination with ${sides.stable}`;
  return refused(
    'spec.http',
    message,
    `make ${sides.stable} a destination of the route that shall be weighted`,
  );
}

function named(
  protocol: Protocol,
  spec: VirtualService | undefined,
  routes: Routes,
): readonly number[] | Refused | undefined {
  const wanted: readonly (readonly [label: string, fits: (route: JsonMap) => boolean])[] = {
    http: (spec?.routes ?? []).map(
      (name) => [name, (route: JsonMap) => peekText(route, 'name') === name] as const,
    ),
    tls: (spec?.tlsRoutes ?? []).map(
      ({ port, sniHosts }) =>
        [
          `${port ?? 'any port'} ${sniHosts.join(', ')}`,
          (route: JsonMap) => hasPort(route, port) && hasHosts(route, sniHosts),
        ] as const,
    ),
    tcp: (spec?.tcpRoutes ?? []).map(
      ({ port }) => [`${port ?? 'any port'}`, (route: JsonMap) => hasPort(route, port)] as const,
    ),
  }[protocol];
  if (wanted.length === 0) return undefined;
  const found = new Set<number>();
  for (const [label, fits] of wanted) {
    const indexes = routes[protocol].flatMap((route, index) => (fits(route) ? [index] : []));
    if (indexes.length === 0) {
      const message = `has no ${protocol} route ${label}`;
      return refused(`spec.${protocol}`, message, 'add it, or take it out of trafficRouting.istio');
    }
    for (const index of indexes) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}

function onlyOne(protocol: Protocol, routes: Routes, sides: Sides): readonly number[] | Refused {
  const found = routes[protocol].flatMap((route, index) => (namesStable(route, sides) ? [index] : []));
  if (found.length <= 1) return found;
  const message = `has ${found.length} routes to ${sides.stable}, and none of them is chosen`;
  const list = { http: 'routes', tls: 'tlsRoutes', tcp: 'tcpRoutes' }[protocol];
  return refused(
    `spec.${protocol}`,
    message,
    `name those to be weighted in trafficRouting.istio.virtualService.${list}`,
  );
}

/** All matches of the route are for this one port; without a port, for none in particular. */
function hasPort(route: JsonMap, port: number | undefined): boolean {
  const ports = new Set(mapsAt(route, 'match').map((match) => peekNumber(match, 'port')));
  return ports.size === 0 ? port === undefined : ports.size === 1 && ports.has(port);
}

function hasHosts(route: JsonMap, sniHosts: readonly string[]): boolean {
  const hosts = new Set(mapsAt(route, 'match').flatMap((match) => peekList(match, 'sniHosts')));
  return hosts.size === new Set(sniHosts).size && sniHosts.every((host) => hosts.has(host));
}
