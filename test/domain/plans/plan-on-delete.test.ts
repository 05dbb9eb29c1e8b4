import { planOnDelete } from '../../../src/domain/plans/plan-on-delete';
import { planRollingInPlace } from '../../../src/domain/plans/plan-in-place-rolling';
import type { IntOrPercent } from '../../../src/domain/strategy';
import { scene, type PodState, type Scene } from '../../support/in-place-scene';
import { told } from '../../support/view-told';

const now = Date.parse('2026-03-01T03:00:05Z');
const held = { updateStrategy: { type: 'OnDelete' } };
const wait = (due: number, are: number): readonly string[] => [
  `wait for ${due} pods of db to be of the new version and available (${are} are)`,
];

interface Row extends Partial<Scene> {
  readonly weight: number;
  readonly next: readonly string[];
  readonly maxUnavailable?: IntOrPercent;
}

describe('the pods of a DaemonSet', () => {
  const old4: readonly PodState[] = ['old', 'old', 'old', 'old'];
  const rows: readonly (readonly [string, Row])[] = [
    [
      'keep their version at the start',
      { weight: 0, rolloutId: 'r1', next: ['give db its template for pods that are deleted'] },
    ],
    [
      'are held when somebody gives the updateStrategy back',
      { weight: 0, spec: {}, next: ['give db its template for pods that are deleted'] },
    ],
    ['have moved nowhere at weight 0', { weight: 0, next: ['done'] }],
    ['go in the order of their nodes', { weight: 50, next: ['replace db-x9 on node-1'] }],
    ['go one after another', { weight: 50, pods: ['new-broken', 'old', 'old', 'old'], next: wait(2, 0) }],
    [
      'go when the one before is there',
      { weight: 50, pods: ['new', 'old', 'old', 'old'], next: ['replace db-x8 on node-2'] },
    ],
    ['are as many as the weight says', { weight: 25, pods: ['new', 'old', 'old', 'old'], next: ['done'] }],
    [
      'go as many at a time as maxUnavailable says',
      { weight: 100, maxUnavailable: 2, next: ['replace db-x9 on node-1', 'replace db-x8 on node-2'] },
    ],
    [
      'go by a share, rounded up',
      { weight: 100, maxUnavailable: '30%', next: ['replace db-x9 on node-1', 'replace db-x8 on node-2'] },
    ],
    [
      'go one at a time where Git only lets them surge',
      { weight: 100, maxUnavailable: 0, next: ['replace db-x9 on node-1'] },
    ],
    ['go no more than are due', { weight: 25, maxUnavailable: 3, next: ['replace db-x9 on node-1'] }],
    [
      'that are broken go first and do not count',
      {
        weight: 100,
        pods: ['old', 'old-broken', 'old-broken', 'old'],
        next: ['delete db-x8, which is not ready, on node-2', 'delete db-x7, which is not ready, on node-3'],
      },
    ],
    [
      'that are going leave no room',
      { weight: 100, pods: ['old-going', 'old', 'old', 'old'], next: wait(4, 0) },
    ],
    [
      'that are not there yet come new by themselves',
      { weight: 25, pods: ['none', 'old', 'old', 'old'], next: wait(1, 0) },
    ],
    [
      'are told apart only when the newest ControllerRevision is known',
      {
        weight: 25,
        revised: 'r1',
        next: ['wait for the DaemonSet controller to have seen the template of db'],
      },
    ],
    ['are all new at the end', { weight: 100, pods: ['new', 'new', 'new', 'new'], next: ['done'] }],
  ];
  it.each(rows)('%s', (_name, { next, weight, maxUnavailable, ...given }) => {
    const view = scene({ kind: 'DaemonSet', pods: old4, spec: held, ...given });
    const updateStrategy = maxUnavailable === undefined ? undefined : { rollingUpdate: { maxUnavailable } };
    const goal = { name: 'db', weight, rolloutId: 'r2', updateStrategy };
    expect(told(planOnDelete(view, goal, now))).toEqual(next);
  });
});

describe('a first deployment of a DaemonSet', () => {
  it.each<[string, readonly PodState[], object, readonly string[]]>([
    [
      'waits until all pods are new',
      ['new', 'old', 'new'],
      {},
      ['wait for 3 pods of db to be available (2 are)'],
    ],
    ['is done when they are', ['new', 'new', 'new'], {}, ['done']],
    ['waits for no new pod with OnDelete', ['old', 'old', 'new'], held, ['done']],
  ])('%s', (_name, pods, spec, next) => {
    expect(told(planRollingInPlace(scene({ kind: 'DaemonSet', pods, spec }), 'db', now))).toEqual(next);
  });
});
