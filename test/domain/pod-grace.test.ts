import type { KubeObject } from '../../src/domain/kube-object';
import { GRACE, judgePods } from '../../src/domain/pod-failure';
import type { FirstSeen, PodVerdict, PodsSeen } from '../../src/domain/pod-failure';
import { START, creating, event, pod, unscheduled } from './pod-builder';

type Look = Partial<PodsSeen> & { readonly second: number };

/** Looks several times, handing on what was first seen, and returns the verdicts as `second kind reason-or-code`. */
function watch(looks: readonly Look[]): readonly string[] {
  let firstSeen: FirstSeen = {};
  return looks.map(({ second, ...seen }) => {
    const verdict: PodVerdict = judgePods({
      pods: [],
      events: [],
      now: START + second * 1000,
      firstSeen,
      ...seen,
    });
    firstSeen = verdict.firstSeen;
    const what = verdict.kind === 'failed' ? verdict.code : verdict.kind === 'waiting' ? verdict.reason : '';
    return `${second} ${verdict.kind} ${what}`.trim();
  });
}

const limited = pod({ app: { waiting: { reason: 'ErrImagePull', message: '429 Too Many Requests' } } });
const backingOff = pod({
  app: {
    waiting: {
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "x": ErrImagePull: 429 Too Many Requests',
    },
  },
});

describe('a grace of judgePods', () => {
  test('runs from the first look at a trouble and ends in a failure', () => {
    const looks = [0, 30, 59, 60].map((second) => ({ second, pods: [limited] }));
    expect(watch(looks)).toEqual([
      '0 waiting ErrImagePull',
      '30 waiting ErrImagePull',
      '59 waiting ErrImagePull',
      '60 failed Registry',
    ]);
  });

  test('says since when and until when it waits', () => {
    const firstSeen = { 'Pod web-canary-a/app/Registry': START - 20_000 };
    expect(judgePods({ pods: [limited], events: [], now: START, firstSeen })).toMatchObject({
      kind: 'waiting',
      since: START - 20_000,
      until: START - 20_000 + GRACE.registry,
      firstSeen,
    });
  });

  test('is not started anew by a container that takes turns between reasons', () => {
    const states = [limited, backingOff, creating(), limited, backingOff];
    const looks = states.map((state, index) => ({ second: index * 20, pods: [state] }));
    expect(watch(looks).at(-1)).toBe('80 failed Registry');
  });

  test('starts anew once the container got past the trouble', () => {
    const running = pod({ app: { ready: false } });
    const looks = [limited, running, limited].map((state, index) => ({ second: index * 50, pods: [state] }));
    expect(watch(looks).at(-1)).toBe('100 waiting ErrImagePull');
  });

  test('is forgotten with its pod', () => {
    const firstSeen = { 'Pod gone/app/Registry': START, 'Pod web-canary-a/app/Registry': START };
    expect(judgePods({ pods: [pod()], events: [], now: START, firstSeen }).firstSeen).toEqual({});
  });

  test('can be set by the caller', () => {
    expect(
      judgePods({ pods: [limited], events: [], now: START, firstSeen: {}, grace: { registry: 0 } }),
    ).toMatchObject({ kind: 'failed' });
  });

  test('that ends first is the one that is waited for', () => {
    const pods = [unscheduled({ name: 'web-canary-b' }), limited];
    const firstSeen = { 'Pod web-canary-a/app/Registry': START - 20_000 };
    expect(judgePods({ pods, events: [], now: START, firstSeen })).toMatchObject({
      reason: 'ErrImagePull',
      until: START + 40_000,
    });
  });
});

describe('a pod without a node', () => {
  const at = (seconds: readonly number[], seen: Partial<PodsSeen>) =>
    watch(seconds.map((second) => ({ second, ...seen }))).at(-1);
  const coming = (reason: string) => [event(reason, 'pod triggered scale-up: [{nodes 3->4 (max: 9)}]')];

  test('fails after a minute', () => {
    expect(at([0, 60], { pods: [unscheduled()] })).toBe('60 failed Unschedulable');
  });

  test.each(['TriggeredScaleUp', 'Nominated'])('has five minutes after %s', (reason) => {
    const seen = { pods: [unscheduled()], events: coming(reason) };
    expect([at([0, 299], seen), at([0, 300], seen)]).toEqual([
      '299 waiting Unschedulable',
      '300 failed Unschedulable',
    ]);
  });

  test('has five minutes while the scheduler makes room for it', () => {
    const pods = [unscheduled({ status: { nominatedNodeName: 'node-2', ...unscheduledStatus() } })];
    expect(at([0, 299], { pods })).toBe('299 waiting Unschedulable');
  });

  test('has no more time for an event about another pod', () => {
    const events = coming('TriggeredScaleUp').map((each) => ({
      ...each,
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'other', uid: 'other' },
    }));
    expect(at([0, 60], { pods: [unscheduled()], events })).toBe('60 failed Unschedulable');
  });

  test('fails in the words of the scheduler', () => {
    const verdict = judgePods({
      pods: [unscheduled()],
      events: [],
      now: START,
      firstSeen: {},
      grace: { unschedulable: 0 },
    });
    expect(verdict).toMatchObject({
      sentence: expect.stringContaining('The scheduler says: 0/3 nodes are available') as string,
    });
  });
});

