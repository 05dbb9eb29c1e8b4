import { marks } from '../../../src/domain/marks';
import { planStart } from '../../../src/domain/plans/plan-start';
import type { PlanContext } from '../../../src/domain/plans/plan';
import {
  canary,
  context,
  deployment,
  replicaSet,
  service,
  view,
  withRoles,
  type Built,
} from '../../support/view-builder';
import { actionsOf, told } from '../../support/view-told';
import type { KubeObject } from '../../../src/domain/kube-object';

const stable = deployment('web', 4);
const paused = stable.spec({ paused: true });
const old = replicaSet('a', 4).ownedBy(stable);
const ours = canary(0);

type Row = readonly [
  name: string,
  objects: readonly Built<KubeObject>[],
  next: readonly string[],
  more?: Partial<PlanContext>,
];

const rows: readonly Row[] = [
  [
    'stops when the workload is gone',
    [],
    [
      'WorkloadMissing: Deployment web is gone; somebody deleted it during the rollout: sync the application to make it anew',
    ],
  ],
  ['pauses stable first', [stable, old], ['pause web with its old template']],
  [
    'waits for the controller to have seen the pause',
    [paused.meta({ generation: 2 }), old],
    ['wait for the Deployment controller to have seen web paused'],
  ],
  [
    'waits for the ReplicaSet of a stable that is new',
    [paused],
    ['wait for the Deployment controller to have seen web paused'],
  ],
  [
    'creates the canary of a stable that is paused already',
    [paused, old],
    ['create web-canary with no pods'],
  ],
  [
    'pins role Services before the canary exists',
    [paused, old, service('web-stable'), service('web-preview'), service('web')],
    ['pin Service web-stable to a', 'pin Service web-preview to a'],
    withRoles,
  ],
  [
    'pins what is not pinned yet, and moves what is pinned to another version',
    [paused, old, service('web-stable', 'a'), service('web-preview', 'z')],
    ['pin Service web-preview to a'],
    withRoles,
  ],
  [
    'creates the canary when the Services are pinned',
    [paused, old, service('web-stable', 'a'), service('web-preview', 'a')],
    ['create web-canary with no pods'],
    withRoles,
  ],
  ['leaves Services without a role alone', [paused, old, service('web')], ['create web-canary with no pods']],
  ['is done when the canary is there', [paused, old, ours], ['done']],
  [
    'refuses a canary that somebody else made',
    [paused, old, deployment('web-canary', 1)],
    [
      "OwnedByAnother: a Deployment web-canary exists that is not Belay's (it has no label belay.dev/canary-of: web); rename or delete it, then retry",
    ],
  ],
  [
    'refuses the canary of another workload before it touches stable',
    [stable, old, ours.labels({ [marks.canaryOf]: 'other' })],
    [
      "OwnedByAnother: a Deployment web-canary exists that is not Belay's (it has no label belay.dev/canary-of: web); rename or delete it, then retry",
    ],
  ],
  [
    'removes the canary of an earlier rollout',
    [stable, old, canary(2, 'r1')],
    ['remove the canary of an earlier rollout'],
  ],
  [
    'waits while the canary of an earlier rollout goes',
    [stable, old, canary(2, 'r1').going()],
    ['wait for the canary of an earlier rollout, web-canary, to go'],
  ],
];

describe('the start of a canary', () => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))('%s', (_name, [objects, next, more]) => {
    expect(told(planStart(view(...objects), context(more)))).toEqual(next);
  });

  it('pauses only the stable that it has seen, with its fence', () => {
    expect(actionsOf(planStart(view(stable, old), context()))).toEqual([
      {
        kind: 'patch',
        ref: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
        patch: {
          spec: { paused: true },
          metadata: { resourceVersion: '10', annotations: { [marks.fence]: '20001', [marks.wanted]: '4' } },
        },
        why: 'pause web with its old template',
      },
    ]);
  });

  it('removes an earlier canary by its uid and with its pods', () => {
    const [action] = actionsOf(planStart(view(stable, old, canary(2, 'r1')), context()));
    expect(action).toMatchObject({ kind: 'delete', uid: 'uid-web-canary', propagation: 'Background' });
  });

  it('pins to the ReplicaSet that stable runs now, not to one of its history', () => {
    const now = paused.annotations({ 'deployment.kubernetes.io/revision': '2' });
    const set = replicaSet('b', 4, 'r1')
      .ownedBy(stable)
      .annotations({ 'deployment.kubernetes.io/revision': '2' });
    const plan = planStart(view(now, old, set, service('web-stable')), context(withRoles));
    expect(told(plan)).toEqual(['pin Service web-stable to b']);
  });
});
