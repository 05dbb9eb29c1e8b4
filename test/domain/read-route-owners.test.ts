import { locate } from '../../src/domain/located';
import { describeProblem, type Problem } from '../../src/domain/problem';
import { checkRouteOwners } from '../../src/domain/read-route-owners';
import type { RouterSpec } from '../../src/domain/routing/spec';
import type { CanaryStrategy } from '../../src/domain/strategy';
import type { Workload } from '../../src/domain/workload';

const strategy: Omit<CanaryStrategy, 'stableService' | 'canaryService' | 'routing'> = {
  kind: 'canary',
  steps: [],
  maxSurge: 1,
  maxUnavailable: 0,
  scaleDownDelayMs: 0,
};

/** A Rollout in a file of its own name, whose trafficRouting holds these names. */
function asked(name: string, router: RouterSpec, written: object, namespace = 'shop') {
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name },
    spec: { strategy: { canary: { trafficRouting: written } } },
  };
  const workload: Workload = {
    kind: 'Deployment',
    name,
    namespace,
    strategy: {
      ...strategy,
      stableService: `${name}-stable`,
      canaryService: `${name}-canary`,
      routing: { router, maxTrafficWeight: 100, managedRoutes: [] },
    },
    progressDeadlineMs: 600_000,
    object,
    file: `${name}.yaml`,
  };
  return { by: locate(object, `${name}.yaml`, 7), workload };
}

function told(...all: readonly ReturnType<typeof asked>[]): readonly string[] {
  const problems: Problem[] = [];
  checkRouteOwners({ objects: [], namespace: 'shop', problems, templates: [] }, all);
  return problems.map(describeProblem);
}

const annotationPrefix = 'nginx.ingress.kubernetes.io';
const nginx: RouterSpec = {
  kind: 'nginx',
  stableIngresses: ['shop'],
  annotationPrefix,
  additionalAnnotations: {},
  canaryAnnotations: {},
};
const service = { name: 'shop', routes: [], tlsRoutes: [], tcpRoutes: [] };
const rule = { name: 'shop', canarySubsetName: 'canary', stableSubsetName: 'stable' };
const alb: RouterSpec = { kind: 'alb', ingresses: ['shop'], servicePort: 80, annotationPrefix };
const route = { kind: 'HTTPRoute', name: 'shop' } as const;
const listed = { plugins: { 'argoproj-labs/gatewayAPI': { httpRoutes: [{ name: 'x' }, { name: 'shop' }] } } };

const routing = 'spec.strategy.canary.trafficRouting';
const sentence = (field: string, what: string, one = `a ${what}`): string =>
  `web.yaml:7: Rollout web: ${routing}${field}: ${what} shop/shop carries the weights of Rollout api (api.yaml:7) already; give each Rollout ${one} of its own`;

describe('two Rollouts with one object of a router are refused', () => {
  test.each<[string, RouterSpec, object, string]>([
    [
      'an HTTPRoute',
      { kind: 'gatewayApi', routes: [route] },
      listed,
      sentence('.plugins["argoproj-labs/gatewayAPI"].httpRoutes[1].name', 'HTTPRoute'),
    ],
    [
      'a VirtualService',
      { kind: 'istio', virtualServices: [service] },
      { istio: { virtualService: { name: 'shop' } } },
      sentence('.istio.virtualService.name', 'VirtualService'),
    ],
    [
      'a DestinationRule',
      { kind: 'istio', virtualServices: [], destinationRule: rule },
      { istio: { destinationRule: { name: 'shop' } } },
      sentence('.istio.destinationRule.name', 'DestinationRule'),
    ],
    [
      'a TrafficSplit, which a rollout makes',
      { kind: 'smi', trafficSplitName: 'shop' },
      { smi: { trafficSplitName: 'shop' } },
      sentence('.smi.trafficSplitName', 'TrafficSplit'),
    ],
    [
      'a TraefikService',
      { kind: 'traefik', weightedTraefikServiceName: 'shop' },
      { traefik: { weightedTraefikServiceName: 'shop' } },
      sentence('.traefik.weightedTraefikServiceName', 'TraefikService'),
    ],
    [
      'an Ingress of an ALB',
      alb,
      { alb: { ingress: 'shop' } },
      sentence('.alb.ingress', 'Ingress', 'an Ingress'),
    ],
  ])('%s', (_name, router, written, expected) => {
    const api = asked('api', router, written);
    expect(told(api, asked('web', router, written))).toEqual([expected]);
    expect(told(api, asked('web', router, written, 'other'))).toEqual([]);
    expect(told(api, asked('api', router, written))).toEqual([]);
  });

  test('also in another namespace, when the route names its own', () => {
    const router: RouterSpec = { kind: 'gatewayApi', routes: [{ ...route, namespace: 'shop' }] };
    expect(told(asked('api', router, {}), asked('web', router, {}, 'other'))).toEqual([
      sentence('', 'HTTPRoute'),
    ]);
  });

  test('every one of them is told of the first', () => {
    const all = ['api', 'web', 'admin'].map((name) => asked(name, alb, {}));
    expect(told(...all).map((each) => /Rollout \S+ \(/.exec(each)?.[0])).toEqual([
      'Rollout api (',
      'Rollout api (',
    ]);
  });
});

test.each<[string, RouterSpec, RouterSpec]>([
  ['an Ingress of nginx, which is only read', nginx, nginx],
  [
    'a Service by TrafficSplits of their own',
    { kind: 'smi', rootService: 'shop' },
    { kind: 'smi', rootService: 'shop' },
  ],
  [
    'a name, of objects of two kinds',
    { kind: 'gatewayApi', routes: [route] },
    { kind: 'gatewayApi', routes: [{ ...route, kind: 'GRPCRoute' }] },
  ],
])('two Rollouts may share %s', (_name, one, other) => {
  expect(told(asked('api', one, {}), asked('web', other, {}))).toEqual([]);
});
