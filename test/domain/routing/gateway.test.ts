import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import { readGoal, readGoals, routerOf, withoutGoal } from '../../../src/domain/routing';
import type { RouteGoal } from '../../../src/domain/routing/router';
import type { GatewaySpec } from '../../../src/domain/routing/spec';
import { canaryRef, goalOf, goals, header, headerGoals, mirrorGoals, routeOf, stableRef } from './routes';

const spec: GatewaySpec = {
  kind: 'gatewayApi',
  routes: [
    { kind: 'HTTPRoute', name: 'web' },
    { kind: 'GRPCRoute', name: 'web' },
  ],
};
const router = routerOf(spec);

function composed(base: KubeObject, goal: RouteGoal, by = spec): KubeObject {
  const result = router.compose(by, base, goal);
  if (!result.ok) throw new Error(`${result.field}: ${result.message}; ${result.remedy}`);
  return result.object;
}

function rulesOf(object: KubeObject): readonly Record<string, unknown>[] {
  return (object['spec'] as { rules: Record<string, unknown>[] }).rules;
}

function refusal(base: KubeObject, goal: RouteGoal): string {
  const result = router.compose(spec, base, goal);
  return result.ok ? 'composed' : `${result.field}: ${result.message}; ${result.remedy}`;
}

const both = routeOf([{ backendRefs: [stableRef, canaryRef] }]);

test.each([
  [0, 100, 0],
  [1, 99, 1],
  [50, 50, 50],
  [100, 0, 100],
])('weight %i gives stable %i and the canary %i', (weight, stable, canary) => {
  const object = composed(both, goalOf({ weight }));
  expect(rulesOf(object)).toEqual([
    {
      backendRefs: [
        { ...stableRef, weight: stable },
        { ...canaryRef, weight: canary },
      ],
    },
  ]);
  expect(router.weightOf(spec, object, goalOf({ weight }))).toBe(weight);
});

test('weights are shares of the greatest weight', () => {
  const goal = goalOf({ weight: 3, maxWeight: 1000 });
  const object = composed(both, goal);
  expect(rulesOf(object)[0]?.['backendRefs']).toMatchObject([{ weight: 997 }, { weight: 3 }]);
  expect(router.weightOf(spec, object, goal)).toBe(3);
});

test('a missing canary backend is added behind stable with its port and filters', () => {
  const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x'] } }];
  const other = { name: 'legacy', port: 81, weight: 7 };
  const object = composed(
    routeOf([{ backendRefs: [{ ...stableRef, filters }, other] }]),
    goalOf({ weight: 20 }),
  );
  expect(rulesOf(object)[0]?.['backendRefs']).toEqual([
    { ...stableRef, filters, weight: 80 },
    { ...canaryRef, filters, weight: 20 },
    other,
  ]);
});

test('every rule that names stable is weighted, and no other', () => {
  const foreign = {
    matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
    backendRefs: [{ name: 'api' }],
  };
  const testers = { backendRefs: [{ name: 'web-canary', port: 80, weight: 1 }] };
  const rules = [
    foreign,
    { name: 'a', backendRefs: [stableRef] },
    testers,
    { name: 'b', backendRefs: [stableRef] },
  ];
  const result = rulesOf(composed(routeOf(rules), goalOf({ weight: 40 })));
  expect(result).toHaveLength(4);
  expect([result[0], result[2]]).toEqual([foreign, testers]);
  for (const rule of [result[1], result[3]]) {
    expect(rule?.['backendRefs']).toMatchObject([{ weight: 60 }, { name: 'web-canary', weight: 40 }]);
  }
});

test('a backend of the same name in another namespace, or of another kind, is another one', () => {
  const goal = goalOf({ namespace: 'shop', weight: 10 });
  const elsewhere = routeOf([{ backendRefs: [{ ...stableRef, namespace: 'other' }] }]);
  expect(refusal(elsewhere, goal)).toContain('no rule of HTTPRoute web names Service web-stable');
  const imported = routeOf([
    { backendRefs: [{ ...stableRef, group: 'multicluster.x-k8s.io', kind: 'ServiceImport' }] },
  ]);
  expect(refusal(imported, goal)).toContain('no rule of HTTPRoute web names Service web-stable');
  const explicit = routeOf([
    { backendRefs: [{ ...stableRef, namespace: 'shop', group: '', kind: 'Service' }] },
  ]);
  expect(rulesOf(composed(explicit, goal))[0]?.['backendRefs']).toMatchObject([
    { weight: 90 },
    { name: 'web-canary', namespace: 'shop', weight: 10 },
  ]);
});

