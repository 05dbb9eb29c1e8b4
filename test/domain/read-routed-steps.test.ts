import { Fields } from '../../src/domain/fields';
import { readOf } from '../../src/domain/located';
import type { Problem } from '../../src/domain/problem';
import { readCanaryRouted } from '../../src/domain/read-canary-routed';
import { isMap, valueAt } from '../../src/domain/read-json';
import { readSteps } from '../../src/domain/read-steps';
import type { RouterSpec, TrafficRouting } from '../../src/domain/routing/spec';
import { objectsIn, told } from './read-yaml';

const istio: RouterSpec = {
  kind: 'istio',
  virtualServices: [{ name: 'web', routes: [], tlsRoutes: [], tcpRoutes: [] }],
};
const smi: RouterSpec = { kind: 'smi' };
const routingBy = (router: RouterSpec): TrafficRouting => ({
  router,
  maxTrafficWeight: 100,
  managedRoutes: ['beta', 'copy'],
});

/** The fields of `strategy.canary`, written in one line each from line 4 on. */
function canaryOf(text: string): { readonly canary: Fields; readonly problems: Problem[] } {
  const [located] = objectsIn(
    `kind: Rollout\napiVersion: argoproj.io/v1alpha1\nmetadata: { name: web }\n${text}\n`,
  );
  const problems: Problem[] = [];
  const values = located && valueAt(located.object, 'canary');
  if (located === undefined || !isMap(values)) throw new Error('write canary: {…}');
  return { canary: new Fields({ located, problems }, ['canary'], values), problems };
}

function readStep(text: string, routing = routingBy(istio)) {
  const { canary, problems } = canaryOf(`canary: { steps: [${text}] }`);
  const revision = { objects: [], namespace: 'shop', problems, templates: [] };
  const steps = readSteps(canary, { revision, isRouted: true, routing, isInPlace: false });
  return { steps, told: told(readOf(steps, problems)) };
}

test.each([
  ['setCanaryScale: { replicas: 2 }', { kind: 'setCanaryScale', scale: { replicas: 2 } }],
  ['setCanaryScale: { weight: 200 }', { kind: 'setCanaryScale', scale: { weight: 200 } }],
  [
    'setCanaryScale: { matchTrafficWeight: true }',
    { kind: 'setCanaryScale', scale: { matchTrafficWeight: true } },
  ],
  [
    'setHeaderRoute: { name: beta, match: [{ headerName: x-beta, headerValue: { exact: "1" } }] }',
    {
      kind: 'setHeaderRoute',
      name: 'beta',
      match: [{ headerName: 'x-beta', headerValue: { exact: '1' } }],
    },
  ],
  ['setHeaderRoute: { name: beta }', { kind: 'setHeaderRoute', name: 'beta', match: [] }],
  [
    'setMirrorRoute: { name: copy, percentage: 35, match: [{ method: { exact: GET }, path: { prefix: / }, headers: { a: { regex: b.* } } }] }',
    {
      kind: 'setMirrorRoute',
      name: 'copy',
      percentage: 35,
      match: [{ method: { exact: 'GET' }, path: { prefix: '/' }, headers: { a: { regex: 'b.*' } } }],
    },
  ],
])('reads %s', (text, expected) => {
  expect(readStep(`{ ${text} }`)).toEqual({ steps: [expected], told: [] });
});

