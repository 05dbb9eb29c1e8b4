import { planPartition } from '../../../src/domain/plans/plan-partition';
import { planRollingInPlace } from '../../../src/domain/plans/plan-in-place-rolling';
import { scene, type PodState, type Scene } from '../../support/in-place-scene';
import { told } from '../../support/view-told';

const now = Date.parse('2026-03-01T03:00:05Z');
const at = (partition: number): object => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
});
const old4: readonly PodState[] = ['old', 'old', 'old', 'old'];

interface Row extends Partial<Scene> {
  readonly weight: number;
  readonly next: readonly string[];
  readonly goal?: { readonly rolloutId?: string; readonly replicas?: number };
}

function plan({ weight, goal, ...given }: Omit<Row, 'next'>): readonly string[] {
  const view = scene({ kind: 'StatefulSet', pods: old4, ...given });
  return told(planPartition(view, { name: 'db', weight, rolloutId: 'r2', ...goal }, now));
}

const give = (from: number): readonly string[] => [`give db its template for ordinals from ${from} on`];

describe('the pods of a StatefulSet', () => {
  const rows: readonly (readonly [string, Row])[] = [
    ['keep their version at the start', { weight: 0, rolloutId: 'r1', next: give(4) }],
    ['are held when somebody opens the partition', { weight: 0, spec: at(0), next: give(4) }],
    ['have moved nowhere at weight 0', { weight: 0, spec: at(4), next: ['done'] }],
    ['move by a quarter of 4', { weight: 25, spec: at(4), next: give(3) }],
    ['move by the next whole pod', { weight: 26, spec: at(3), next: give(2) }],
    ['are at least one at any weight', { weight: 1, spec: at(4), next: give(3) }],
    ['are all, by no partition, at 100', { weight: 100, spec: at(2), next: give(0) }],
    [
      'are waited for',
      {
        weight: 50,
        spec: at(2),
        pods: ['old', 'old', 'old', 'new'],
        next: ['wait for 2 pods of db to be of the new version and available (1 are)'],
      },
    ],
    [
      'are waited for while they are not ready',
      {
        weight: 25,
        spec: at(3),
        pods: ['old', 'old', 'old', 'new-broken'],
        next: ['wait for 1 pods of db to be of the new version and available (0 are)'],
      },
    ],
    [
      'are waited for during minReadySeconds',
      {
        weight: 25,
        spec: { ...at(3), minReadySeconds: 6 },
        pods: ['old', 'old', 'old', 'new'],
        next: ['wait for 1 pods of db to be of the new version and available (0 are)'],
      },
    ],
    [
      'are available after minReadySeconds',
      {
        weight: 25,
        spec: { ...at(3), minReadySeconds: 5 },
        pods: ['old', 'old', 'old', 'new'],
        next: ['done'],
      },
    ],
    [
      'that block their controller are deleted',
      {
        weight: 50,
        spec: at(2),
        pods: ['old', 'old', 'old-broken', 'new'],
        next: ['delete db-2, which is not ready and in the way'],
      },
    ],
    [
      'that are broken below the partition are left alone',
      { weight: 50, spec: at(2), pods: ['old-broken', 'old', 'new', 'new'], next: ['done'] },
    ],
    [
      'that are going already are not deleted again',
      {
        weight: 50,
        spec: at(2),
        pods: ['old', 'old', 'old-going', 'new'],
        next: ['wait for 2 pods of db to be of the new version and available (1 are)'],
      },
    ],
    [
      'are counted from `ordinals.start`',
      { weight: 50, spec: { ...at(4), ordinals: { start: 10 } }, next: give(12) },
    ],
    [
      'that Git adds start with the old version',
      { weight: 0, rolloutId: 'r1', goal: { replicas: 6 }, next: give(6) },
    ],
    [
      'that Git takes away do not open the partition',
      { weight: 0, rolloutId: 'r1', goal: { replicas: 2 }, next: give(4) },
    ],
    [
      'are as many as Git says, also when somebody has scaled',
      { weight: 25, spec: at(3), goal: { replicas: 5 }, next: give(3) },
    ],
    [
      'are told apart only when the controller has seen the template',
      {
        weight: 25,
        spec: at(3),
        generation: 2,
        next: ['wait for the StatefulSet controller to have seen the template of db'],
      },
    ],
    [
      'are all new before the controller says so',
      {
        weight: 100,
        spec: at(0),
        pods: ['new', 'new', 'new', 'new'],
        next: ['wait for the StatefulSet controller to take the new version of db as its current one'],
      },
    ],
    [
      'are all new at the end',
      {
        weight: 100,
        spec: at(0),
        pods: ['new', 'new', 'new', 'new'],
        status: { currentRevision: 'db-new' },
        next: ['done'],
      },
    ],
    ['of none are all new', { weight: 0, spec: at(0), pods: [], next: ['done'] }],
  ];
  it.each(rows)('%s', (_name, { next, ...row }) => {
    expect(plan(row)).toEqual(next);
  });

  it('are nobody’s when the StatefulSet is gone', () => {
    const view = { ...scene({ kind: 'StatefulSet', pods: [] }), workload: undefined };
    expect(told(planPartition(view, { name: 'db', weight: 25, rolloutId: 'r2' }, now))).toEqual([
      'WorkloadMissing: StatefulSet db is gone; somebody deleted it during the rollout: sync the application to make it anew',
    ]);
  });
});

describe('a first deployment of a StatefulSet', () => {
  const rows: readonly (readonly [string, Partial<Scene>, readonly string[]])[] = [
    [
      'waits for all pods',
      { pods: ['new', 'new', 'none', 'none'] },
      ['wait for 4 pods of db to be of the new version and available (2 are)'],
    ],
    ['is done when all are available', { pods: ['new', 'new', 'new', 'new'] }, ['done']],
    [
      'frees the controller of a broken pod',
      { pods: ['new', 'old-broken', 'new', 'new'] },
      ['delete db-1, which is not ready and in the way'],
    ],
    ['moves what Git’s own partition moves', { pods: ['old', 'old', 'new', 'new'], spec: at(2) }, ['done']],
    [
      'waits for the pods below Git’s partition too',
      { pods: ['old', 'old-broken', 'new', 'new'], spec: at(2) },
      ['wait for 4 pods of db to be available (3 are)'],
    ],
    ['moves none with OnDelete', { pods: old4, spec: { updateStrategy: { type: 'OnDelete' } } }, ['done']],
  ];
  it.each(rows)('%s', (_name, given, next) => {
    const view = scene({ kind: 'StatefulSet', pods: old4, ...given });
    expect(told(planRollingInPlace(view, 'db', now))).toEqual(next);
  });
});
