import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import { routerOf } from '../../../src/domain/routing';
import { canaryIngressName } from '../../../src/domain/routing/nginx';
import type { RouteGoal } from '../../../src/domain/routing/router';
import type { RouterSpec } from '../../../src/domain/routing/spec';
import { goalOf, header, headerGoals, mirrorGoals } from './routes';
import {
  albIngress,
  albSpec,
  ingress,
  nginxSpec,
  pathTo,
  service,
  smiSpec,
  traefikService,
  traefikSpec,
} from './samples';

function composed(spec: RouterSpec, base: KubeObject, goal: RouteGoal): KubeObject {
  const result = routerOf(spec).compose(spec, base, goal);
  if (!result.ok) throw new Error(`${result.field}: ${result.message}; ${result.remedy}`);
  return result.object;
}

function refusal(spec: RouterSpec, base: KubeObject, goal: RouteGoal = goalOf()): string {
  const result = routerOf(spec).compose(spec, base, goal);
  return result.ok ? 'composed' : `${result.field}: ${result.message}; ${result.remedy}`;
}

const prefix = 'nginx.ingress.kubernetes.io';

describe('nginx', () => {
  test('the canary Ingress has the paths to stable alone, to the canary, with class and TLS', () => {
    const { metadata, spec } = composed(nginxSpec, ingress, goalOf({ weight: 7 }));
    expect(metadata.name).toBe('web-web-canary');
    expect(spec).toEqual({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['shop.example'], secretName: 'shop-tls' }],
      rules: [{ host: 'shop.example', http: { paths: [pathTo('web-canary')] } }],
    });
    expect(metadata.annotations).toEqual({
      [`${prefix}/canary`]: 'true',
      [`${prefix}/canary-weight`]: '7',
      [`${prefix}/canary-by-header`]: 'X-Canary',
      [`${prefix}/proxy-body-size`]: '8m',
      [marks.route]: expect.any(String),
    });
  });

  test("the total is written when it is not the controller's own", () => {
    const goal = goalOf({ weight: 7, maxWeight: 1000 });
    expect(composed(nginxSpec, ingress, goal).metadata.annotations).toMatchObject({
      [`${prefix}/canary-weight`]: '7',
      [`${prefix}/canary-weight-total`]: '1000',
    });
  });

  test('annotations of the team never take canary or weight away, and a full name keeps its prefix', () => {
    const spec = {
      ...nginxSpec,
      additionalAnnotations: { 'canary-weight': '90', [`${prefix}/canary-by-cookie`]: 'c' },
      canaryAnnotations: { [`${prefix}/canary`]: 'false' },
    };
    const { annotations } = composed(spec, ingress, goalOf({ weight: 1 })).metadata;
    expect(annotations).toMatchObject({
      [`${prefix}/canary-weight`]: '1',
      [`${prefix}/canary`]: 'true',
      [`${prefix}/canary-by-cookie`]: 'c',
    });
    expect(Object.keys(annotations ?? {})).toHaveLength(4);
  });

  test('the class by annotation is kept', () => {
    const classed = {
      ...ingress,
      metadata: { ...ingress.metadata, annotations: { 'kubernetes.io/ingress.class': 'in' } },
    };
    expect(composed(nginxSpec, classed, goalOf()).metadata.annotations).toMatchObject({
      'kubernetes.io/ingress.class': 'in',
    });
  });

  test('an Ingress without a path to stable is refused', () => {
    expect(refusal(nginxSpec, ingress, goalOf({ stableService: 'other' }))).toBe(
      'spec.rules: no rule of Ingress web has a path to Service other; make other the backend of the paths that shall be weighted',
    );
    expect(
      refusal(nginxSpec, { ...ingress, spec: { defaultBackend: { service: { name: 'web-stable' } } } }),
    ).toContain('no rule of Ingress web');
  });

  test('each Ingress of the team has its own, of a name that is not too long', () => {
    const spec = { ...nginxSpec, stableIngresses: ['web', 'admin'] };
    const objects = routerOf(spec).objects(spec, { namespace: 'shop', goal: goalOf() });
    expect(objects.map(({ ref, from, life }) => [ref.name, from?.name, life])).toEqual([
      ['web-web-canary', 'web', 'own'],
      ['web-admin-canary', 'admin', 'own'],
    ]);
    expect(canaryIngressName('w'.repeat(200), 'i'.repeat(60))).toBe(
      `${'w'.repeat(200)}-${'i'.repeat(45)}-canary`,
    );
  });

  test('a weight that is no number is unknown', () => {
    const live = {
      ...ingress,
      metadata: { ...ingress.metadata, annotations: { [`${prefix}/canary-weight`]: '5x' } },
    };
    expect(routerOf(nginxSpec).weightOf(nginxSpec, live, goalOf())).toBeUndefined();
  });
});

