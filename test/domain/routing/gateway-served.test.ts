import type { KubeObject } from '../../../src/domain/kube-object';
import { routerOf } from '../../../src/domain/routing';
import { goalOf, routeOf, stableRef } from './routes';
import { gatewaySpec as spec } from './samples';

const router = routerOf(spec);

describe('a route is served', () => {
  const condition = (type: string, status = 'True', observedGeneration = 4, message = ''): object => ({
    type,
    status,
    observedGeneration,
    message,
  });
  const parent = (conditions: readonly object[], parentRef: object = { name: 'edge' }): object => ({
    parentRef,
    controllerName: 'example.com/gateway',
    conditions,
  });
  const live = (
    parents: readonly object[],
    parentRefs: readonly object[] = [{ name: 'edge' }],
  ): KubeObject => {
    const route = routeOf([{ backendRefs: [stableRef] }]);
    const spec = { ...(route['spec'] as object), parentRefs };
    return { ...route, metadata: { ...route.metadata, generation: 4 }, spec, status: { parents } };
  };
  const good = [condition('Accepted'), condition('ResolvedRefs')];
  const why = (object: KubeObject): string => {
    const served = router.served(spec, object, goalOf());
    return served.served ? 'served' : served.why;
  };

  test.each([
    ['once its parent has taken it', [parent(good)], 'served'],
    ['not without an answer', [], 'Gateway edge has not answered for HTTPRoute web'],
    [
      'not by another parent',
      [parent(good, { name: 'side' })],
      'Gateway edge has not answered for HTTPRoute web',
    ],
    [
      'not by another listener',
      [parent(good, { name: 'edge', sectionName: 'https' })],
      'Gateway edge has not answered for HTTPRoute web',
    ],
    [
      'by a parent with defaults',
      [
        parent(good, {
          name: 'edge',
          namespace: 'shop',
          kind: 'Gateway',
          group: 'gateway.networking.k8s.io',
        }),
      ],
      'served',
    ],
    [
      'not of an older generation',
      [parent([condition('Accepted', 'True', 3), good[1] ?? {}])],
      'Gateway edge has seen generation 3, not 4 yet',
    ],
    [
      'not when it is refused',
      [parent([condition('Accepted', 'False', 4, 'no listener fits'), good[1] ?? {}])],
      'Gateway edge: no listener fits',
    ],
    [
      'not when a backend is missing',
      [parent([good[0] ?? {}, condition('ResolvedRefs', 'False', 4, 'no Service x')])],
      'Gateway edge: no Service x',
    ],
    [
      'not before both conditions are there',
      [parent([good[0] ?? {}])],
      'Gateway edge has not said ResolvedRefs yet',
    ],
    [
      'by one of two controllers',
      [parent([condition('Accepted', 'False', 4, 'not mine')]), parent(good)],
      'served',
    ],
  ])('%s', (_name, parents, expected) => {
    expect(why(live(parents))).toBe(expected);
  });

  test('only when each parent has taken it', () => {
    const refs = [{ name: 'edge' }, { name: 'side', port: 443 }];
    expect(why(live([parent(good)], refs))).toBe('Gateway side has not answered for HTTPRoute web');
    expect(why(live([parent(good), parent(good, { name: 'side', port: 443 })], refs))).toBe('served');
    expect(why(live([], []))).toBe('HTTPRoute web has no parentRefs, so nothing serves it');
  });
});
