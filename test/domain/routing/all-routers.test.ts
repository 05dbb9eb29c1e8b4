import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import { goalText, readGoal, routerOf } from '../../../src/domain/routing';
import type { RouteGoal, RouterObject } from '../../../src/domain/routing/router';
import { goalOf, goals, headerGoals, mirrorGoals } from './routes';
import { samples } from './samples';

describe.each(samples)('$name', ({ spec, base, goals: each }) => {
  const router = routerOf(spec);
  const compose = (object: KubeObject, goal: RouteGoal): KubeObject => {
    const result = router.compose(spec, object, goal);
    if (!result.ok) throw new Error(`${result.field}: ${result.message}; ${result.remedy}`);
    return result.object;
  };
  const objects = router.objects(spec, { namespace: 'shop', goal: goalOf() });
  const own: RouterObject | undefined = objects.find((object) => object.from?.kind === base.kind);

  test('has the same composition whatever it was composed with before', () => {
    for (const second of each) {
      const once = compose(base, second);
      expect(compose(base, second)).toEqual(once);
      if (own !== undefined) continue;
      for (const first of each) expect(compose(compose(base, first), second)).toEqual(once);
    }
  });

  test('is among the objects of its router, by the ref that it is composed as', () => {
    const { apiVersion, kind, metadata } = compose(base, goalOf());
    const ref = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
    expect(objects).toContainEqual(
      expect.objectContaining({ ref, life: own === undefined ? 'edit' : 'own' }),
    );
  });

  test('says the weight that it was composed with', () => {
    const says = base.kind !== 'DestinationRule';
    for (const goal of each) {
      expect(router.weightOf(spec, compose(base, goal), goal)).toBe(says ? goal.weight : undefined);
    }
  });

  test("carries its goal, and the annotations of the team if it is the team's", () => {
    for (const goal of each) {
      const { annotations } = compose(base, goal).metadata;
      expect(readGoal(annotations?.[marks.route])).toEqual(goal);
      expect(annotations?.['note']).toBe(own === undefined ? base.metadata.annotations?.['note'] : undefined);
    }
  });

  test('is not changed in place', () => {
    const before = JSON.stringify(base);
    for (const goal of each) compose(base, goal);
    expect(JSON.stringify(base)).toBe(before);
  });

  test('is served, or waited for with a reason', () => {
    const served = router.served(spec, compose(base, goalOf()), goalOf());
    expect(served).toEqual(
      spec.kind === 'gatewayApi'
        ? { served: false, why: expect.stringContaining('has not answered') }
        : { served: true },
    );
  });
});

describe('the text of a goal', () => {
  test.each([...goals, ...headerGoals, ...mirrorGoals])('is read again: %j', (goal) => {
    expect(readGoal(goalText(goal))).toEqual(goal);
    expect(goalText(goal).length).toBeLessThan(500);
  });

  test('is the same for equal goals', () => {
    const goal = goalOf({ weight: 5, stableHash: 'a' });
    const turned = Object.fromEntries(Object.entries(goal).reverse()) as unknown as RouteGoal;
    expect(goalText(turned)).toBe(goalText(goal));
  });

  test.each([
    undefined,
    '',
    '{',
    'null',
    '[]',
    '{}',
    JSON.stringify({ ...goalOf(), weight: '5' }),
    JSON.stringify({ ...goalOf(), stableService: undefined }),
    JSON.stringify({ ...goalOf(), stableHash: 5 }),
    JSON.stringify({ ...goalOf(), managedRoutes: [5] }),
    JSON.stringify({ ...goalOf(), headerRoutes: [{ name: 'x', match: [{ headerName: 'a' }] }] }),
    JSON.stringify({ ...goalOf(), mirrorRoutes: [{ match: [] }] }),
  ])('that nobody has written is no goal: %s', (text) => {
    expect(readGoal(text)).toBeUndefined();
  });
});