describe('ALB', () => {
  const annotationsOf = (goal: RouteGoal, base = albIngress): Readonly<Record<string, string>> =>
    composed(albSpec, base, goal).metadata.annotations ?? {};
  const pathsOf = (object: KubeObject): readonly (readonly string[])[] =>
    (
      object['spec'] as { rules: { http: { paths: { backend: { service: { name: string } } }[] } }[] }
    ).rules.map((rule) => rule.http.paths.map((path) => path.backend.service.name));

  test('the action of the root Service forwards to both target groups', () => {
    const action = annotationsOf(goalOf({ weight: 15 }))['alb.ingress.kubernetes.io/actions.web-root'];
    expect(JSON.parse(action ?? '')).toEqual({
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { ServiceName: 'web-canary', ServicePort: '443', Weight: 15 },
          { ServiceName: 'web-stable', ServicePort: '443', Weight: 85 },
        ],
      },
    });
  });

  test('stickiness is written only when it is on', () => {
    const sticky = (enabled: boolean): unknown => {
      const spec = { ...albSpec, stickinessConfig: { enabled, durationSeconds: 60 } };
      const { annotations } = composed(spec, albIngress, goalOf()).metadata;
      const action = JSON.parse(annotations?.['alb.ingress.kubernetes.io/actions.web-root'] ?? '') as {
        ForwardConfig: { TargetGroupStickinessConfig?: unknown };
      };
      return action.ForwardConfig.TargetGroupStickinessConfig;
    };
    expect(sticky(true)).toEqual({ Enabled: true, DurationSeconds: 60 });
    expect(sticky(false)).toBeUndefined();
  });

  test('header routes are actions with conditions, before the paths of the root Service, in their order', () => {
    const object = composed(albSpec, albIngress, headerGoals[1] ?? goalOf());
    expect(pathsOf(object)).toEqual([['alpha', 'beta', 'api', 'web-root'], ['api']]);
    const { annotations } = object.metadata;
    expect(JSON.parse(annotations?.['alb.ingress.kubernetes.io/conditions.beta'] ?? '')).toEqual([
      { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-Beta', values: ['no'] } },
    ]);
    expect(JSON.parse(annotations?.['alb.ingress.kubernetes.io/actions.beta'] ?? '')).toMatchObject({
      ForwardConfig: { TargetGroups: [{ ServiceName: 'web-canary', Weight: 100 }] },
    });
  });

  test('of several values of one header any fits, and every header has to', () => {
    const match = [
      { headerName: 'A', headerValue: { exact: '1' } },
      { headerName: 'B', headerValue: { exact: '2' } },
      { headerName: 'A', headerValue: { exact: '3' } },
    ];
    const goal = goalOf({ headerRoutes: [{ name: 'both', match }], managedRoutes: ['both'] });
    expect(JSON.parse(annotationsOf(goal)['alb.ingress.kubernetes.io/conditions.both'] ?? '')).toEqual([
      { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'A', values: ['1', '3'] } },
      { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'B', values: ['2'] } },
    ]);
  });

  test('a route that is asked for no more leaves no path and no annotation', () => {
    const live = composed(albSpec, albIngress, headerGoals[1] ?? goalOf());
    const after = composed(albSpec, live, goalOf({ managedRoutes: ['alpha', 'beta'] }));
    expect(pathsOf(after)).toEqual(pathsOf(albIngress));
    expect(Object.keys(after.metadata.annotations ?? {}).sort()).toEqual([
      'alb.ingress.kubernetes.io/actions.web-root',
      marks.route,
      'note',
    ]);
  });

  test('a path of the team to a Service of that name stays', () => {
    const [first] = (albIngress['spec'] as { rules: { http: { paths: object[] } }[] }).rules;
    const rules = [{ http: { paths: [pathTo('beta', '/beta'), ...(first?.http.paths ?? [])] } }];
    const object = composed(albSpec, { ...albIngress, spec: { rules } }, goalOf({ managedRoutes: ['beta'] }));
    expect(pathsOf(object)).toEqual([['beta', 'api', 'web-root']]);
  });

  test.each([
    [
      'patterns',
      goalOf({ headerRoutes: [{ name: 'x', match: [{ headerName: 'A', headerValue: { prefix: 'b' } }] }] }),
      'knows exact values only',
    ],
    ['mirrors', mirrorGoals[0] ?? goalOf(), 'cannot mirror requests'],
  ])('%s are refused', (_name, goal, message) => {
    expect(refusal(albSpec, albIngress, goal)).toContain(message);
  });

  test('a path that does not look for its action, or none at all, is refused', () => {
    const rules = [{ http: { paths: [pathTo('web-root')] } }];
    expect(refusal(albSpec, { ...albIngress, spec: { rules } })).toBe(
      'spec.rules: the path to Service web-root does not ask for its action, so no weight would have an effect; ' +
        'write backend.service.port.name: use-annotation',
    );
    expect(refusal({ ...albSpec, rootService: 'none' }, albIngress)).toContain('has a path to Service none');
  });

  test('without a root Service the stable one is it', () => {
    const { rootService: _root, ...spec } = albSpec;
    const rules = [{ http: { paths: [pathTo('web-stable', '/', { name: 'use-annotation' })] } }];
    const { annotations } = composed(spec, { ...albIngress, spec: { rules } }, goalOf()).metadata;
    expect(annotations).toHaveProperty(['alb.ingress.kubernetes.io/actions.web-stable']);
  });

  test('an action that is no JSON says no weight', () => {
    const key = 'alb.ingress.kubernetes.io/actions.web-root';
    const live = { ...albIngress, metadata: { ...albIngress.metadata, annotations: { [key]: '{' } } };
    expect(routerOf(albSpec).weightOf(albSpec, live, goalOf())).toBeUndefined();
  });
});

