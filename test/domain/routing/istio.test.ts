import type { KubeObject } from '../../../src/domain/kube-object';
import { podTemplateHash } from '../../../src/domain/marks';
import { routerOf } from '../../../src/domain/routing';
import type { RouteGoal } from '../../../src/domain/routing/router';
import type { IstioSpec } from '../../../src/domain/routing/spec';
import { goalOf, header } from './routes';
import { destinationRule, istioSpec, subsetService, subsetSpec, virtualService } from './samples';

type Route = Readonly<Record<string, unknown>>;

function composed(spec: IstioSpec, base: KubeObject, goal: RouteGoal): KubeObject {
  const result = routerOf(spec).compose(spec, base, goal);
  if (!result.ok) throw new Error(`${result.field}: ${result.message}; ${result.remedy}`);
  return result.object;
}

function refusal(spec: IstioSpec, base: KubeObject, goal: RouteGoal = goalOf()): string {
  const result = routerOf(spec).compose(spec, base, goal);
  return result.ok ? 'composed' : `${result.field}: ${result.message}; ${result.remedy}`;
}

function routesOf(object: KubeObject, protocol = 'http'): readonly Route[] {
  return (object['spec'] as Record<string, Route[]>)[protocol] ?? [];
}

const to = (host: string, weight?: number): object => ({
  destination: { host },
  ...(weight === undefined ? {} : { weight }),
});
const service = (spec: object): KubeObject => ({ ...virtualService, spec });
/** Names no route: the only one to stable is meant. */
const unnamed: IstioSpec = {
  kind: 'istio',
  virtualServices: [{ name: 'web', routes: [], tlsRoutes: [], tcpRoutes: [] }],
};
const naming = (entry: Partial<IstioSpec['virtualServices'][number]>): IstioSpec => ({
  kind: 'istio',
  virtualServices: [{ name: 'web', routes: [], tlsRoutes: [], tcpRoutes: [], ...entry }],
});