test.each([{ kind: 'ServiceImport' }, { group: 'example.com' }])(
  'a backend with %j is no Service',
  (other) => {
    const route = routeOf([{ backendRefs: [{ ...stableRef, ...other }] }]);
    expect(refusal(route, goalOf())).toContain('no rule of HTTPRoute web names Service web-stable');
  },
);

test('a route of which no rule names stable is refused', () => {
  expect(refusal(routeOf([{ backendRefs: [canaryRef] }]), goalOf())).toBe(
    'spec.rules: no rule of HTTPRoute web names Service web-stable; ' +
      'make web-stable a backendRef of the rule that shall be weighted',
  );
});

test.each(['web-stable', 'web-canary'])('a rule that names %s twice is refused', (name) => {
  const route = routeOf([{ backendRefs: [stableRef, canaryRef, { name, port: 81 }] }]);
  expect(refusal(route, goalOf())).toBe(
    `spec.rules[0].backendRefs: names Service ${name} more than once, so its share cannot be told; name it once in a rule`,
  );
});

describe('workloads that share a route', () => {
  const shared = routeOf([
    {
      matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
      backendRefs: [{ name: 'api-stable', port: 80 }],
    },
    { backendRefs: [stableRef, canaryRef] },
  ]);
  const api = { workload: 'api', stableService: 'api-stable', canaryService: 'api-canary' };
  const each = [...goals, ...headerGoals, ...mirrorGoals];

  test('keep their weights and routes whichever of them is composed last', () => {
    for (const goal of each) {
      for (const next of each) {
        const first = composed(composed(shared, goal), { ...goal, ...api });
        const moved = composed(composed(first, next), goal);
        expect(new Set(rulesOf(moved))).toEqual(new Set(rulesOf(first)));
        expect(moved.metadata.annotations).toEqual(first.metadata.annotations);
        expect(router.weightOf(spec, first, { ...goal, ...api })).toBe(goal.weight);
        expect(router.weightOf(spec, first, goal)).toBe(goal.weight);
      }
    }
  });

  test('leave the goal of the other one when they go', () => {
    const goal = goalOf({ weight: 5 });
    const one = composed(shared, goal);
    const both = composed(one, { ...goal, ...api });
    expect(readGoals(both.metadata.annotations?.[marks.route]).map(({ workload }) => workload)).toEqual([
      'api',
      'web',
    ]);
    expect(readGoal(both.metadata.annotations?.[marks.route], 'web')).toEqual(goal);
    expect(withoutGoal(both, 'api').metadata.annotations).toEqual(one.metadata.annotations);
    expect(withoutGoal(withoutGoal(both, 'api'), 'web').metadata.annotations).toEqual({});
  });
});

const path = (value: string): object => ({ path: { type: 'PathPrefix', value } });

