import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import { planAdoption } from '../../../src/domain/plans/plan-adoption';
import {
  canary,
  context,
  deployment,
  pods,
  replicaSet,
  statusOf,
  template,
  view,
  type Built,
} from '../../support/view-builder';
import { actionsOf, told } from '../../support/view-told';

const before = deployment('web', 0).spec({ paused: true });
const stable = before.spec({ template: template('r2') });
const sized = stable.spec({ replicas: 4 });
const fresh = canary(4);
const old = replicaSet('a', 0).ownedBy(stable);
const older = replicaSet('z', 0, 'r1').ownedBy(stable);
const parked = replicaSet('a', 0).labels({ [marks.parked]: 'web' });
const set = replicaSet('b', 4, 'r2').ownedBy(fresh);
const adopted = set.ownedBy(stable);
const all = pods(adopted, 4);
const complete = sized.status(statusOf(4));

const rows: readonly (readonly [string, readonly Built<KubeObject>[], readonly string[]])[] = [
  [
    'gives stable the new template first',
    [before, old, fresh, set],
    ['give web the new template, still paused'],
  ],
  [
    'stops when the canary is gone before that',
    [before, old],
    ['CanaryMissing: Deployment web-canary was deleted by somebody'],
  ],
  [
    'stops when somebody else has a Deployment under its name',
    [before, old, deployment('web-canary', 4)],
    ['CanaryMissing: Deployment web-canary was deleted by somebody'],
  ],
  [
    'waits for the controller to have seen the template',
    [stable.meta({ generation: 2 }), old, fresh, set],
    ['wait for the Deployment controller to have seen the new template of web'],
  ],
  [
    'stops when the ReplicaSet is gone',
    [stable, old],
    ['CanaryMissing: the ReplicaSet of rollout r2 is gone'],
  ],
  [
    'parks every old ReplicaSet, those of the history too',
    [stable, old, older, fresh, set],
    ['park web-a', 'park web-z'],
  ],
  [
    'waits until stable has let go of them',
    [stable, old.labels({ [marks.parked]: 'web' }), fresh, set],
    ['wait for web to let go of web-a'],
  ],
  [
    'then gives stable its size',
    [stable, parked, fresh, set],
    ['scale web from 0 to 4 for its adopted pods'],
  ],
  [
    'waits for the controller to have seen the size',
    [sized.meta({ generation: 2 }), parked, fresh, set],
    ['wait for the Deployment controller to have seen the new template of web'],
  ],
  [
    'then lets go of the canary’s pods',
    [sized, parked, fresh, set],
    ['delete web-canary and leave its pods to web'],
  ],
  [
    'sets no size any more once they are let go of',
    [stable.spec({ replicas: 3 }), parked, fresh.going(), set],
    ['wait for web-canary to let go of its pods'],
  ],
  [
    'waits for stable to adopt them',
    [sized, parked, set.meta({ ownerReferences: [] })],
    ['wait for web to adopt web-b'],
  ],
  [
    'waits for stable to count them',
    [sized.status(statusOf(0)), parked, adopted, ...all],
    ['wait for web to count its 4 adopted pods (0 so far)'],
  ],
  [
    'waits for the last of them',
    [complete, parked, adopted, ...all.slice(1)],
    ['wait for web to count its 4 adopted pods (4 so far)'],
  ],
  ['is done when stable counts them all', [complete, parked, adopted, ...all], ['done']],
];

describe('the adoption of the canary’s pods', () => {
  it.each(rows)('%s', (_name, objects, next) => {
    expect(told(planAdoption(view(...objects), context()))).toEqual(next);
  });

  it('takes one selector label off a parked ReplicaSet, and remembers it there', () => {
    const [park] = actionsOf(planAdoption(view(stable, old, fresh, set), context()));
    expect(park).toMatchObject({
      kind: 'patch',
      ref: { kind: 'ReplicaSet', name: 'web-a' },
      patch: {
        metadata: {
          resourceVersion: '10',
          labels: { app: null, [marks.parked]: 'web' },
          annotations: { [marks.parkedLabels]: '{"app":"web"}', [marks.fence]: '20001' },
        },
      },
    });
  });

  it('keeps stable paused, and sends the version that it has seen', () => {
    expect(actionsOf(planAdoption(view(before, old, fresh, set), context()))).toMatchObject([
      { kind: 'applyStable', replicas: 0, resourceVersion: '10', paused: true },
    ]);
  });

  it('orphans the pods of the canary, and of this one only', () => {
    expect(actionsOf(planAdoption(view(sized, parked, fresh, set), context()))).toMatchObject([
      { kind: 'delete', uid: 'uid-web-canary', propagation: 'Orphan' },
    ]);
  });

  it.each([
    ['the canary’s size when it is larger', 10, 4, 10],
    ['the wanted size when it is larger', 4, 6, 6],
  ])('gives stable %s', (_name, size, replicas, expected) => {
    const plan = planAdoption(view(stable, parked, canary(size), set), context({ replicas }));
    expect(told(plan)).toEqual([`scale web from 0 to ${expected} for its adopted pods`]);
  });
});