describe('weights by host', () => {
  test.each([
    [0, 100, 0],
    [30, 70, 30],
    [100, 0, 100],
  ])('%i goes to the named route alone', (weight, stable, canary) => {
    const object = composed(istioSpec, virtualService, goalOf({ weight }));
    expect(routesOf(object)).toEqual([
      routesOf(virtualService)[0],
      { name: 'primary', timeout: '5s', route: [to('web-stable', stable), to('web-canary', canary)] },
    ]);
    expect(routesOf(object, 'tls')).toEqual(routesOf(virtualService, 'tls'));
  });

  test('a missing canary is added with the same domain and port', () => {
    const destination = { host: 'web-stable.shop.svc.cluster.local', port: { number: 80 } };
    const object = composed(
      unnamed,
      service({ http: [{ route: [{ destination }] }] }),
      goalOf({ weight: 10 }),
    );
    expect(routesOf(object)[0]?.['route']).toEqual([
      { destination, weight: 90 },
      { destination: { ...destination, host: 'web-canary.shop.svc.cluster.local' }, weight: 10 },
    ]);
  });

  test('a host of another namespace is another one', () => {
    const goal = goalOf({ namespace: 'shop' });
    const base = (host: string): KubeObject => service({ http: [{ route: [to(host)] }] });
    expect(refusal(unnamed, base('web-stable.other.svc.cluster.local'), goal)).toContain(
      'no route of VirtualService web',
    );
    expect(refusal(unnamed, base('web-stable.shop'), goal)).toBe('composed');
    const elsewhere = { ...base('web-stable'), metadata: { name: 'web', namespace: 'edge' } };
    expect(refusal(unnamed, elsewhere, goal)).toContain('no route of VirtualService web');
  });

  test('tls and tcp routes are found by port and hosts', () => {
    const base = service({
      tls: [
        { match: [{ port: 443, sniHosts: ['a', 'b'] }], route: [to('web-stable')] },
        { match: [{ port: 443, sniHosts: ['a'] }], route: [to('web-stable')] },
        { match: [{ port: 8443, sniHosts: ['a', 'b'] }], route: [to('web-stable')] },
      ],
      tcp: [
        { match: [{ port: 1 }, { port: 2 }], route: [to('web-stable')] },
        { match: [{ port: 2 }], route: [to('web-stable')] },
        { route: [to('web-stable')] },
      ],
    });
    const weighed = (object: KubeObject, protocol: string): readonly number[] =>
      routesOf(object, protocol).map((route) => (route['route'] as unknown[]).length - 1);
    const spec = naming({ tlsRoutes: [{ port: 443, sniHosts: ['b', 'a'] }], tcpRoutes: [{ port: 2 }] });
    const object = composed(spec, base, goalOf({ weight: 1 }));
    expect([weighed(object, 'tls'), weighed(object, 'tcp')]).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    const any = composed(
      naming({ tlsRoutes: [{ port: 8443, sniHosts: ['a', 'b'] }], tcpRoutes: [{}] }),
      base,
      goalOf(),
    );
    expect([weighed(any, 'tls'), weighed(any, 'tcp')]).toEqual([
      [0, 0, 1],
      [0, 0, 1],
    ]);
    const fewer = composed(
      naming({ tlsRoutes: [{ port: 443, sniHosts: ['a'] }], tcpRoutes: [{}] }),
      base,
      goalOf(),
    );
    expect(weighed(fewer, 'tls')).toEqual([0, 1, 0]);
    const none = naming({ tlsRoutes: [{ port: 8443, sniHosts: ['a', 'b'] }], tcpRoutes: [{ port: 1 }] });
    expect(refusal(none, base)).toContain('has no tcp route 1');
  });

  test.each([
    [
      'a name that no route has',
      naming({ routes: ['primary', 'gone'] }),
      virtualService,
      'spec.http: has no http route gone; add it, or take it out of trafficRouting.istio',
    ],
    [
      'a named route to somewhere else',
      naming({ routes: ['static'] }),
      virtualService,
      'spec.http[0].route: sends nothing to host web-stable; make host web-stable a destination of it',
    ],
    [
      'several routes to stable of which none is named',
      unnamed,
      service({ http: [{ route: [to('web-stable')] }, { route: [to('web-stable')] }] }),
      'spec.http: has 2 routes to host web-stable, and none of them is chosen; name those to be weighted in trafficRouting.istio.virtualService.routes',
    ],
    [
      'no route to stable',
      unnamed,
      service({ http: [{ route: [to('web-canary')] }] }),
      'spec.http: no route of VirtualService web has a destination with host web-stable; make host web-stable a destination of the route that shall be weighted',
    ],
    [
      'one version twice',
      unnamed,
      service({ http: [{ route: [to('web-stable'), to('web-stable', 0)] }] }),
      'spec.http[0].route: names one version more than once, so its share cannot be told; name each version once in a route',
    ],
  ])('%s is refused', (_name, spec, base, message) => {
    expect(refusal(spec, base)).toBe(message);
  });
});

describe('weights by subset', () => {
  const goal = goalOf({ weight: 20, stableHash: 'aaa', canaryHash: 'bbb' });

  test('the canary is the other subset of the same host', () => {
    const destination = { host: 'web', subset: 'stable', port: { number: 80 } };
    expect(routesOf(composed(subsetSpec, subsetService, goal))[0]?.['route']).toEqual([
      { destination, weight: 80 },
      { destination: { ...destination, subset: 'canary' }, weight: 20 },
    ]);
  });

  test('each subset selects its pods by their hash, besides what the team wrote', () => {
    const { spec } = composed(subsetSpec, destinationRule, goal);
    expect(spec).toEqual({
      host: 'web',
      trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
      subsets: [
        {
          name: 'stable',
          labels: { app: 'web', [podTemplateHash]: 'aaa' },
          trafficPolicy: { tls: { mode: 'DISABLE' } },
        },
        {
          name: 'canary',
          labels: { app: 'web', [podTemplateHash]: 'bbb' },
          trafficPolicy: { tls: { mode: 'DISABLE' } },
        },
        { name: 'old', labels: { app: 'old' } },
      ],
    });
  });

  test('without a hash a subset is as the team wrote it', () => {
    const subsets = [{ name: 'canary' }, { name: 'stable', labels: { app: 'web' } }];
    const base = { ...destinationRule, spec: { host: 'web', subsets } };
    const live = composed(subsetSpec, base, goal);
    expect(live['spec']).toMatchObject({ subsets: [{ labels: { [podTemplateHash]: 'bbb' } }, {}] });
    expect(composed(subsetSpec, live, goalOf())['spec']).toEqual(base['spec']);
  });

  test('a DestinationRule without stable is refused', () => {
    expect(refusal(subsetSpec, { ...destinationRule, spec: { subsets: [{ name: 'canary' }] } })).toBe(
      'spec.subsets: DestinationRule web has no subset stable; add it, or correct destinationRule.stableSubsetName',
    );
  });

  test('the DestinationRule is written before the routes to its subsets', () => {
    const objects = routerOf(subsetSpec).objects(subsetSpec, { namespace: 'shop', goal });
    expect(objects.map(({ ref }) => ref.kind)).toEqual(['DestinationRule', 'VirtualService']);
  });
});