test.each([
  [
    'setCanaryScale: {}',
    'setCanaryScale: gives no scale; write replicas, weight or `matchTrafficWeight: true`',
  ],
  [
    'setCanaryScale: { matchTrafficWeight: true, weight: 5 }',
    'setCanaryScale: matchTrafficWeight and a scale of its own are both given; keep one of them',
  ],
  ['setCanaryScale: { weight: -1 }', 'setCanaryScale.weight: -1 is below 0; use 0 or more'],
  [
    'setHeaderRoute: { name: bet }',
    'setHeaderRoute.name: route bet is not in managedRoutes; did you mean "beta"?',
  ],
  ['setHeaderRoute: {}', 'setHeaderRoute.name: is missing; name a route of trafficRouting.managedRoutes'],
  [
    'setHeaderRoute: { name: beta, match: [{ headerName: a, headerValue: { exact: x, regex: z } }] }',
    'setHeaderRoute.match[0].headerValue: exact and regex are both given; write one of exact, prefix and regex',
  ],
  [
    'setHeaderRoute: { name: beta, match: [{ headerName: a, headerValue: {} }] }',
    'setHeaderRoute.match[0].headerValue: matches no text; write one of exact, prefix and regex',
  ],
  ['setMirrorRoute: { name: copy, percentage: 0 }', 'setMirrorRoute.percentage: 0 is below 1; use 1 or more'],
  [
    'setMirrorRoute: { name: other }',
    'setMirrorRoute.name: route other is not in managedRoutes; add `- name: other` to trafficRouting.managedRoutes',
  ],
  [
    'setMirrorRoute: { name: copy, match: [{}] }',
    'setMirrorRoute.match[0]: matches nothing in particular; write method, path or headers below it',
  ],
])('refuses %s', (text, expected) => {
  expect(readStep(`{ ${text} }`).told).toContain(
    `InvalidSpec web.yaml:4: Rollout web: canary.steps[0].${expected}`,
  );
});

test('what a router cannot do is refused', () => {
  expect(readStep('{ setHeaderRoute: { name: beta } }', routingBy(smi)).told).toEqual([
    'InvalidSpec web.yaml:4: Rollout web: canary.steps[0].setHeaderRoute: the router smi has no setHeaderRoute; remove the step, or use a router that has it',
  ]);
  const alb = routingBy({
    kind: 'alb',
    ingresses: ['web'],
    servicePort: 80,
    annotationPrefix: 'alb.ingress.kubernetes.io',
  });
  const route = '{ name: beta, match: [{ headerName: a, headerValue: { regex: z } }] }';
  expect(readStep(`{ setHeaderRoute: ${route} }`, alb).told).toEqual([
    'InvalidSpec web.yaml:4: Rollout web: canary.steps[0].setHeaderRoute.match[0].headerValue: the router cannot match a header by regex; write exact',
  ]);
});

test('weights are of what the router counts to', () => {
  const routing = { ...routingBy(smi), maxTrafficWeight: 1000 };
  expect(readStep('{ setWeight: 1000 }', routing).steps).toEqual([{ kind: 'setWeight', weight: 1000 }]);
  expect(readStep('{ setWeight: 1001 }', routing).told).toEqual([
    'InvalidSpec web.yaml:4: Rollout web: canary.steps[0].setWeight: weight 1001 of step 1 is above 1000; write a whole number from 0 to 1000',
  ]);
});

describe('what hangs on a router', () => {
  const services = 'stableService: a, canaryService: b, trafficRouting: {}';
  const read = (text: string) => {
    const { canary, problems } = canaryOf(`canary: { ${text} }`);
    const routed = readCanaryRouted(canary);
    return { routed, told: told(readOf(routed, problems)) };
  };

  test.each([
    ['', { scaleDownDelayMs: 30_000, abortScaleDownDelayMs: 30_000 }],
    [
      ', scaleDownDelaySeconds: 0, abortScaleDownDelaySeconds: 600',
      { scaleDownDelayMs: 0, abortScaleDownDelayMs: 600_000 },
    ],
    [
      ', dynamicStableScale: true, minPodsPerReplicaSet: 2',
      {
        scaleDownDelayMs: 0,
        abortScaleDownDelayMs: 30_000,
        dynamicStableScale: true,
        minPodsPerReplicaSet: 2,
      },
    ],
  ])('reads the delays and sizes of "%s"', (text, expected) => {
    expect(read(services + text)).toEqual({ routed: expected, told: [] });
  });

  test.each([
    [
      `${services}, abortScaleDownDelaySeconds: 0`,
      'Unsupported web.yaml:4: Rollout web: canary.abortScaleDownDelaySeconds: keeping the pods of an aborted rollout for ever (0) is not supported yet; write a long delay such as 86400, a day',
    ],
    [
      `${services}, dynamicStableScale: true, scaleDownDelaySeconds: 5`,
      'InvalidSpec web.yaml:4: Rollout web: canary.scaleDownDelaySeconds: dynamicStableScale takes old pods away by weight, so they cannot wait besides; keep one of the two',
    ],
  ])('refuses %s', (text, expected) => {
    expect(read(text).told).toEqual([expected]);
  });
});
