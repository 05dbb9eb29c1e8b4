import { asDeployment } from '../../../src/domain/apps';
import type { KubeObject } from '../../../src/domain/kube-object';
import { marks, podTemplateHash } from '../../../src/domain/marks';
import { standbyObstacle } from '../../../src/domain/plans/plain-services';
import type { PlanContext } from '../../../src/domain/plans/plan';
import { planRemoval, planReturn } from '../../../src/domain/plans/plan-return';
import { planStandby } from '../../../src/domain/plans/plan-standby';
import { lookOf } from '../../../src/domain/rollout-look';
import { keepPin } from '../../../src/domain/compose';
import { routing } from '../../support/routed-rollout';
import {
  canary,
  context,
  deployment,
  pod,
  pods,
  replicaSet,
  service,
  slice,
  statusOf,
  view,
  type Built,
} from '../../support/view-builder';
import { actionsOf, told } from '../../support/view-told';

const fence = 20_001;
const stable = (replicas: number, available = replicas) =>
  deployment('web', replicas).spec({ paused: true }).fence(fence).status(statusOf(replicas, available));
const old = replicaSet('a', 4).ownedBy(stable(4));
const fresh = canary(4).fence(fence);
const set = replicaSet('b', 4, 'r2').ownedBy(fresh);
const all = pods(set, 4);
const base = [fresh, set, ...all, old];
const standsBy: Partial<PlanContext> = { standsBy: true };
const marked = (pin?: string) =>
  service('web', pin)
    .annotations({ [marks.standby]: 'r2' })
    .fence(fence);
const foreign = pod(replicaSet('z', 1), 'other-1').meta({ labels: { app: 'other', tier: 'front' } });
const shared = service('front').spec({ selector: { tier: 'front' } });
const ours = pod(set, 'b-5').labels({ tier: 'front' });

const rows: readonly (readonly [string, readonly Built<KubeObject>[], string])[] = [
  [
    'stops when the workload is gone',
    [...base],
    'WorkloadMissing: Deployment web is gone; somebody deleted it during the rollout: sync the application to make it anew',
  ],
  [
    'stops when the canary is gone',
    [stable(0)],
    'CanaryMissing: Deployment web-canary was deleted by somebody during the rollout',
  ],
  [
    'keeps Services that select both versions off the old one before it has a pod',
    [stable(0), ...base, service('web')],
    'pin Service web to b',
  ],
  [
    'waits until they list exactly the new pods',
    [stable(0), ...base, marked('b'), slice('web', all.slice(1))],
    'wait for Service web to list exactly the 4 pods of the new version',
  ],
  [
    'then brings the old version back to size',
    [stable(0), ...base, marked('b'), slice('web', all)],
    'scale web from 0 to 4 for the way back',
  ],
  [
    'waits until its pods are available',
    [stable(4, 3), ...base, marked('b'), slice('web', all)],
    'wait for 4 pods of the old version of web to stand by (3 do)',
  ],
  ['is done then', [stable(4), ...base, marked('b'), slice('web', all)], 'done'],
  [
    'follows a smaller size',
    [stable(6), ...base, marked('b'), slice('web', all)],
    'scale web from 6 to 4 for the way back',
  ],
  [
    'leaves a pin of somebody else alone',
    [stable(0), ...base, service('web', 'x')],
    'scale web from 0 to 4 for the way back',
  ],
  [
    'leaves an old version small that a shared Service would list',
    [stable(0), ...base, ours, foreign, shared],
    'done',
  ],
];

test.each(rows)('the standby %s', (_name, objects, expected) => {
  expect(told(planStandby(view(...objects), context(standsBy)))).toEqual([expected]);
});

test('with a router the old version is made whole, and no Service is touched', () => {
  const at = context({ routing, dynamicStableScale: true, ...{ stableService: 'web-stable' } });
  const objects = [service('web-stable', 'b'), slice('web-stable', all), service('web')];
  expect(told(planStandby(view(stable(0), ...base, ...objects), at))).toEqual([
    'scale web from 0 to 4 for the way back',
  ]);
});

test('an obstacle is told by the name of the Service', () => {
  const seen = view(stable(0), ...base, ours, foreign, shared);
  expect(standbyObstacle(seen, context(standsBy))).toBe('Service front selects pods of other workloads too');
  expect(standbyObstacle(view(stable(0), ...base, service('web')), context(standsBy))).toBeUndefined();
  expect(standbyObstacle(seen, context())).toBeUndefined();
});

describe('the way back from the gate', () => {
  const there = [stable(4), ...base, ...pods(old, 4)];

  test('fences Services that could still be pinned, turns them at once, and frees them last', () => {
    const before = [stable(4), ...base, service('web')];
    expect(told(planReturn(view(...before), context(standsBy)))).toEqual([`fence web at ${fence}`]);
    expect(told(planReturn(view(...before), context()))).toEqual(['done']);
    expect(told(planReturn(view(...there, marked('b')), context(standsBy)))).toEqual([
      'pin Service web to a',
    ]);
    expect(told(planReturn(view(...there, marked('a')), context(standsBy)))).toEqual(['done']);
    const [free] = actionsOf(
      planRemoval(view(stable(4), old, ...pods(old, 4), marked('a')), context(standsBy)),
    );
    expect(free).toMatchObject({
      kind: 'patch',
      patch: {
        metadata: { annotations: { [marks.standby]: null, [marks.fence]: null } },
        spec: { selector: { [podTemplateHash]: null } },
      },
    });
  });

  test('waits while the old version cannot carry the traffic', () => {
    const early = view(stable(4, 1), ...base, marked('b'));
    expect(told(planReturn(early, context(standsBy)))).toEqual([
      'wait for 4 stable pods of web to be available again (1 are)',
    ]);
  });
});

test.each([
  ['b', 100],
  ['a', 0],
])('of two whole versions the one that the Service is pinned to has all requests: %s', (pin, weight) => {
  const seen = view(stable(4), ...base, ...pods(old, 4), marked(pin));
  expect(lookOf(seen, context(standsBy), 'canary')?.actualWeight).toBe(weight);
});

test('a pin of the standby is no drift of its Service, any other is', () => {
  const git = service('web').object;
  expect(keepPin(git, marked('b').object)).toMatchObject({ spec: { selector: { [podTemplateHash]: 'b' } } });
  for (const live of [service('web', 'b').object, marked().object, undefined])
    expect(keepPin(git, live)).toBe(git);
  expect(keepPin(asDeployment(stable(1).object), marked('b').object)).toEqual(stable(1).object);
});