describe('managed routes', () => {
  const match = [
    { headerName: 'A', headerValue: { exact: '1' } },
    { headerName: 'B', headerValue: { prefix: '2' } },
    { headerName: 'C', headerValue: { regex: '3.*' } },
  ];
  const goal = goalOf({ weight: 10, headerRoutes: [{ name: 'beta', match }], managedRoutes: ['beta'] });

  test('a header route stands before all others; any of its headers is enough', () => {
    const [first, ...rest] = routesOf(composed(istioSpec, virtualService, goal));
    expect(first).toEqual({
      name: 'beta',
      timeout: '5s',
      match: [
        { headers: { A: { exact: '1' } } },
        { headers: { B: { prefix: '2' } } },
        { headers: { C: { regex: '3.*' } } },
      ],
      route: [to('web-canary', 100)],
    });
    expect(rest).toEqual(routesOf(composed(istioSpec, virtualService, goalOf({ weight: 10 }))));
  });

  test('a mirror route keeps the weights', () => {
    const mirrored = goalOf({
      weight: 10,
      mirrorRoutes: [
        { name: 'copy', percentage: 35, match: [{ method: { exact: 'GET' }, path: { prefix: '/' } }] },
      ],
      headerRoutes: [header('beta', 'A', '1')],
      managedRoutes: ['copy', 'beta'],
    });
    const [copy, beta] = routesOf(composed(istioSpec, virtualService, mirrored));
    expect(copy).toEqual({
      name: 'copy',
      timeout: '5s',
      match: [{ method: { exact: 'GET' }, uri: { prefix: '/' } }],
      route: [to('web-stable', 90), to('web-canary', 10)],
      mirror: { host: 'web-canary' },
      mirrorPercentage: { value: 35 },
    });
    expect(beta?.['name']).toBe('beta');
  });

  test('all of the requests are mirrored without a percentage, to the subset where there are subsets', () => {
    const all = goalOf({
      mirrorRoutes: [{ name: 'copy', match: [{ path: { exact: '/' } }] }],
      managedRoutes: ['copy'],
    });
    expect(routesOf(composed(subsetSpec, subsetService, all))[0]).toMatchObject({
      mirror: { host: 'web', subset: 'canary', port: { number: 80 } },
      mirrorPercentage: { value: 100 },
    });
  });

  const wanting = (uri: object): RouteGoal =>
    goalOf({ mirrorRoutes: [{ name: 'copy', match: [{ path: uri as { exact: string } }] }] });
  test.each([
    [{ prefix: '/' }, { prefix: '/shop' }, { prefix: '/shop' }],
    [{ prefix: '/shop' }, { prefix: '/' }, { prefix: '/shop' }],
    [{ prefix: '/shop' }, { exact: '/shop/1' }, { exact: '/shop/1' }],
    [{ exact: '/shop/1' }, { prefix: '/shop' }, { exact: '/shop/1' }],
    [{ exact: '/shop' }, { exact: '/shop' }, { exact: '/shop' }],
    [{ regex: '/s.*' }, { regex: '/s.*' }, { regex: '/s.*' }],
    [{ prefix: '/' }, { regex: '/s.*' }, { regex: '/s.*' }],
    [{ exact: '/a' }, { exact: '/b' }, undefined],
    [{ exact: '/a' }, { prefix: '/a/' }, undefined],
    [{ prefix: '/a' }, { prefix: '/b' }, undefined],
  ])('a route of %j and a mirror of %j have %j in common', (own, wanted, expected) => {
    const base = service({ http: [{ match: [{ name: 'own', uri: own }], route: [to('web-stable')] }] });
    const routes = routesOf(composed(unnamed, base, wanting(wanted)));
    expect(routes).toHaveLength(expected === undefined ? 1 : 2);
    if (expected !== undefined) expect(routes[0]?.['match']).toEqual([{ uri: expected }]);
  });

  test('what cannot be combined is refused', () => {
    const base = service({ http: [{ match: [{ uri: { regex: '/a.*' } }], route: [to('web-stable')] }] });
    expect(refusal(unnamed, base, wanting({ prefix: '/a' }))).toContain('cannot be combined');
    const mirrored = service({ http: [{ mirror: { host: 'x' }, route: [to('web-stable')] }] });
    expect(refusal(unnamed, mirrored, wanting({ prefix: '/a' }))).toContain('is mirrored already');
    const tcp = service({ tcp: [{ route: [to('web-stable')] }] });
    expect(refusal(unnamed, tcp, goal)).toContain('needs an http route');
  });

  test('headers of the route and of the managed route have to fit both, whatever their case', () => {
    const base = (a: object): KubeObject =>
      service({ http: [{ match: [{ headers: { a } }], route: [to('web-stable')] }] });
    const one = goalOf({ headerRoutes: [header('beta', 'A', '1')], managedRoutes: ['beta'] });
    expect(routesOf(composed(unnamed, base({ exact: '1' }), one))[0]?.['match']).toEqual([
      { headers: { a: { exact: '1' } } },
    ]);
    expect(routesOf(composed(unnamed, base({ exact: '2' }), one))).toHaveLength(1);
  });

  test('every route of a managed name to this canary goes, also those of an earlier rollout', () => {
    const stale = { name: 'beta', route: [to('web-canary')] };
    const base = service({ http: [stale, ...routesOf(virtualService)] });
    const routes = routesOf(composed(istioSpec, base, goalOf({ managedRoutes: ['beta'] })));
    expect(routes.map((route) => route['name'])).toEqual(['static', 'primary']);
    expect(routesOf(composed(istioSpec, base, goalOf()))).toHaveLength(3);
    const others = service({
      http: [{ name: 'beta', route: [to('api-canary')] }, ...routesOf(virtualService)],
    });
    expect(routesOf(composed(istioSpec, others, goalOf({ managedRoutes: ['beta'] })))).toHaveLength(3);
  });
});