describe('Traefik', () => {
  const servicesOf = (goal: RouteGoal, base = traefikService): unknown =>
    (composed(traefikSpec, base, goal)['spec'] as { weighted: { services: unknown } }).weighted.services;

  test('a missing canary is added beside stable as it is', () => {
    expect(servicesOf(goalOf({ weight: 30 }))).toEqual([
      { name: 'web-stable', port: 80, passHostHeader: true, weight: 70 },
      { name: 'web-canary', port: 80, passHostHeader: true, weight: 30 },
      { name: 'other', port: 80, weight: 1 },
    ]);
  });

  test('a nested TraefikService of that name is another one', () => {
    const nested = (kind: string): KubeObject => ({
      ...traefikService,
      spec: { weighted: { services: [{ name: 'web-stable', kind }] } },
    });
    expect(refusal(traefikSpec, nested('TraefikService'))).toContain('does not name Service web-stable');
    expect(refusal(traefikSpec, nested('Service'))).toBe('composed');
  });

  test('one Service twice is refused', () => {
    const services = [{ name: 'web-stable' }, { name: 'web-canary' }, { name: 'web-canary' }];
    expect(refusal(traefikSpec, { ...traefikService, spec: { weighted: { services } } })).toBe(
      'spec.weighted.services: names Service web-canary more than once, so its share cannot be told; name it once',
    );
  });
});

describe('SMI', () => {
  test('the TrafficSplit of the root Service has both backends', () => {
    expect(composed(smiSpec, service, goalOf({ weight: 25 }))).toMatchObject({
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        service: 'web',
        backends: [
          { service: 'web-canary', weight: 25 },
          { service: 'web-stable', weight: 75 },
        ],
      },
    });
  });

  test('its name, and without a root Service the stable one', () => {
    const spec = { kind: 'smi', trafficSplitName: 'split' } as const;
    const [object] = routerOf(spec).objects(spec, { namespace: 'shop', goal: goalOf() });
    expect([object?.ref.name, object?.from?.name]).toEqual(['split', 'web-stable']);
    expect(composed(spec, service, goalOf()).metadata.name).toBe('split');
  });
});

test('header routes of one name keep the conditions of the last goal', () => {
  const first = goalOf({ headerRoutes: [header('beta', 'X', '1')], managedRoutes: ['beta'] });
  const second = goalOf({ headerRoutes: [header('beta', 'X', '2')], managedRoutes: ['beta'] });
  const object = composed(albSpec, composed(albSpec, albIngress, first), second);
  expect(object.metadata.annotations?.['alb.ingress.kubernetes.io/conditions.beta']).toContain(
    '"values":["2"]',
  );
});