describe('header routes', () => {
  const rules = [
    { name: 'all', matches: [path('/'), path('/x')], timeouts: { request: '5s' }, backendRefs: [stableRef] },
    { backendRefs: [{ name: 'api' }] },
    { backendRefs: [stableRef] },
  ];
  const match = [
    { headerName: 'X-Beta', headerValue: { exact: 'yes' } },
    { headerName: 'Agent', headerValue: { regex: 'Moz.*' } },
  ];
  const goal = goalOf({ weight: 10, headerRoutes: [{ name: 'beta', match }], managedRoutes: ['beta'] });
  const headers = [
    { type: 'Exact', name: 'X-Beta', value: 'yes' },
    { type: 'RegularExpression', name: 'Agent', value: 'Moz.*' },
  ];

  test('stand before all others, one for each weighted rule, with its paths and all of the headers', () => {
    const result = rulesOf(composed(routeOf(rules), goal));
    expect(result.slice(0, 2)).toEqual([
      {
        matches: [
          { ...path('/'), headers },
          { ...path('/x'), headers },
        ],
        timeouts: { request: '5s' },
        backendRefs: [{ ...canaryRef, weight: 1 }],
      },
      { matches: [{ headers }], backendRefs: [{ ...canaryRef, weight: 1 }] },
    ]);
    expect(result.slice(2)).toEqual(rulesOf(composed(routeOf(rules), goalOf({ weight: 10 }))));
  });

  test('stand in the order of the managed routes', () => {
    const result = rulesOf(composed(both, headerGoals[1] ?? goal));
    const names = result.map((rule) => JSON.stringify(rule['matches'] ?? '').match(/X-\w+/)?.[0]);
    expect(names).toEqual(['X-Alpha', 'X-Beta', undefined]);
  });

  test('are not written in a route that does not use them, and are none without a match', () => {
    const without = rulesOf(composed(both, goalOf({ weight: 10 })));
    const unused: GatewaySpec = {
      ...spec,
      routes: [{ kind: 'HTTPRoute', name: 'web', useHeaderRoutes: false }],
    };
    expect(rulesOf(composed(both, goal, unused))).toEqual(without);
    expect(
      rulesOf(composed(both, goalOf({ weight: 10, headerRoutes: [{ name: 'beta', match: [] }] }))),
    ).toEqual(without);
  });

  test('do not become part of the weight', () => {
    expect(router.weightOf(spec, composed(both, goal), goal)).toBe(10);
  });

  test('leave out a rule whose own headers can never fit, and refuse what cannot be told', () => {
    const own = (value: string, type = 'Exact'): object => ({
      matches: [{ headers: [{ type, name: 'x-beta', value }] }],
    });
    const never = routeOf([{ ...own('no'), backendRefs: [stableRef] }]);
    expect(rulesOf(composed(never, goal))).toHaveLength(1);
    const same = routeOf([{ ...own('yes'), backendRefs: [stableRef] }]);
    expect(rulesOf(composed(same, goal))[0]?.['matches']).toEqual([
      { headers: [{ type: 'Exact', name: 'x-beta', value: 'yes' }, headers[1]] },
    ]);
    const unclear = routeOf([{ ...own('y.*', 'RegularExpression'), backendRefs: [stableRef] }]);
    expect(refusal(unclear, goal)).toContain('cannot be combined');
  });

  test('by a prefix are refused by name', () => {
    const prefix = { name: 'beta', match: [{ headerName: 'X-Beta', headerValue: { prefix: 'y' } }] };
    expect(refusal(both, goalOf({ headerRoutes: [prefix] }))).toBe(
      'headerValue.prefix: route beta matches header X-Beta by a prefix, which the Gateway API does not know; use exact, or regex: "y.*"',
    );
  });

  test('with one header twice are refused', () => {
    const twice = { name: 'beta', match: [...match, { headerName: 'x-beta', headerValue: { exact: 'no' } }] };
    expect(refusal(both, goalOf({ headerRoutes: [twice] }))).toContain('asks for header x-beta twice');
  });

  test('that make more rules than a route may have are refused', () => {
    const many = routeOf(Array.from({ length: 9 }, () => ({ backendRefs: [stableRef] })));
    expect(refusal(many, goal)).toContain('make 18 rules of 9, and a route has 16 at most');
    expect(rulesOf(composed(routeOf(rulesOf(many).slice(0, 8)), goal))).toHaveLength(16);
  });

  test('are taken out again when somebody has edited them meanwhile', () => {
    const live = composed(both, goal);
    const [first, ...rest] = rulesOf(live);
    const edited = { ...live, spec: { rules: [{ ...first, timeouts: { request: '1s' } }, ...rest] } };
    expect(rulesOf(composed(edited, goalOf({ weight: 10 })))).toEqual(
      rulesOf(composed(both, goalOf({ weight: 10 }))),
    );
  });

  test('leave a rule of the team alone that sends other headers to the canary', () => {
    const testers = { matches: [{ headers: [{ name: 'X-Beta', value: '1' }] }], backendRefs: [canaryRef] };
    const live = composed(routeOf([testers, { backendRefs: [stableRef] }]), headerGoals[0] ?? goal);
    expect(rulesOf(live)).toHaveLength(3);
    for (const next of [live, { ...live, spec: { rules: [...rulesOf(live)].reverse() } }]) {
      expect(rulesOf(composed(next, goalOf()))).toContainEqual(testers);
    }
  });
});

