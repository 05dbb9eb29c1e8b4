import { Fields } from '../../src/domain/fields';
import { describeProblem, type Problem } from '../../src/domain/problem';
import { isMap, valueAt } from '../../src/domain/read-json';
import { readTrafficRouting } from '../../src/domain/read-routing';
import type { TrafficRouting } from '../../src/domain/routing/spec';
import { objectsIn } from './read-yaml';

/** What is read of a trafficRouting in these lines, and what a person is told. The first of the lines is line 7 of the file. */
function read(...lines: readonly string[]): {
  readonly value: TrafficRouting | undefined;
  readonly told: readonly string[];
} {
  const text = [
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Rollout',
    'metadata: { name: web }',
    'spec:',
    '  strategy:',
    '    canary:',
  ];
  const [located] = objectsIn([...text, ...lines.map((line) => `      ${line}`)].join('\n'));
  if (located === undefined) throw new Error('no object');
  const canary = valueAt(located.object, 'spec', 'strategy', 'canary');
  if (!isMap(canary)) throw new Error('no canary');
  const problems: Problem[] = [];
  const value = readTrafficRouting(new Fields({ located, problems }, ['spec', 'strategy', 'canary'], canary));
  return { value, told: problems.map((problem) => `${problem.code} ${describeProblem(problem)}`) };
}

const routing = (...lines: readonly string[]): ReturnType<typeof read> =>
  read('trafficRouting:', ...lines.map((line) => `  ${line}`));
const gateway = 'plugins: { argoproj-labs/gatewayAPI:';