describe('a pod whose node cannot set it up', () => {
  const events = [
    event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = plugin type="calico" failed',
    ),
  ];

  test('fails after a minute', () => {
    const looks = [0, 59, 60].map((second) => ({ second, pods: [creating()], events }));
    expect(watch(looks)).toEqual([
      '0 waiting FailedCreatePodSandBox',
      '59 waiting FailedCreatePodSandBox',
      '60 failed Sandbox',
    ]);
  });

  test('is not held against a long pull that came after', () => {
    const pulling = [...events, event('Pulling', 'Pulling image "x"', 3)];
    expect(watch([0, 90].map((second) => ({ second, pods: [creating()], events: pulling })))).toEqual([
      '0 waiting ContainerCreating',
      '90 waiting ContainerCreating',
    ]);
  });
});

describe('a pod that is never ready', () => {
  test('is left to the deadline of the rollout, since its first look', () => {
    const pods = [pod({ app: { ready: false } })];
    const events = [event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')];
    const first = judgePods({ pods, events, now: START, firstSeen: {} });
    const later = judgePods({ pods, events, now: START + 3_600_000, firstSeen: first.firstSeen });
    expect(later).toEqual({
      kind: 'waiting',
      reason: 'NotReady',
      message: 'Pod web-canary-a: Readiness probe failed: HTTP probe failed with statuscode: 503',
      since: START,
      firstSeen: { 'Pod web-canary-a//NotReady': START },
    });
  });
});

describe('a ReplicaSet that is refused pods', () => {
  const quota =
    'pods "web-canary-5c9d-x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10';
  const refused = (message: string, replicas = 2): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-canary-5c9d', namespace: 'shop' },
    spec: { replicas },
    status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }] },
  });
  const leaving = pod({ metadata: { deletionTimestamp: '2026-03-01T03:00:00Z' } });
  const about = { involvedObject: { kind: 'ReplicaSet', namespace: 'shop', name: 'web-canary-5c9d' } };

  test('by its quota fails after ten seconds', () => {
    const looks = [0, 9, 10].map((second) => ({ second, replicaSets: [refused(quota)] }));
    expect(watch(looks)).toEqual(['0 waiting FailedCreate', '9 waiting FailedCreate', '10 failed Quota']);
  });

  test('by its quota has a minute while old pods go away', () => {
    const looks = [0, 59, 60].map((second) => ({ second, replicaSets: [refused(quota)], pods: [leaving] }));
    expect(watch(looks)).toEqual(['0 waiting FailedCreate', '59 waiting FailedCreate', '60 failed Quota']);
  });

  test('by its quota has ten more seconds after the last old pod is gone', () => {
    const gone = [30, 39, 40].map((second) => ({ second, replicaSets: [refused(quota)] }));
    const looks = [{ second: 0, replicaSets: [refused(quota)], arePodsTerminating: true }, ...gone];
    expect(watch(looks).slice(1)).toEqual([
      '30 waiting FailedCreate',
      '39 waiting FailedCreate',
      '40 failed Quota',
    ]);
  });

  test('by admission fails after ten seconds in the words of the API server', () => {
    const message =
      'pods "web-canary-5c9d-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true';
    const verdict = judgePods({
      pods: [],
      events: [],
      replicaSets: [refused(message)],
      now: START,
      firstSeen: {},
      grace: { refused: 0 },
    });
    expect(verdict).toMatchObject({
      kind: 'failed',
      code: 'Refused',
      object: 'ReplicaSet web-canary-5c9d',
      sentence: `ReplicaSet web-canary-5c9d: its pods are refused. The API server says: ${message}. Change the pod template to what the cluster accepts.`,
    });
  });

  test('does not count when it wants no pods', () => {
    expect(watch([{ second: 0, replicaSets: [refused(quota, 0)] }])).toEqual(['0 ok']);
  });

  test('is found by events when the ReplicaSets were not read', () => {
    const events = [event('FailedCreate', `Error creating: ${quota}`, 0, about)];
    expect(watch([0, 10].map((second) => ({ second, events })))).toEqual([
      '0 waiting FailedCreate',
      '10 failed Quota',
    ]);
  });

  test('is forgiven by events once a pod was created', () => {
    const events = [
      event('FailedCreate', `Error creating: ${quota}`, 0, about),
      event('SuccessfulCreate', 'Created pod: x', 5, about),
    ];
    expect(watch([{ second: 6, events }])).toEqual(['6 ok']);
  });

  test('is judged by its condition and not by old events when it was read', () => {
    const events = [event('FailedCreate', `Error creating: ${quota}`, 0, about)];
    const healthy = { ...refused(quota), status: {} };
    expect(watch([{ second: 6, events, replicaSets: [healthy] }])).toEqual(['6 ok']);
  });
});

function unscheduledStatus() {
  return unscheduled()['status'] as Readonly<Record<string, unknown>>;
}
