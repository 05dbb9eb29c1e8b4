import type { KubeObject } from '../../../src/domain/kube-object';
import { planRestart, viewRestart, type RestartPlan } from '../../../src/domain/plans/plan-restart';
import type { IntOrPercent } from '../../../src/domain/strategy';
import type { WorkloadKind } from '../../../src/domain/workload';

const stamp = Date.parse('2026-03-01T03:00:00Z');
const now = stamp + 60_000;

/** `old` and `young` are available; `-broken`: not ready; `-going`: being deleted; `-ended`: failed for good; `-ready`: just now. */
type PodWord = `${'old' | 'young'}${'' | '-broken' | '-going' | '-ended' | '-ready'}`;

interface Row {
  readonly pods: readonly PodWord[];
  readonly next: string;
  readonly kind?: WorkloadKind;
  readonly replicas?: number;
  readonly maxUnavailable?: IntOrPercent;
  /** The bound in the workload's own strategy. */
  readonly own?: IntOrPercent;
  readonly minReadySeconds?: number;
}

function pod(word: PodWord, index: number, owner: string): KubeObject {
  const [age, trouble] = word.split('-');
  const born = age === 'old' ? stamp - 60_000 + index : stamp + index;
  const readyAt = trouble === 'ready' ? now - 1_000 : now - 50_000;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...owned(`web-${index}`, owner),
      creationTimestamp: new Date(born).toISOString(),
      ...(trouble === 'going' ? { deletionTimestamp: new Date(now).toISOString() } : {}),
    },
    status: {
      phase: trouble === 'ended' ? 'Failed' : 'Running',
      conditions: [
        {
          type: 'Ready',
          status: trouble === 'broken' || trouble === 'ended' ? 'False' : 'True',
          lastTransitionTime: new Date(readyAt).toISOString(),
        },
      ],
    },
  };
}

function owned(name: string, owner: string): KubeObject['metadata'] {
  const reference = {
    apiVersion: 'apps/v1',
    kind: 'Any',
    name: owner,
    uid: `uid-${owner}`,
    controller: true,
  };
  return { name, namespace: 'shop', uid: `uid-${name}`, ownerReferences: [reference] };
}

function workload({
  kind = 'Deployment',
  pods,
  replicas = pods.length,
  own,
  minReadySeconds,
}: Row): KubeObject {
  const bound = own === undefined ? {} : { rollingUpdate: { maxUnavailable: own } };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop', uid: 'uid-web' },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      [kind === 'Deployment' ? 'strategy' : 'updateStrategy']: bound,
    },
    ...(kind === 'DaemonSet' ? { status: { desiredNumberScheduled: replicas } } : {}),
  };
}

/** Names of the pods that go, or what the plan says. */
function told(plan: RestartPlan): string {
  if (plan.kind === 'evict') return plan.evictions.map(({ ref }) => ref.name).join(' ');
  return plan.kind === 'wait' ? `wait for ${plan.for}` : 'done';
}

const before = (are: string): string =>
  `wait for pods of web to be available before the next ones go (${are} are)`;

describe('the pods that are older than restartAt', () => {
  const old4: readonly PodWord[] = ['old', 'old', 'old', 'old'];
  const old10: readonly PodWord[] = [...old4, ...old4, 'old', 'old'];
  test.each<[string, Row]>([
    ['go one at a time, the oldest first', { pods: old4, next: 'web-0' }],
    ['go as many at a time as the strategy says', { pods: old4, maxUnavailable: 2, next: 'web-0 web-1' }],
    ['go by a share of the pods, rounded down', { pods: old10, maxUnavailable: '25%', next: 'web-0 web-1' }],
    ['go by the bound of the Deployment itself', { pods: old4, own: 3, next: 'web-0 web-1 web-2' }],
    ['go by 25 % where nothing is written', { pods: old10, next: 'web-0 web-1' }],
    ['go one at a time where none may be missing', { pods: old4, maxUnavailable: 0, next: 'web-0' }],
    ['wait for the one before', { pods: ['old-going', 'old', 'old', 'old'], next: before('3 of 4') }],
    ['wait for its successor', { pods: ['young-broken', 'old', 'old', 'old'], next: before('3 of 4') }],
    [
      'wait until a successor has been ready for minReadySeconds',
      { pods: ['young-ready', 'old'], minReadySeconds: 10, next: before('1 of 2') },
    ],
    ['go on when it is there', { pods: ['young', 'old', 'old', 'old'], next: 'web-1' }],
    [
      'go within what is missing already',
      { pods: ['young-broken', ...old4], maxUnavailable: 3, next: 'web-1 web-2' },
    ],
    [
      'that are not ready go at once and without counting',
      { pods: ['old', 'old-broken', 'old', 'old-broken'], next: 'web-1 web-3' },
    ],
    [
      'that have ended are only records',
      { pods: ['old-ended', 'young', 'young'], replicas: 2, next: 'done' },
    ],
    [
      'go although more are there than wanted',
      { pods: ['old', 'young', 'young'], replicas: 2, next: 'web-0' },
    ],
    [
      'are gone, and the last successor is waited for',
      {
        pods: ['young', 'young-broken', 'old-going'],
        replicas: 2,
        next: 'wait for all pods of web to be available (1 of 2 are)',
      },
    ],
    ['are none: done', { pods: ['young', 'young'], next: 'done' }],
    ['are none of a workload without pods: done', { pods: [], next: 'done' }],
    ['of a StatefulSet go from the highest ordinal', { kind: 'StatefulSet', pods: old4, next: 'web-3' }],
    [
      'of a StatefulSet go by its own bound, rounded up',
      { kind: 'StatefulSet', pods: old4, own: '30%', next: 'web-3 web-2' },
    ],
    ['of a DaemonSet go one at a time', { kind: 'DaemonSet', pods: old4, next: 'web-0' }],
    [
      'of a DaemonSet wait for the nodes that have none',
      { kind: 'DaemonSet', pods: ['old'], replicas: 2, next: before('1 of 2') },
    ],
  ])('%s', (_name, row) => {
    const pods = row.pods.map((word, index) => pod(word, index, 'web'));
    const goal = { before: stamp, maxUnavailable: row.maxUnavailable };
    expect(told(planRestart({ workload: workload(row), pods }, goal, now))).toBe(row.next);
  });

  test('of a workload that is gone are nobody’s', () => {
    expect(planRestart({ workload: undefined, pods: [] }, { before: stamp }, now)).toEqual({ kind: 'done' });
  });
});

test.each<[WorkloadKind, readonly string[]]>([
  ['Deployment', ['web-1', 'web-2']],
  ['StatefulSet', ['web-0']],
  ['DaemonSet', ['web-0']],
])('the pods of a %s are those that it owns, not all of its labels', (kind, names) => {
  const own = { ...workload({ kind, pods: [], next: '' }) };
  const set = (name: string, owner: string): KubeObject => ({
    ...own,
    kind: 'ReplicaSet',
    metadata: owned(name, owner),
  });
  const objects: Readonly<Record<string, readonly KubeObject[]>> = {
    [kind]: [own],
    ReplicaSet: [set('web-a', 'web'), set('web-b', 'web'), set('api-a', 'api')],
    Pod: [pod('old', 0, 'web'), pod('old', 1, 'web-a'), pod('old', 2, 'web-b'), pod('old', 3, 'api-a')],
  };
  const view = viewRestart((each) => objects[each] ?? [], kind, 'web');
  expect(view.pods.map(({ metadata }) => metadata.name)).toEqual(names);
  expect(viewRestart((each) => objects[each] ?? [], kind, 'none')).toEqual({ workload: undefined, pods: [] });
});
