import type { KubeObject } from '../../../src/domain/kube-object';
import { planWeight } from '../../../src/domain/plans/plan-weight';
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
import { told } from '../../support/view-told';

const stable = (replicas: number, available = replicas) =>
  deployment('web', replicas).spec({ paused: true }).status(statusOf(replicas, available));
const fresh = (replicas: number, available = replicas) =>
  canary(replicas).status(statusOf(replicas, available));
const old = replicaSet('a', 3).ownedBy(stable(3));
const set = replicaSet('b', 1, 'r2').ownedBy(fresh(1));
const [first] = pods(set, 1);
const role = (stablePin: string, canaryPin: string) => [
  service('web-stable', stablePin),
  service('web-preview', canaryPin),
];
if (first === undefined) throw new Error('a ReplicaSet of 1 has a pod');

type Row = readonly [
  name: string,
  weight: number,
  objects: readonly Built<KubeObject>[],
  next: readonly string[],
  more?: Partial<PlanContext>,
];

const rows: readonly Row[] = [
  [
    'stops when the workload is gone',
    25,
    [fresh(0)],
    [
      'WorkloadMissing: Deployment web is gone; somebody deleted it during the rollout: sync the application to make it anew',
    ],
  ],
  [
    'stops when the canary is gone in the middle',
    25,
    [stable(3), old],
    ['CanaryMissing: Deployment web-canary was deleted by somebody during the rollout'],
  ],
  [
    'adds the pods of the surge first',
    25,
    [stable(4), old, fresh(0)],
    ['scale web-canary from 0 to 1 for 25 %'],
  ],
  [
    'waits for the controller to have seen the new counts',
    25,
    [stable(3), old, fresh(1).meta({ generation: 2 }), set],
    ['wait for the Deployment controller to have seen the new counts'],
  ],
  [
    'waits for canary pods before stable shrinks',
    25,
    [stable(4), old, fresh(1, 0), set],
    ['wait for 1 canary pods of web to be available (0 are)'],
  ],
  [
    'shrinks stable when the canary is available',
    25,
    [stable(4), old, fresh(1), set, first],
    ['scale web from 4 to 3 for 25 %'],
  ],
  [
    'waits for surplus stable pods to go',
    25,
    [stable(3, 4), old, fresh(1), set, first],
    ['wait for 3 stable pods of web to be available (4 are)'],
  ],
  [
    'waits for the endpoints to list the canary pods',
    25,
    [stable(3), old, fresh(1), set, first, service('web'), slice('web', [])],
    ['wait for the endpoints to list 1 pods of web-b in Service web (0 are)'],
  ],
  [
    'lets no stable pod go before the endpoints list the canary pod that serves in its place',
    25,
    [stable(4), old, fresh(1), set, first, service('web'), slice('web', [])],
    ['wait for the endpoints to list 1 pods of web-b in Service web (0 are)'],
  ],
  [
    'waits for the endpoints although the canary pod is not known as ready here yet',
    25,
    [stable(4), old, fresh(1), set, service('web'), slice('web', [])],
    ['wait for the endpoints to list 1 pods of web-b in Service web (0 are)'],
  ],
  [
    'is done when counts, pods and endpoints fit',
    25,
    [stable(3), old, fresh(1), set, first, service('web'), slice('web', [first])],
    ['done'],
  ],
  [
    'pins the canary Service to the canary when its pods are there',
    25,
    [stable(3), old, fresh(1), set, first, ...role('a', 'a')],
    ['pin Service web-preview to b'],
    withRoles,
  ],
  [
    'does not wait for canary pods in the stable Service',
    25,
    [stable(3), old, fresh(1), set, first, ...role('a', 'b'), slice('web-preview', [first])],
    ['done'],
    withRoles,
  ],
  [
    'takes the count of stable when Git has none',
    50,
    [stable(4), old, fresh(0)],
    ['scale web-canary from 0 to 1 for 50 %'],
    { replicas: undefined },
  ],
  ['is done at weight 0 with no canary pod', 0, [stable(4), old, fresh(0)], ['done']],
];

describe('a weight by replica counts', () => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))(
    '%s',
    (_name, [weight, objects, next, more]) => {
      const strategy = { maxSurge: 1, maxUnavailable: 0 };
      expect(told(planWeight(view(...objects), context(more), { weight, strategy }))).toEqual(next);
    },
  );

  it('hands the stable Service to the canary before the last stable pod goes', () => {
    const whole = replicaSet('b', 4, 'r2').ownedBy(fresh(4));
    const all = pods(whole, 4);
    const goal = { weight: 100, strategy: { maxSurge: 1, maxUnavailable: 0 } };
    const next = (...services: readonly Built<KubeObject>[]) =>
      told(planWeight(view(stable(1), old, fresh(4), whole, ...all, ...services), context(withRoles), goal));
    expect(next(...role('a', 'b'), slice('web-preview', all))).toEqual(['pin Service web-stable to b']);
    expect(next(...role('b', 'b'), slice('web-stable', all), slice('web-preview', all))).toEqual([
      'scale web from 1 to 0 for 100 %',
    ]);
  });
});
