import type { KubeObject } from '../../../src/domain/kube-object';
import type { RouteGoal } from '../../../src/domain/routing/router';
import type {
  AlbSpec,
  GatewaySpec,
  IstioSpec,
  NginxSpec,
  RouterSpec,
  SmiSpec,
  TraefikSpec,
} from '../../../src/domain/routing/spec';
import { canaryRef, goals, headerGoals, mirrorGoals, routeOf, stableRef } from './routes';

const head = (apiVersion: string, kind: string): Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'> => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'shop', labels: { team: 'shop' }, annotations: { note: 'kept' } },
});

const prefix = (value: string): object => ({ matches: [{ path: { type: 'PathPrefix', value } }] });

export const gatewaySpec: GatewaySpec = { kind: 'gatewayApi', routes: [{ kind: 'HTTPRoute', name: 'web' }] };
export const httpRoute = routeOf([
  { ...prefix('/static'), backendRefs: [{ name: 'static', port: 80 }] },
  { ...prefix('/shop'), backendRefs: [stableRef, canaryRef] },
  { ...prefix('/'), backendRefs: [stableRef] },
]);
export const grpcSpec: GatewaySpec = { kind: 'gatewayApi', routes: [{ kind: 'GRPCRoute', name: 'web' }] };
export const grpcRoute = routeOf(
  [{ matches: [{ method: { type: 'Exact', service: 'shop.Cart' } }], backendRefs: [stableRef] }],
  'GRPCRoute',
);

export const nginxSpec: NginxSpec = {
  kind: 'nginx',
  stableIngresses: ['web'],
  annotationPrefix: 'nginx.ingress.kubernetes.io',
  additionalAnnotations: { 'canary-by-header': 'X-Canary' },
  canaryAnnotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' },
};

export const pathTo = (name: string, path = '/', port: object = { number: 80 }): object => ({
  path,
  pathType: 'Prefix',
  backend: { service: { name, port } },
});

export const ingress: KubeObject = {
  ...head('networking.k8s.io/v1', 'Ingress'),
  spec: {
    ingressClassName: 'nginx',
    tls: [{ hosts: ['shop.example'], secretName: 'shop-tls' }],
    rules: [
      { host: 'shop.example', http: { paths: [pathTo('web-stable'), pathTo('api', '/api')] } },
      { host: 'api.example', http: { paths: [pathTo('api')] } },
    ],
  },
};

export const albSpec: AlbSpec = {
  kind: 'alb',
  ingresses: ['web'],
  servicePort: 443,
  rootService: 'web-root',
  annotationPrefix: 'alb.ingress.kubernetes.io',
};

const action = { name: 'use-annotation' };
export const albIngress: KubeObject = {
  ...head('networking.k8s.io/v1', 'Ingress'),
  spec: {
    rules: [
      { host: 'shop.example', http: { paths: [pathTo('api', '/api'), pathTo('web-root', '/', action)] } },
      { host: 'api.example', http: { paths: [pathTo('api')] } },
    ],
  },
};

const to = (host: string, weight?: number): object => ({
  destination: { host },
  ...(weight === undefined ? {} : { weight }),
});
export const istioSpec: IstioSpec = {
  kind: 'istio',
  virtualServices: [{ name: 'web', routes: ['primary'], tlsRoutes: [], tcpRoutes: [] }],
};
export const virtualService: KubeObject = {
  ...head('networking.istio.io/v1beta1', 'VirtualService'),
  spec: {
    hosts: ['shop.example'],
    gateways: ['edge'],
    http: [
      { name: 'static', match: [{ uri: { prefix: '/static' } }], route: [to('static')] },
      { name: 'primary', timeout: '5s', route: [to('web-stable', 100), to('web-canary', 0)] },
    ],
    tls: [{ match: [{ port: 443, sniHosts: ['shop.example'] }], route: [to('passthrough')] }],
  },
};

export const subsetSpec: IstioSpec = {
  kind: 'istio',
  virtualServices: [{ name: 'web', routes: [], tlsRoutes: [], tcpRoutes: [] }],
  destinationRule: { name: 'web', canarySubsetName: 'canary', stableSubsetName: 'stable' },
};
export const subsetService: KubeObject = {
  ...head('networking.istio.io/v1beta1', 'VirtualService'),
  spec: {
    hosts: ['web'],
    http: [
      { route: [{ destination: { host: 'web', subset: 'stable', port: { number: 80 } }, weight: 100 }] },
    ],
  },
};
export const destinationRule: KubeObject = {
  ...head('networking.istio.io/v1beta1', 'DestinationRule'),
  spec: {
    host: 'web',
    trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
    subsets: [
      { name: 'stable', labels: { app: 'web' }, trafficPolicy: { tls: { mode: 'DISABLE' } } },
      { name: 'old', labels: { app: 'old' } },
    ],
  },
};

export const smiSpec: SmiSpec = { kind: 'smi', rootService: 'web' };
export const service: KubeObject = {
  ...head('v1', 'Service'),
  spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] },
};

export const traefikSpec: TraefikSpec = { kind: 'traefik', weightedTraefikServiceName: 'web' };
export const traefikService: KubeObject = {
  ...head('traefik.io/v1alpha1', 'TraefikService'),
  spec: {
    weighted: {
      sticky: { cookie: { name: 'side' } },
      services: [
        { name: 'web-stable', port: 80, passHostHeader: true },
        { name: 'other', port: 80, weight: 1 },
      ],
    },
  },
};

/** One router with an object as a team writes it, and goals that it can carry. */
export interface Sample {
  readonly name: string;
  readonly spec: RouterSpec;
  readonly base: KubeObject;
  readonly goals: readonly RouteGoal[];
}

/** Every router and every kind of object that one edits, or makes its own object from. */
export const samples: readonly Sample[] = [
  {
    name: 'HTTPRoute',
    spec: gatewaySpec,
    base: httpRoute,
    goals: [...goals, ...headerGoals, ...mirrorGoals],
  },
  { name: 'GRPCRoute', spec: grpcSpec, base: grpcRoute, goals: [...goals, ...headerGoals] },
  { name: 'Ingress of nginx', spec: nginxSpec, base: ingress, goals },
  { name: 'Ingress of ALB', spec: albSpec, base: albIngress, goals: [...goals, ...headerGoals] },
  {
    name: 'VirtualService by host',
    spec: istioSpec,
    base: virtualService,
    goals: [...goals, ...headerGoals, ...mirrorGoals],
  },
  {
    name: 'VirtualService by subset',
    spec: subsetSpec,
    base: subsetService,
    goals: [...goals, ...headerGoals, ...mirrorGoals],
  },
  { name: 'DestinationRule', spec: subsetSpec, base: destinationRule, goals },
  { name: 'TrafficSplit', spec: smiSpec, base: service, goals },
  { name: 'TraefikService', spec: traefikSpec, base: traefikService, goals },
];