describe('reads', () => {
  test('nothing where nothing is written', () => {
    expect(read('steps: []')).toEqual({ value: undefined, told: [] });
    expect(read('trafficRouting: null', 'steps: []')).toEqual({ value: undefined, told: [] });
  });

  test.each<readonly [string, readonly string[], TrafficRouting['router']]>([
    [
      'a single HTTPRoute, which takes header routes',
      [`${gateway} { httpRoute: web, namespace: shop, disableInProgressLabel: true } }`],
      {
        kind: 'gatewayApi',
        routes: [{ kind: 'HTTPRoute', name: 'web', useHeaderRoutes: true, namespace: 'shop' }],
      },
    ],
    [
      'lists of routes, which take header routes when they ask for them',
      [
        `${gateway} { httpRoutes: [{ name: a }, { name: b, useHeaderRoutes: true }], grpcRoutes: [{ name: a }] } }`,
      ],
      {
        kind: 'gatewayApi',
        routes: [
          { kind: 'HTTPRoute', name: 'a', useHeaderRoutes: false },
          { kind: 'HTTPRoute', name: 'b', useHeaderRoutes: true },
          { kind: 'GRPCRoute', name: 'a', useHeaderRoutes: false },
        ],
      },
    ],
    [
      'a single GRPCRoute beside fields that ask for nothing',
      [`${gateway} { grpcRoute: calls, httpRoute: "", tcpRoutes: [] } }`],
      { kind: 'gatewayApi', routes: [{ kind: 'GRPCRoute', name: 'calls', useHeaderRoutes: true }] },
    ],
    [
      'nginx with its defaults',
      ['nginx: { stableIngress: web }'],
      {
        kind: 'nginx',
        stableIngresses: ['web'],
        annotationPrefix: 'nginx.ingress.kubernetes.io',
        additionalAnnotations: {},
        canaryAnnotations: {},
      },
    ],
    [
      'nginx with everything',
      [
        'nginx:',
        '  stableIngresses: [web, admin]',
        '  annotationPrefix: custom.io',
        '  additionalIngressAnnotations: { canary-by-header: X }',
        '  canaryIngressAnnotations: { a/b: c }',
      ],
      {
        kind: 'nginx',
        stableIngresses: ['web', 'admin'],
        annotationPrefix: 'custom.io',
        additionalAnnotations: { 'canary-by-header': 'X' },
        canaryAnnotations: { 'a/b': 'c' },
      },
    ],
    [
      'Istio by host, in another namespace',
      ['istio: { virtualService: { name: my.web.edge.cluster.local, routes: [primary] } }'],
      {
        kind: 'istio',
        virtualServices: [
          { name: 'my.web', namespace: 'edge', routes: ['primary'], tlsRoutes: [], tcpRoutes: [] },
        ],
      },
    ],
    [
      'Istio by subset, with several VirtualServices',
      [
        'istio:',
        '  virtualServices:',
        '    - { name: web, tlsRoutes: [{ port: 443, sniHosts: [a, b] }, { port: 0 }] }',
        '    - { name: web2, tcpRoutes: [{ port: 3306 }] }',
        '  destinationRule: { name: web, canarySubsetName: canary, stableSubsetName: stable }',
      ],
      {
        kind: 'istio',
        virtualServices: [
          {
            name: 'web',
            routes: [],
            tlsRoutes: [{ port: 443, sniHosts: ['a', 'b'] }, { sniHosts: [] }],
            tcpRoutes: [],
          },
          { name: 'web2', routes: [], tlsRoutes: [], tcpRoutes: [{ port: 3306 }] },
        ],
        destinationRule: { name: 'web', canarySubsetName: 'canary', stableSubsetName: 'stable' },
      },
    ],
    ['SMI, of which nothing is needed', ['smi: {}'], { kind: 'smi' }],
    [
      'SMI with everything',
      ['smi: { rootService: web, trafficSplitName: split }'],
      { kind: 'smi', rootService: 'web', trafficSplitName: 'split' },
    ],
    [
      'Traefik',
      ['traefik: { weightedTraefikServiceName: web }'],
      { kind: 'traefik', weightedTraefikServiceName: 'web' },
    ],
    [
      'ALB with its defaults',
      ['alb: { ingress: web, servicePort: 443 }'],
      { kind: 'alb', ingresses: ['web'], servicePort: 443, annotationPrefix: 'alb.ingress.kubernetes.io' },
    ],
    [
      'ALB with everything',
      [
        'alb:',
        '  ingresses: [web]',
        '  servicePort: 443',
        '  rootService: root',
        '  annotationPrefix: custom.io',
        '  stickinessConfig: { enabled: true, durationSeconds: 604800 }',
      ],
      {
        kind: 'alb',
        ingresses: ['web'],
        servicePort: 443,
        rootService: 'root',
        annotationPrefix: 'custom.io',
        stickinessConfig: { enabled: true, durationSeconds: 604_800 },
      },
    ],
  ])('%s', (_name, lines, router) => {
    expect(routing(...lines)).toEqual({
      value: { router, maxTrafficWeight: 100, managedRoutes: [] },
      told: [],
    });
  });

  test('the greatest weight of nginx, and managed routes in their order', () => {
    const lines = [
      'nginx: { stableIngress: web }',
      'maxTrafficWeight: 1000',
      'managedRoutes: [{ name: b }, { name: a }]',
    ];
    expect(routing(...lines).value).toMatchObject({ maxTrafficWeight: 1000, managedRoutes: ['b', 'a'] });
  });

  test('stickiness that is off needs no duration', () => {
    const { value } = routing('alb: { ingress: web, servicePort: 1, stickinessConfig: { enabled: false } }');
    expect(value?.router).toMatchObject({ stickinessConfig: { enabled: false, durationSeconds: 0 } });
  });
});

const at = (line: number, code: string, field: string): string =>
  `${code} web.yaml:${line}: Rollout web: spec.strategy.canary.trafficRouting${field}: `;
const others = 'use Istio, nginx, ALB, SMI, Traefik, or the Gateway API (plugins.argoproj-labs/gatewayAPI)';
const plugin = '.plugins["argoproj-labs/gatewayAPI"]';

