import type { KubeObject } from '../../../src/domain/kube-object';
import { planRemoval, planReturn } from '../../../src/domain/plans/plan-return';
import type { PlanContext } from '../../../src/domain/plans/plan';
import {
  canary,
  context,
  deployment,
  pods,
  replicaSet,
  service,
  slice,
  statusOf,
  view,
  withRoles,
  type Built,
} from '../../support/view-builder';
import { actionsOf, told } from '../../support/view-told';

const fence = 20_001;
const stable = (replicas: number, available = replicas) =>
  deployment('web', replicas).spec({ paused: true }).fence(fence).status(statusOf(replicas, available));
const old = replicaSet('a', 4).ownedBy(stable(4));
const fresh = canary(2).fence(fence);
const set = replicaSet('b', 2, 'r2').ownedBy(fresh);
const ready = pods(set, 2);
const broken = pods(set, 2, false);
const roles = (pin?: string) => [
  service('web-stable', pin).fence(fence),
  service('web-preview', pin).fence(fence),
];

type Row = readonly [string, readonly Built<KubeObject>[], readonly string[], Partial<PlanContext>?];
type Rows = readonly Row[];

const returns: Rows = [
  [
    'stops when the workload is gone',
    [],
    [
      'WorkloadMissing: Deployment web is gone; somebody deleted it during the rollout: sync the application to make it anew',
    ],
  ],
  [
    'fences everything first',
    [
      stable(4).fence(1),
      old,
      fresh.fence(1),
      set,
      ...ready,
      service('web-stable', 'b'),
      service('web-preview', 'b'),
      service('web'),
    ],
    [
      'fence web at 20001',
      'fence web-canary at 20001',
      'fence web-stable at 20001',
      'fence web-preview at 20001',
    ],
    withRoles,
  ],
  [
    'then makes stable full',
    [stable(2), old, fresh, set, ...ready],
    ['scale web from 2 to 4 for the way back'],
  ],
  [
    'drops broken canary pods at once',
    [stable(4, 2), old, fresh, set, ...broken],
    ['scale web-canary from 2 to 0 for the way back'],
  ],
  [
    'lets ready canary pods serve until stable can',
    [stable(4, 3), old, fresh, set, ...ready, ...roles('b')],
    ['wait for 4 stable pods of web to be available again (3 are)'],
    withRoles,
  ],
  [
    'hands role Services back at once when no canary pod is ready',
    [stable(4, 3), old, canary(0).fence(fence), set, ...roles('b')],
    ['pin Service web-stable to a', 'pin Service web-preview to a'],
    withRoles,
  ],
  [
    'then hands role Services back',
    [stable(4), old, fresh, set, ...ready, ...roles('b')],
    ['pin Service web-stable to a', 'pin Service web-preview to a'],
    withRoles,
  ],
  ['is done', [stable(4), old, fresh, set, ...ready, ...roles('a')], ['done'], withRoles],
  ['is done when there never was a canary', [stable(4), old], ['done']],
  ['leaves a Deployment of somebody else alone', [stable(4), old, deployment('web-canary', 3)], ['done']],
];

const removals: Rows = [
  [
    'keeps ready canary pods until stable is full',
    [stable(4, 3), old, fresh, set, ...ready],
    ['wait for 4 stable pods of web to be available before the canary goes (3 are)'],
  ],
  [
    'keeps ready canary pods until the endpoints list the stable ones',
    [stable(4), old, fresh, set, ...ready, service('web'), slice('web', ready)],
    ['wait for the endpoints to list 4 pods of web-a in Service web (0 are)'],
  ],
  ['removes the canary', [stable(4), old, fresh, set, ...ready], ['delete web-canary']],
  [
    'removes a canary that serves nobody at once',
    [stable(4, 3), old, fresh, set, ...broken],
    ['delete web-canary'],
  ],
  ['waits while it goes', [stable(4), old, fresh.going(), set, ...ready], ['wait for web-canary to be gone']],
  [
    'waits for its pods',
    [stable(4), old, ...ready],
    ["wait for the canary's ReplicaSet and 2 pods to be gone"],
  ],
  [
    'waits for its ReplicaSet',
    [stable(4), old, set],
    ["wait for the canary's ReplicaSet and 0 pods to be gone"],
  ],
  ['waits for stable', [stable(4, 3), old], ['wait for 4 stable pods of web to be available (3 are)']],
  [
    'gives Services their selectors back before it un-pauses',
    [stable(4), old, ...roles('a')],
    ['give Service web-stable its selector back', 'give Service web-preview its selector back'],
    withRoles,
  ],
  ['un-pauses stable last', [stable(4), old, ...roles()], ['un-pause web'], withRoles],
  ['is done', [stable(4).spec({ paused: false }), old, ...roles()], ['done'], withRoles],
  [
    'leaves a Deployment of somebody else alone',
    [stable(4), old, deployment('web-canary', 3)],
    ['un-pause web'],
  ],
];

describe('the way back of the traffic', () => {
  it.each(returns.map(([name, ...row]) => [name, row] as const))('%s', (_name, [objects, next, more]) => {
    expect(told(planReturn(view(...objects), context({ fence, ...more })))).toEqual(next);
  });

  it('does not lower a fence', () => {
    expect(told(planReturn(view(stable(4).fence(fence + 5), old), context({ fence })))).toEqual(['done']);
  });
});

describe('the removal of a canary', () => {
  it.each(removals.map(([name, ...row]) => [name, row] as const))('%s', (_name, [objects, next, more]) => {
    expect(told(planRemoval(view(...objects), context({ fence, ...more })))).toEqual(next);
  });

  it('takes its pods with it, and only this very one', () => {
    expect(actionsOf(planRemoval(view(stable(4), old, fresh, set), context({ fence })))).toMatchObject([
      { kind: 'delete', uid: 'uid-web-canary', propagation: 'Background' },
    ]);
  });
});
