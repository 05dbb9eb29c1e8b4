import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import type { PlanContext } from '../../../src/domain/plans/plan';
import { planRoutes, planRoutesBack } from '../../../src/domain/plans/plan-routes';
import { planRoutesHome } from '../../../src/domain/plans/plan-routes-home';
import { findRoute, noHashes, routeRefs } from '../../../src/domain/plans/route-goal';
import { noTraffic } from '../../../src/domain/routing/traffic';
import type { TrafficRouting } from '../../../src/domain/routing/spec';
import { begin, route, routing } from '../../support/routed-rollout';
import { context, view, withRoles } from '../../support/view-builder';
import { actionsOf, told } from '../../support/view-told';
import { header } from '../routing/routes';
import { ingress, nginxSpec } from '../routing/samples';

const nginx: TrafficRouting = { router: nginxSpec, maxTrafficWeight: 100, managedRoutes: [] };
const at = (more: Partial<PlanContext> = {}): PlanContext =>
  context({ ...withRoles, routing: nginx, ...more });
const seen = (routes: readonly KubeObject[], routeSources: readonly KubeObject[] = [ingress]) => ({
  ...view(),
  routes,
  routeSources,
});
const half = { ...noTraffic, weight: 50 };

/** The canary Ingress as a rollout makes it. */
function made(weight = 50, more: Partial<PlanContext> = {}): KubeObject {
  const [action] = actionsOf(planRoutes(seen([]), at(more), { ...noTraffic, weight }, noHashes));
  if (action?.kind !== 'create') throw new Error('no Ingress is made');
  return action.object;
}
const annotated = (object: KubeObject, more: Readonly<Record<string, string>>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...more } },
});

describe("a router's own object", () => {
  it('is made with the labels of its owner and its fence', () => {
    expect(made().metadata).toMatchObject({
      name: 'web-web-canary',
      namespace: 'shop',
      labels: { [marks.application]: 'shop', [marks.canaryOf]: 'web', [marks.rollout]: 'r2' },
      annotations: { [marks.fence]: '20001', 'nginx.ingress.kubernetes.io/canary-weight': '50' },
    });
  });

  it('is written once for a weight', () => {
    expect(told(planRoutes(seen([made()]), at(), half, noHashes))).toEqual(['done']);
    const next = planRoutes(seen([made()]), at({ fence: 20_007 }), { ...noTraffic, weight: 60 }, noHashes);
    expect(told(next)).toEqual(['60 of 100 to the canary in Ingress shop/web-web-canary']);
    expect(actionsOf(next)).toMatchObject([
      {
        patch: {
          metadata: {
            annotations: { [marks.fence]: '20007', 'nginx.ingress.kubernetes.io/canary-weight': '60' },
          },
        },
      },
    ]);
  });

  it('may carry annotations of other controllers: nobody fights over them', () => {
    const noted = annotated(made(), { 'field.cattle.io/publicEndpoints': '[]' });
    expect(told(planRoutes(seen([noted]), at(), half, noHashes))).toEqual(['done']);
  });

  it('is put right when somebody changes its weight', () => {
    const changed = annotated(made(), { 'nginx.ingress.kubernetes.io/canary-weight': '100' });
    expect(told(planRoutes(seen([changed]), at(), half, noHashes))).toEqual([
      '50 of 100 to the canary in Ingress shop/web-web-canary',
    ]);
  });

  it('is refused where another one has its name', () => {
    const foreign = { ...made(), metadata: { ...made().metadata, labels: {} } };
    expect(told(planRoutes(seen([foreign]), at(), half, noHashes))[0]).toMatch(
      /^OwnedByAnother: Ingress shop\/web-web-canary/,
    );
    expect(told(planRoutesBack(seen([foreign]), at(), noTraffic, noHashes))).toEqual(['done']);
    expect(told(planRoutesHome(seen([foreign]), at()))).toEqual(['done']);
  });

  it('cannot be made without the object it is made from', () => {
    expect(told(planRoutes(seen([], []), at(), half, noHashes))).toEqual([
      'RouteMissing: Ingress shop/web is gone; put it back, or take it out of spec.strategy.canary.trafficRouting',
    ]);
  });

  it('loses its weight on the way back, is never made there, and is deleted at its end', () => {
    expect(told(planRoutesBack(seen([made()]), at(), noTraffic, noHashes))).toEqual([
      '0 of 100 to the canary in Ingress shop/web-web-canary',
    ]);
    expect(told(planRoutesBack(seen([]), at(), noTraffic, noHashes))).toEqual(['done']);
    expect(told(planRoutesBack(seen([made()], []), at(), noTraffic, noHashes))).toEqual(['done']);
    expect(told(planRoutesHome(seen([made()]), at()))).toEqual(['delete Ingress shop/web-web-canary']);
    const going = { ...made(), metadata: { ...made().metadata, deletionTimestamp: '2026-03-01T03:00:00Z' } };
    expect(told(planRoutesHome(seen([going]), at()))).toEqual(['done']);
  });
});

describe("a team's route", () => {
  const edited = at({ routing });
  const traffic = {
    ...half,
    headerRoutes: [header('beta', 'X-Beta', 'yes')],
    mirrorRoutes: [{ name: 'copy', match: [{ path: { prefix: '/' } }] }],
  };

  function written(): ReturnType<typeof begin> {
    const run = begin({ replicas: 4, isDynamic: false });
    for (const action of actionsOf(planRoutes(run.simulator.view(), edited, traffic, noHashes)))
      run.simulator.perform(action, edited);
    return run;
  }

  it('is waited for until its parents have taken it', () => {
    const run = written();
    expect(told(planRoutes(run.simulator.view(), edited, traffic, noHashes))[0]).toMatch(
      /^wait for the router to take HTTPRoute shop\/web/,
    );
    run.simulator.settle();
    expect(told(planRoutes(run.simulator.view(), edited, traffic, noHashes))).toEqual(['done']);
  });

  it('has its header and mirror routes only as long as the rollout wants them', () => {
    const run = written();
    run.simulator.settle();
    const rules = (): number =>
      (run.simulator.object('HTTPRoute', 'web')?.['spec'] as { rules: readonly unknown[] }).rules.length;
    expect(rules()).toBe(3);
    for (const action of actionsOf(planRoutesHome(run.simulator.view(), edited)))
      run.simulator.perform(action, edited);
    expect(rules()).toBe(1);
    expect(run.simulator.leftMarks()).toEqual([]);
    expect(told(planRoutesHome(run.simulator.view(), edited))).toEqual(['done']);
  });

  it('is left alone at the end when no rollout has written it', () => {
    expect(told(planRoutesHome({ ...view(), routes: [route] }, edited))).toEqual(['done']);
  });
});

describe('without a router', () => {
  const plain = context(withRoles);
  it('there is nothing to do and nothing to read', () => {
    expect(told(planRoutes(view(), plain, half, noHashes))).toEqual(['done']);
    expect(told(planRoutesBack(view(), plain, half, noHashes))).toEqual(['done']);
    expect(told(planRoutesHome(view(), plain))).toEqual(['done']);
    expect(routeRefs(plain)).toEqual({ edited: [], sources: [] });
    expect(findRoute(view(), undefined)).toBeUndefined();
  });
});
