import { supports } from '../../../src/domain/routing';
import type { RouterSpec } from '../../../src/domain/routing/spec';
import { albSpec, gatewaySpec, istioSpec, nginxSpec, smiSpec, traefikSpec } from './samples';

const unused: RouterSpec = {
  kind: 'gatewayApi',
  routes: [{ kind: 'HTTPRoute', name: 'web', useHeaderRoutes: false }],
};

test.each<readonly [RouterSpec, readonly string[], boolean, boolean]>([
  [gatewaySpec, ['exact', 'regex'], true, false],
  [unused, [], true, false],
  [istioSpec, ['exact', 'prefix', 'regex'], true, false],
  [albSpec, ['exact'], false, false],
  [nginxSpec, [], false, true],
  [smiSpec, [], false, false],
  [traefikSpec, [], false, false],
])(
  '%j has header routes by %j, mirrors %p, other sums %p',
  (spec, headerKinds, mirrorRoutes, maxTrafficWeight) => {
    expect(supports(spec)).toEqual({
      headerRoutes: headerKinds.length > 0,
      headerKinds,
      mirrorRoutes,
      experimentWeights: false,
      maxTrafficWeight,
    });
  },
);
