import type { KubeObject } from '../../../src/domain/kube-object';
import { planHandover } from '../../../src/domain/plans/plan-handover';
import type { PlanContext } from '../../../src/domain/plans/plan';
import {
  canary,
  context,
  deployment,
  pods,
  replicaSet,
  service,
  slice,
  view,
  withRoles,
  type Built,
} from '../../support/view-builder';
import { told } from '../../support/view-told';

const stable = deployment('web', 0).spec({ paused: true });
const fresh = canary(2);
const set = replicaSet('b', 2, 'r2').ownedBy(fresh);
const all = pods(set, 2);
const [first] = all;
const old = pods(replicaSet('a', 1).ownedBy(stable), 1);
const base = [stable, fresh, set, ...all];
const services = (stablePin: string, canaryPin = 'b') => [
  service('web-stable', stablePin),
  service('web-preview', canaryPin),
];
if (first === undefined) throw new Error('a ReplicaSet of 2 has a pod');

type Row = readonly [string, readonly Built<KubeObject>[], string, Partial<PlanContext>?];
const rows: readonly Row[] = [
  [
    'stops when the canary is gone',
    [stable],
    'CanaryMissing: the ReplicaSet of rollout r2 is gone; somebody deleted the canary',
  ],
  [
    'waits until all pods are ready',
    [stable, fresh, set, first, ...pods(set, 2, false).slice(1)],
    'wait for 2 ready pods of the new version (1 are)',
  ],
  [
    'does not count pods that are being deleted',
    [stable, fresh, set, first, ...all.slice(1).map((pod) => pod.going())],
    'wait for 2 ready pods of the new version (1 are)',
  ],
  ['has nothing to do without role Services', [...base, service('web')], 'done'],
  ['hands the stable Service over', [...base, ...services('a')], 'pin Service web-stable to b', withRoles],
  [
    'waits until the stable Service lists the new pods',
    [...base, ...services('b'), slice('web-stable', [first]), slice('web-preview', all)],
    'wait for Service web-stable to list exactly the 2 pods of the new version',
    withRoles,
  ],
  [
    'waits until no old pod is listed any more',
    [...base, ...services('b'), slice('web-stable', [first, ...old]), slice('web-preview', all)],
    'wait for Service web-stable to list exactly the 2 pods of the new version',
    withRoles,
  ],
  [
    'is done when exactly the new pods are listed',
    [...base, ...services('b'), slice('web-stable', all), slice('web-preview', all)],
    'done',
    withRoles,
  ],
];

describe('the handover', () => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))('%s', (_name, [objects, next, more]) => {
    expect(told(planHandover(view(...objects), context({ replicas: 2, ...more })))).toEqual([next]);
  });
});