describe('mirror routes', () => {
  const mirror = (match: object, percentage?: number): RouteGoal =>
    goalOf({
      weight: 10,
      mirrorRoutes: [{ name: 'copy', match: [match], ...(percentage === undefined ? {} : { percentage }) }],
    });
  const source = { filters: [{ type: 'URLRewrite' }], backendRefs: [stableRef, canaryRef] };

  test('keep the weights and copy requests to the canary', () => {
    const weighed = [
      { ...stableRef, weight: 90 },
      { ...canaryRef, weight: 10 },
    ];
    const [copy, rest, ...more] = rulesOf(
      composed(routeOf([source]), mirror({ method: { exact: 'GET' } }, 35)),
    );
    const requestMirror = {
      backendRef: { group: '', kind: 'Service', name: 'web-canary', port: 80 },
      percent: 35,
    };
    expect(copy).toEqual({
      matches: [{ method: 'GET' }],
      filters: [{ type: 'URLRewrite' }, { type: 'RequestMirror', requestMirror }],
      backendRefs: weighed,
    });
    expect(rest).toEqual({ ...source, backendRefs: weighed });
    expect(more).toEqual([]);
  });

  test.each([
    [{ prefix: '/' }, '/shop', 'PathPrefix', '/shop'],
    [{ prefix: '/shop/cart' }, '/shop', 'PathPrefix', '/shop/cart'],
    [{ prefix: '/shop' }, '/shop/cart/', 'PathPrefix', '/shop/cart/'],
    [{ exact: '/shop' }, '/shop/', 'Exact', '/shop'],
    [{ regex: '/s.*' }, '/', 'RegularExpression', '/s.*'],
  ])('narrow the path: %j in %s is %s %s', (wanted, own, type, value) => {
    const route = routeOf([{ ...source, matches: [path(own)] }]);
    const [copy] = rulesOf(composed(route, mirror({ path: wanted })));
    expect(copy?.['matches']).toEqual([{ path: { type, value } }]);
  });

  test('of every path keep the pattern of the rule', () => {
    const pattern = { path: { type: 'RegularExpression', value: '/s.*' } };
    const [copy] = rulesOf(
      composed(routeOf([{ ...source, matches: [pattern] }]), mirror({ path: { prefix: '/' } })),
    );
    expect(copy?.['matches']).toEqual([pattern]);
  });

  test('leave out rules of other paths, by whole elements, and of other methods', () => {
    const shopper = routeOf([{ ...source, matches: [{ ...path('/shop'), method: 'GET' }] }]);
    expect(rulesOf(composed(shopper, mirror({ path: { prefix: '/shopping' } })))).toHaveLength(1);
    expect(rulesOf(composed(shopper, mirror({ method: { exact: 'POST' } })))).toHaveLength(1);
    expect(rulesOf(composed(shopper, mirror({ method: { exact: 'GET' } })))).toHaveLength(2);
    expect(refusal(shopper, mirror({ path: { regex: '/s.*' } }))).toContain('cannot be combined');
  });

  test('by a pattern of the method are refused', () => {
    expect(refusal(both, mirror({ method: { regex: 'G.*' } }))).toContain('matches the method by a pattern');
  });

  test.each([
    [{ exact: '/shop.Cart/Add' }, { type: 'Exact', service: 'shop.Cart', method: 'Add' }],
    [{ prefix: '/shop.Cart/' }, { type: 'Exact', service: 'shop.Cart' }],
  ])('of a GRPCRoute name services and methods: %j', (wanted, method) => {
    const route = routeOf([{ backendRefs: [stableRef] }], 'GRPCRoute');
    const [copy] = rulesOf(composed(route, mirror({ path: wanted })));
    expect(copy?.['matches']).toEqual([{ method }]);
    const cart = routeOf(
      [{ matches: [{ method: { service: 'shop.Cart' } }], backendRefs: [stableRef] }],
      'GRPCRoute',
    );
    expect(rulesOf(composed(cart, mirror({ path: wanted })))[0]?.['matches']).toEqual([{ method }]);
    const other = routeOf(
      [{ matches: [{ method: { service: 'x.Y' } }], backendRefs: [stableRef] }],
      'GRPCRoute',
    );
    expect(rulesOf(composed(other, mirror({ path: wanted })))).toHaveLength(1);
  });

  test('of a GRPCRoute by a path of no method are refused', () => {
    const route = routeOf([{ backendRefs: [stableRef] }], 'GRPCRoute');
    expect(refusal(route, mirror({ path: { prefix: '/shop' } }))).toContain(
      'names no gRPC service or method',
    );
    expect(refusal(route, mirror({ method: { exact: 'GET' } }))).toContain('gRPC knows only POST');
  });
});

