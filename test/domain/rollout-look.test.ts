import { lookOf } from '../../src/domain/rollout-look';
import { canary, context, deployment, replicaSet, service, view, withRoles } from '../support/view-builder';

const web = deployment('web', 3);
const old = replicaSet('a', 3).ownedBy(web);
const newer = canary(1);
const fresh = replicaSet('b', 1, 'r2').ownedBy(newer);

describe('what people see of both versions', () => {
  it('names images and counts pods side by side', () => {
    const starting = newer.status({ replicas: 1, readyReplicas: 1, availableReplicas: 0 });
    expect(lookOf(view(web, old, starting, fresh), context(), 'canary')).toEqual({
      stable: { images: ['web:v1'], desired: 3, current: 3, ready: 0, available: 3 },
      canary: { images: ['web:r2'], desired: 1, current: 1, ready: 1, available: 0 },
      actualWeight: 0,
    });
  });

  it('names an image once, and only those of containers that serve', () => {
    const images = ['web:1', 'log:1', 'web:1'].map((image, index) => ({ name: `c${index}`, image }));
    const spec = { containers: images, initContainers: [{ name: 'init', image: 'init:1' }] };
    const seen = lookOf(view(web.spec({ template: { spec } })), context(), 'rolling');
    expect(seen?.stable.images).toEqual(['web:1', 'log:1']);
  });

  it('is nothing when the workload is gone', () => {
    expect(lookOf(view(newer, fresh), context(), 'canary')).toBeUndefined();
  });

  it('leaves out a Deployment of somebody else that has the name of the canary', () => {
    const foreign = deployment('web-canary', 1);
    expect(lookOf(view(web, old, foreign), context(), 'canary')).not.toHaveProperty('canary');
  });
});

describe('the weight that the new version has', () => {
  const weightOf = (...[seen, more, strategy]: Parameters<typeof lookOf>) =>
    lookOf(seen, more, strategy)?.actualWeight;

  test.each([
    [3, 1, 25],
    [2, 1, 33],
    [0, 4, 100],
    [4, 0, 0],
    [0, 0, 0],
  ])('is the share of the available pods without a router: %i stable, %i new', (stable, ours, weight) => {
    expect(weightOf(view(deployment('web', stable), canary(ours)), context(), 'canary')).toBe(weight);
  });

  it('is none before the switch of blue-green, and all after it', () => {
    const look = (active: string) =>
      weightOf(
        view(web, old, newer, fresh, service('web-stable', active), service('web-preview', 'b')),
        context(withRoles),
        'blueGreen',
      );
    expect(look('a')).toBe(0);
    expect(look('b')).toBe(100);
  });

  it('is all once the workload itself has the new template, and none when the canary is gone without that', () => {
    expect(weightOf(view(deployment('web', 4, 'r2')), context(), 'canary')).toBe(100);
    expect(weightOf(view(deployment('web', 4, 'r1')), context(), 'canary')).toBe(0);
  });

  it('is what the router’s objects say, until the handover gives stable’s Service the new pods', () => {
    const nginx = {
      kind: 'nginx',
      stableIngresses: ['web'],
      annotationPrefix: 'nginx.ingress.kubernetes.io',
      additionalAnnotations: {},
      canaryAnnotations: {},
    } as const;
    const routing = { router: nginx, maxTrafficWeight: 1000, managedRoutes: [] };
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: 'web-web-canary',
        namespace: 'shop',
        annotations: { 'nginx.ingress.kubernetes.io/canary-weight': '150' },
      },
    };
    const look = (stablePin: string) => {
      const seen = view(
        web,
        old,
        newer,
        fresh,
        service('web-stable', stablePin),
        service('web-preview', 'b'),
      );
      return weightOf({ ...seen, routes: [ingress] }, context({ ...withRoles, routing }), 'canary');
    };
    expect(look('a')).toBe(150);
    expect(look('b')).toBe(1000);
  });
});
