import type { KubeObject } from '../../../src/domain/kube-object';
import { locate } from '../../../src/domain/located';
import { marks } from '../../../src/domain/marks';
import { goalText } from '../../../src/domain/routing';
import { checkRouting } from '../../../src/domain/routing/check-routing';
import type { RouterSpec, TrafficRouting } from '../../../src/domain/routing/spec';
import { goalOf, header } from './routes';
import {
  destinationRule,
  gatewaySpec,
  grpcSpec,
  httpRoute,
  ingress,
  istioSpec,
  nginxSpec,
  samples,
  smiSpec,
  subsetService,
  subsetSpec,
  virtualService,
} from './samples';

const routing = (router: RouterSpec): TrafficRouting => ({
  router,
  maxTrafficWeight: 100,
  managedRoutes: [],
});
const services = { stable: 'web-stable', canary: 'web-canary' };
const located = (...objects: readonly KubeObject[]) => objects.map((object) => locate(object, 'web.yaml', 7));

function told(spec: RouterSpec, objects: readonly KubeObject[], context = {}): readonly string[] {
  return checkRouting(routing(spec), services, located(...objects), context).map(
    ({ field, message, remedy }) => `${field}: ${message}; ${remedy}`,
  );
}

test.each(samples)('nothing is wrong with the sample $name', ({ spec }) => {
  const all = samples.filter((each) => each.spec === spec).map(({ base }) => base);
  expect(told(spec, [destinationRule, ...all], { namespace: 'shop' })).toEqual([]);
});

test.each([
  ['a route', gatewaySpec, [], 'HTTPRoute web is not in this revision'],
  ['a route of another kind', grpcSpec, [httpRoute], 'GRPCRoute web is not in this revision'],
  ['an Ingress', nginxSpec, [], 'Ingress web is not in this revision'],
  ['a VirtualService', istioSpec, [], 'VirtualService web is not in this revision'],
  ['a DestinationRule', subsetSpec, [subsetService], 'DestinationRule web is not in this revision'],
  ['a root Service', smiSpec, [ingress], 'Service web is not in this revision'],
] as const)('%s that is missing is told', (_name, spec, objects, message) => {
  expect(told(spec, objects)).toEqual([`trafficRouting: ${message}; add its manifest, or mend the name`]);
});

test('an object of another namespace is missing, one without a namespace has that of the Rollout', () => {
  const { namespace: _namespace, ...metadata } = httpRoute.metadata;
  expect(told(gatewaySpec, [{ ...httpRoute, metadata }], { namespace: 'other' })).toEqual([]);
  expect(told(gatewaySpec, [httpRoute], { namespace: 'other' })).toHaveLength(1);
  const elsewhere: RouterSpec = {
    kind: 'gatewayApi',
    routes: [{ kind: 'HTTPRoute', name: 'web', namespace: 'edge' }],
  };
  expect(told(elsewhere, [httpRoute], { namespace: 'shop' })).toEqual([
    'trafficRouting: HTTPRoute edge/web is not in this revision; add its manifest, or mend the name',
  ]);
});

test('an object that cannot carry a weight is told with its place', () => {
  const other = {
    ...virtualService,
    spec: { http: [{ name: 'primary', route: [{ destination: { host: 'x' } }] }] },
  };
  expect(told(istioSpec, [other])).toEqual([
    'trafficRouting: VirtualService shop/web (web.yaml:7), spec.http[0].route: sends nothing to host web-stable; ' +
      'make host web-stable a destination of it',
  ]);
});

test('the header routes of the steps are tried too', () => {
  const clash = header('beta', 'A', '1');
  const rules = [
    {
      matches: [{ headers: [{ type: 'RegularExpression', name: 'A', value: '.*' }] }],
      backendRefs: [{ name: 'web-stable', port: 80 }],
    },
  ];
  const route = { ...httpRoute, spec: { rules } };
  expect(told(gatewaySpec, [route])).toEqual([]);
  expect(told(gatewaySpec, [route], { headerRoutes: [clash] })).toEqual([
    expect.stringContaining('cannot be combined'),
  ]);
});

test('an annotation that was copied into Git does not matter', () => {
  const annotations = { [marks.route]: goalText(goalOf({ workload: 'api' })) };
  const copied = { ...httpRoute, metadata: { ...httpRoute.metadata, annotations } };
  expect(told(gatewaySpec, [copied])).toEqual([]);
});

test.each([
  [{ stable: undefined, canary: 'b' }, ['stableService']],
  [{ stable: 'a', canary: '' }, ['canaryService']],
  [{ stable: '', canary: undefined }, ['stableService', 'canaryService']],
])('both Services are needed: %j lacks %j', (given, fields) => {
  const problems = checkRouting(routing(nginxSpec), given, located(ingress));
  expect(problems.map(({ field }) => field)).toEqual(fields);
  expect(problems[0]?.message).toBe('is missing, and the router nginx sends traffic to it');
});