const bases: readonly (readonly [string, KubeObject])[] = [
  ['both Services', both],
  ['stable alone', routeOf([{ backendRefs: [stableRef] }])],
  [
    'several rules',
    routeOf([
      { matches: [path('/a'), path('/b')], backendRefs: [stableRef], filters: [{ type: 'URLRewrite' }] },
      { backendRefs: [canaryRef] },
      { name: 'named', backendRefs: [canaryRef, stableRef] },
    ]),
  ],
  ['gRPC', routeOf([{ backendRefs: [stableRef, { name: 'other' }] }], 'GRPCRoute')],
];
const all = [...goals, ...headerGoals, ...mirrorGoals].filter(
  ({ mirrorRoutes }) => mirrorRoutes.length === 0,
);
const http = [...goals, ...headerGoals, ...mirrorGoals];

describe.each(bases)('a route with %s', (_name, base) => {
  const each = base.kind === 'HTTPRoute' ? http : all;

  test('is the same whatever it was composed with before', () => {
    for (const first of each) {
      for (const second of each) {
        const once = composed(base, second);
        // A canary backend that was added stays beside stable; composing twice with one goal is no change.
        expect(composed(composed(base, first), second)).toEqual(once);
        expect(composed(once, second)).toEqual(once);
      }
    }
  });

  test('keeps everything but weights, managed routes and the annotation', () => {
    for (const goal of each) {
      const {
        metadata,
        spec: { rules, ...rest },
        ...head
      } = composed(base, goal) as KubeObject & {
        spec: { rules: { backendRefs: { name: string; weight?: number }[] }[] };
      };
      const { annotations, ...meta } = metadata;
      expect(Object.keys(annotations ?? {})).toEqual([marks.route]);
      const own = base as typeof base & { spec: { rules: { backendRefs: { name: string }[] }[] } };
      const { rules: before, ...others } = own.spec;
      expect({ ...head, metadata: meta, spec: rest }).toEqual({
        apiVersion: base.apiVersion,
        kind: base.kind,
        metadata: base.metadata,
        spec: others,
      });
      const kept = rules.slice(rules.length - before.length).map((rule, index) => ({
        ...rule,
        backendRefs: rule.backendRefs
          .map(({ weight: _weight, ...ref }) => ref)
          .filter(({ name }) => before[index]?.backendRefs.some((ref) => ref.name === name)),
      }));
      expect(kept).toEqual(before);
    }
  });

  test('stays as it is while it is composed', () => {
    const before = JSON.stringify(base);
    for (const goal of each) composed(base, goal);
    expect(JSON.stringify(base)).toBe(before);
  });
});

test('the objects are the routes, in their own namespaces where they are given', () => {
  const elsewhere: GatewaySpec = {
    kind: 'gatewayApi',
    routes: [{ kind: 'GRPCRoute', name: 'calls', namespace: 'edge' }],
  };
  const context = { namespace: 'shop', goal: goalOf() };
  const ref = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    namespace: 'shop',
    name: 'web',
  };
  expect(router.objects(spec, context)[0]).toEqual({ ref, life: 'edit' });
  expect(router.objects(elsewhere, context)[0]?.ref).toEqual({
    ...ref,
    kind: 'GRPCRoute',
    name: 'calls',
    namespace: 'edge',
  });
});

test('the weight of a route that names stable nowhere is unknown, and the greatest of several counts', () => {
  expect(router.weightOf(spec, routeOf([{ backendRefs: [canaryRef] }]), goalOf())).toBeUndefined();
  const mixed = routeOf([
    { backendRefs: [stableRef] },
    { backendRefs: [{ ...stableRef, weight: 3 }, canaryRef] },
    {
      backendRefs: [
        { ...stableRef, weight: 0 },
        { ...canaryRef, weight: 0 },
      ],
    },
  ]);
  expect(router.weightOf(spec, mixed, goalOf())).toBe(25);
  expect(router.weightOf(spec, routeOf([{ backendRefs: [stableRef] }]), goalOf())).toBe(0);
});

test('headers by two names make one rule, and a mirror with a header one more', () => {
  const goal = goalOf({
    headerRoutes: [header('a', 'A', '1'), header('b', 'B', '1')],
    managedRoutes: ['b', 'a'],
  });
  const refs = rulesOf(composed(both, goal)).map((rule) => (rule['backendRefs'] as object[]).length);
  expect(refs).toEqual([1, 1, 2]);
});