test.each<readonly [string, readonly string[], readonly string[]]>([
  ['no router', ['managedRoutes: []'], [`${at(7, 'InvalidSpec', '')}names no router; ${others}`]],
  [
    'two routers',
    ['smi: {}', 'nginx: { stableIngress: web }'],
    [`${at(7, 'InvalidSpec', '')}names 2 routers: nginx, smi; keep one of them`],
  ],
  [
    'a router and a plugin',
    ['smi: {}', `${gateway} { httpRoute: web } }`],
    [`${at(7, 'InvalidSpec', '')}names 2 routers: smi, plugins.argoproj-labs/gatewayAPI; keep one of them`],
  ],
  [
    'ambassador',
    ['ambassador: { mappings: [web] }'],
    [`${at(8, 'Unsupported', '.ambassador')}the router ambassador is not supported yet; ${others}`],
  ],
  [
    'apisix',
    ['apisix: { route: { name: web } }'],
    [`${at(8, 'Unsupported', '.apisix')}the router apisix is not supported yet; ${others}`],
  ],
  [
    'appMesh',
    ['appMesh: {}'],
    [`${at(8, 'Unsupported', '.appMesh')}the router appMesh is not supported yet; ${others}`],
  ],
  [
    'another plugin',
    ['plugins: { acme/router: {} }'],
    [
      `${at(8, 'Unsupported', '.plugins["acme/router"]')}the router plugin acme/router is not supported yet; ${others}`,
    ],
  ],
  [
    'a plugin that is no map',
    [`${gateway} web }`],
    [`${at(8, 'InvalidSpec', plugin)}must be a map of fields, not a text; write its fields below it`],
  ],
  [
    'an unknown field',
    ['smi: { rootservice: web }'],
    [`${at(8, 'UnknownField', '.smi.rootservice')}unknown field; did you mean "rootService"?`],
  ],
  [
    'an unknown router',
    ['ngnix: {}', 'smi: {}'],
    [`${at(8, 'UnknownField', '.ngnix')}unknown field; did you mean "nginx"?`],
  ],
  [
    'a greatest weight of the Gateway API',
    [`${gateway} { httpRoute: web } }`, 'maxTrafficWeight: 1000'],
    [
      `${at(9, 'InvalidSpec', '.maxTrafficWeight')}the weights of gatewayApi are of 100; remove it, and write weights from 0 to 100`,
    ],
  ],
  [
    'a greatest weight of nothing',
    ['nginx: { stableIngress: web }', 'maxTrafficWeight: 0'],
    [`${at(9, 'InvalidSpec', '.maxTrafficWeight')}0 is below 1; use 1 or more`],
  ],
  [
    'a managed route twice',
    ['smi: {}', 'managedRoutes: [{ name: a }, { name: a }]'],
    [`${at(9, 'InvalidSpec', '.managedRoutes[1].name')}a is there twice; remove one of them`],
  ],
  [
    'a managed route without a name',
    ['smi: {}', 'managedRoutes: [{}]'],
    [`${at(9, 'InvalidSpec', '.managedRoutes[0].name')}is missing; name a header or mirror route`],
  ],
  [
    'TCP routes',
    [`${gateway} { tcpRoute: web } }`],
    [
      `${at(8, 'Unsupported', `${plugin}.tcpRoute`)}tcpRoute is not supported yet; use httpRoute or grpcRoute`,
    ],
  ],
  [
    'TLS routes beside others',
    [`${gateway} { httpRoute: web, tlsRoutes: [{ name: web }] } }`],
    [
      `${at(8, 'Unsupported', `${plugin}.tlsRoutes`)}tlsRoutes is not supported yet; use httpRoute or grpcRoute`,
    ],
  ],
  [
    'a selector of routes',
    [`${gateway} { httpRouteSelector: { matchLabels: { a: b } } } }`],
    [
      `${at(8, 'Unsupported', `${plugin}.httpRouteSelector`)}a selector of routes is not supported yet; list the routes by name in httpRoutes or grpcRoutes`,
    ],
  ],
  [
    'no route',
    [`${gateway} { namespace: shop } }`],
    [`${at(8, 'InvalidSpec', plugin)}names no route; write httpRoute: <name>`],
  ],
  [
    'a route without a name',
    [`${gateway} { httpRoutes: [{ useHeaderRoutes: true }] } }`],
    [`${at(8, 'InvalidSpec', `${plugin}.httpRoutes[0].name`)}is missing; name the route`],
  ],
  [
    'a route twice',
    [`${gateway} { httpRoute: web, httpRoutes: [{ name: web }] } }`],
    [`${at(8, 'InvalidSpec', plugin)}HTTPRoute web is named twice; name it once`],
  ],
  [
    'no Ingress',
    ['nginx: {}'],
    [
      `${at(8, 'InvalidSpec', '.nginx.stableIngress')}is missing; name the Ingress that has a path to the stable Service`,
    ],
  ],
  [
    'an Ingress and a list',
    ['nginx: { stableIngress: a, stableIngresses: [b] }'],
    [
      `${at(8, 'InvalidSpec', '.nginx.stableIngresses')}stableIngress and stableIngresses are both given; keep one of them`,
    ],
  ],
  [
    'an Ingress twice',
    ['nginx: { stableIngresses: [a, a] }'],
    [`${at(8, 'InvalidSpec', '.nginx.stableIngresses[1]')}a is there twice; remove one of them`],
  ],
  [
    'an Ingress that is no text',
    ['alb: { ingresses: [5], servicePort: 1 }'],
    [`${at(8, 'InvalidSpec', '.alb.ingresses[0]')}must be a text that is not empty; write a text`],
  ],
  [
    'no port',
    ['alb: { ingress: web }'],
    [`${at(8, 'InvalidSpec', '.alb.servicePort')}is missing; write the port of both Services`],
  ],
  [
    'a stickiness that is too long',
    ['alb: { ingress: web, servicePort: 1, stickinessConfig: { enabled: true, durationSeconds: 604801 } }'],
    [
      `${at(8, 'InvalidSpec', '.alb.stickinessConfig.durationSeconds')}604801 is above 604800; use 604800 or less`,
    ],
  ],
  [
    'a stickiness without a duration',
    ['alb: { ingress: web, servicePort: 1, stickinessConfig: { enabled: true } }'],
    [`${at(8, 'InvalidSpec', '.alb.stickinessConfig.durationSeconds')}is missing; write 1 to 604800`],
  ],
  [
    'no VirtualService',
    ['istio: {}'],
    [`${at(8, 'InvalidSpec', '.istio.virtualService')}is missing; name the VirtualService to be weighted`],
  ],
  [
    'two ways of VirtualServices',
    ['istio: { virtualService: { name: a }, virtualServices: [{ name: b }] }'],
    [
      `${at(8, 'InvalidSpec', '.istio.virtualServices')}virtualService and virtualServices are both given; keep one of them`,
    ],
  ],
  [
    'a VirtualService without a name',
    ['istio: { virtualService: {} }'],
    [`${at(8, 'InvalidSpec', '.istio.virtualService.name')}is missing; name the VirtualService`],
  ],
  [
    'half a DestinationRule',
    ['istio: { virtualService: { name: web }, destinationRule: { name: web, canarySubsetName: c } }'],
    [
      `${at(8, 'InvalidSpec', '.istio.destinationRule.stableSubsetName')}is missing; it is needed for weights by subset`,
    ],
  ],
  [
    'one subset for both',
    [
      'istio: { virtualService: { name: web }, destinationRule: { name: web, canarySubsetName: c, stableSubsetName: c } }',
    ],
    [
      `${at(8, 'InvalidSpec', '.istio.destinationRule.canarySubsetName')}subset c is both the canary's and stable's; name two different subsets`,
    ],
  ],
  [
    'more subsets',
    [
      'istio: { virtualService: { name: web }, destinationRule: { name: web, canarySubsetName: c, stableSubsetName: s, additionalSubsetNames: [x] } }',
    ],
    [
      `${at(8, 'Unsupported', '.istio.destinationRule.additionalSubsetNames')}additionalSubsetNames is not supported yet; remove it: other subsets are left as they are`,
    ],
  ],
  [
    'no TraefikService',
    ['traefik: {}'],
    [
      `${at(8, 'InvalidSpec', '.traefik.weightedTraefikServiceName')}is missing; name the TraefikService with spec.weighted`,
    ],
  ],
])('tells of %s', (_name, lines, expected) => {
  const { value, told } = routing(...lines);
  expect(told).toEqual(expected);
  expect(value).toBeUndefined();
});

test('a problem names the line of its field', () => {
  expect(routing('nginx:', '  stableIngress: web', '  stableingresses: []').told).toEqual([
    `${at(10, 'UnknownField', '.nginx.stableingresses')}unknown field; did you mean "stableIngresses"?`,
  ]);
});