describe('served', () => {
  const why = (status: object | undefined, generation = 4): string => {
    const live = {
      ...virtualService,
      metadata: { ...virtualService.metadata, generation },
      ...(status && { status }),
    };
    const served = routerOf(istioSpec).served(istioSpec, live, goalOf());
    return served.served ? 'served' : served.why;
  };
  const message = (level: string): object => ({
    level,
    type: { code: 'IST0101', name: 'ReferencedResourceNotFound' },
  });

  test.each([
    ['without a status', undefined, 'served'],
    ['with an empty one', {}, 'served'],
    ['at the newest generation', { observedGeneration: '4', validationMessages: [] }, 'served'],
    ['not at an older generation', { observedGeneration: '3' }, 'Istio has seen generation 3, not 4 yet'],
    [
      'not at an older generation as a number',
      { observedGeneration: 3 },
      'Istio has seen generation 3, not 4 yet',
    ],
    ['with a warning', { validationMessages: [message('WARNING')] }, 'served'],
    [
      'not with an error',
      { validationMessages: [message('ERROR')] },
      'Istio: IST0101 ReferencedResourceNotFound',
    ],
    [
      'not with an error without a name',
      { validationMessages: [{ level: 'ERROR' }] },
      'Istio: the object is not valid',
    ],
  ])('%s', (_name, status, expected) => {
    expect(why(status)).toBe(expected);
  });
});

test('the weight of a route is what its destinations say', () => {
  const router = routerOf(unnamed);
  const weightOf = (route: readonly object[]): number | undefined =>
    router.weightOf(unnamed, service({ http: [{ route }] }), goalOf());
  expect(weightOf([to('web-stable')])).toBe(0);
  expect(weightOf([to('web-stable', 1), to('web-canary', 3)])).toBe(75);
  expect(weightOf([to('web-stable', 100), to('web-canary')])).toBe(0);
  expect(weightOf([to('other')])).toBeUndefined();
});
