import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import { planRetirement } from '../../../src/domain/plans/plan-retirement';
import { planRolling } from '../../../src/domain/plans/plan-rolling';
import type { PlanContext } from '../../../src/domain/plans/plan';
import {
  context,
  deployment,
  pods,
  replicaSet,
  service,
  statusOf,
  view,
  withRoles,
  type Built,
} from '../../support/view-builder';
import { actionsOf, told } from '../../support/view-told';

const stable = deployment('web', 4, 'r2').spec({ paused: true });
const adopted = replicaSet('b', 4, 'r2').ownedBy(stable);
const parked = (replicas: number) =>
  replicaSet('a', replicas)
    .labels({ [marks.parked]: 'web' })
    .annotations({ [marks.parkedLabels]: '{"app":"web"}' });
const free = parked(0);
const owned = replicaSet('a', 0).ownedBy(stable);

type Row = readonly [string, readonly Built<KubeObject>[], readonly string[], Partial<PlanContext>?];
const rows: readonly Row[] = [
  [
    'stops when the workload is gone',
    [],
    [
      'WorkloadMissing: Deployment web is gone; somebody deleted it during the rollout: sync the application to make it anew',
    ],
  ],
  ['scales parked ReplicaSets to 0 first', [stable, adopted, parked(3)], ['scale web-a to 0']],
  [
    'waits until their pods are gone',
    [stable, adopted, free, ...pods(parked(0), 1)],
    ['wait for the old pods of web-a to go'],
  ],
  [
    'waits until their controller counts none',
    [stable, adopted, free.status(statusOf(1))],
    ['wait for the old pods of web-a to go'],
  ],
  ['then gives them their labels back', [stable, adopted, free], ['give web-a back to its Deployment']],
  [
    'waits until stable has taken them back',
    [stable, adopted, replicaSet('a', 0)],
    ['wait for web to take back web-a'],
  ],
  [
    'un-pauses stable before it takes pins off',
    [stable, adopted, owned, service('web-stable', 'b')],
    ['un-pause web'],
    withRoles,
  ],
  [
    'gives Services their selectors back last',
    [stable.spec({ paused: false }), adopted, owned, service('web-stable', 'b'), service('web-preview', 'b')],
    ['give Service web-stable its selector back', 'give Service web-preview its selector back'],
    withRoles,
  ],
  [
    'leaves Services without a role alone',
    [stable.spec({ paused: false }), adopted, owned, service('web', 'b')],
    ['done'],
    withRoles,
  ],
  ['is done', [stable.spec({ paused: false }), adopted, owned, service('web-stable')], ['done'], withRoles],
];

describe('the retirement of the old version', () => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))('%s', (_name, [objects, next, more]) => {
    expect(told(planRetirement(view(...objects), context(more)))).toEqual(next);
  });

  it('gives back exactly the labels that parking took', () => {
    expect(actionsOf(planRetirement(view(stable, adopted, free), context()))).toMatchObject([
      {
        patch: {
          metadata: {
            labels: { app: 'web', [marks.parked]: null },
            annotations: { [marks.parkedLabels]: null },
          },
        },
      },
    ]);
  });
});

describe('a Deployment that rolls by itself', () => {
  const rolling = deployment('web', 4);
  it.each<readonly [string, readonly Built<KubeObject>[], string]>([
    ['waits for it to exist', [], 'wait for Deployment web to exist'],
    [
      'waits for its controller',
      [rolling.meta({ generation: 2 })],
      'wait for the Deployment controller to have seen web',
    ],
    [
      'waits for new pods',
      [rolling.status({ updatedReplicas: 3 })],
      'wait for 4 pods of web to be of the new version (3 are)',
    ],
    ['waits for old pods to go', [rolling.status({ replicas: 5 })], 'wait for 1 old pods of web to go'],
    [
      'waits for pods to be available',
      [rolling.status({ availableReplicas: 3 })],
      'wait for 4 pods of web to be available (3 are)',
    ],
    ['is complete', [rolling], 'done'],
    ['is complete with no pods', [deployment('web', 0)], 'done'],
  ])('%s', (_name, objects, next) => {
    expect(told(planRolling(view(...objects), context()))).toEqual([next]);
  });
});
