import { healthOf, worstHealth } from '../../src/domain/health';
import type { Health } from '../../src/domain/health';
import type { KubeObject, ObjectMeta } from '../../src/domain/kube-object';

type Json = Readonly<Record<string, unknown>>;
type Row = readonly [name: string, spec: Json, status: Json | undefined, expected: string];

function objectOf(type: string, more: Json = {}, metadata: Partial<ObjectMeta> = {}): KubeObject {
  const slash = type.lastIndexOf('/');
  return {
    apiVersion: type.slice(0, slash),
    kind: type.slice(slash + 1),
    metadata: { name: 'web', generation: 2, ...metadata },
    ...more,
  };
}

function brief(found: Health | undefined): string {
  if (found === undefined) return 'not counted';
  return found.message === undefined ? found.status : `${found.status}: ${found.message}`;
}

function check(type: string, [, spec, status, expected]: Row): void {
  expect(brief(healthOf(objectOf(type, status === undefined ? { spec } : { spec, status })))).toBe(expected);
}

const seen = { observedGeneration: 2 };
const condition = (type: string, status: string, more: Json = {}): Json => ({
  conditions: [{ type, status, ...more }],
});

describe('the health of a Deployment', () => {
  const counts = { ...seen, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
  const rows: readonly Row[] = [
    ['is Healthy when all pods are new and available', { replicas: 3 }, counts, 'Healthy'],
    [
      'is Suspended while it is paused, whatever else',
      { replicas: 3, paused: true },
      {},
      'Suspended: the Deployment is paused',
    ],
    [
      'is Progressing until its spec is observed',
      { replicas: 3 },
      { ...counts, observedGeneration: 1 },
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Progressing before its first status',
      { replicas: 3 },
      undefined,
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Degraded past its deadline',
      { replicas: 3 },
      { ...counts, ...condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' }) },
      'Degraded: the Deployment exceeded its progress deadline',
    ],
    [
      'forgets a deadline of an older spec',
      { replicas: 3 },
      { observedGeneration: 1, ...condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' }) },
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Progressing while pods are old',
      { replicas: 3 },
      { ...counts, updatedReplicas: 1 },
      'Progressing: 1 of 3 pods are updated',
    ],
    [
      'is Progressing while old pods are left',
      { replicas: 3 },
      { ...counts, replicas: 5 },
      'Progressing: 2 old pods are still there',
    ],
    [
      'is Progressing while new pods are not available',
      { replicas: 3 },
      { ...counts, availableReplicas: 2 },
      'Progressing: 2 of 3 updated pods are available',
    ],
    ['is Healthy with no pods at all', { replicas: 0 }, seen, 'Healthy'],
  ];
  test.each(rows)('%s', (...row) => check('apps/v1/Deployment', row));
});

describe('the health of a StatefulSet', () => {
  const ready = {
    ...seen,
    readyReplicas: 3,
    updatedReplicas: 3,
    currentRevision: 'web-1',
    updateRevision: 'web-1',
  };
  const rolling = (partition: number): Json => ({
    replicas: 3,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
  });
  const rows: readonly Row[] = [
    ['is Healthy when all pods are ready and new', { replicas: 3 }, ready, 'Healthy'],
    [
      'is Progressing before its first status',
      { replicas: 3 },
      {},
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Progressing until its spec is observed',
      { replicas: 3 },
      { ...ready, observedGeneration: 1 },
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Progressing while pods are not ready',
      { replicas: 3 },
      { ...ready, readyReplicas: 1 },
      'Progressing: 2 pods are not ready',
    ],
    [
      'is Progressing while pods above the partition are old',
      rolling(1),
      { ...ready, updatedReplicas: 1, updateRevision: 'web-2' },
      'Progressing: 1 of 2 pods above the partition are updated',
    ],
    [
      'is Healthy when only pods below the partition are old',
      rolling(1),
      { ...ready, updatedReplicas: 2, updateRevision: 'web-2' },
      'Healthy',
    ],
    [
      'is Healthy with OnDelete although pods are old',
      { replicas: 3, updateStrategy: { type: 'OnDelete' } },
      { ...ready, updateRevision: 'web-2' },
      'Healthy',
    ],
    [
      'is Progressing between two revisions',
      { replicas: 3 },
      { ...ready, updatedReplicas: 1, updateRevision: 'web-2' },
      'Progressing: 1 pods are updated',
    ],
  ];
  test.each(rows)('%s', (...row) => check('apps/v1/StatefulSet', row));
});

describe('the health of a DaemonSet', () => {
  const all = { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 };
  const rows: readonly Row[] = [
    ['is Healthy when every node has an available new pod', {}, all, 'Healthy'],
    [
      'is Progressing until its spec is observed',
      {},
      { ...all, observedGeneration: 1 },
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Progressing while pods are old',
      {},
      { ...all, updatedNumberScheduled: 1 },
      'Progressing: 1 of 3 pods are updated',
    ],
    [
      'is Progressing while pods are not available',
      {},
      { ...all, numberAvailable: 2 },
      'Progressing: 2 of 3 pods are available',
    ],
    [
      'is Healthy with OnDelete although pods are old',
      { updateStrategy: { type: 'OnDelete' } },
      { ...all, updatedNumberScheduled: 0 },
      'Healthy',
    ],
  ];
  test.each(rows)('%s', (...row) => check('apps/v1/DaemonSet', row));
});

describe('the health of a ReplicaSet', () => {
  const rows: readonly Row[] = [
    ['is Healthy when its pods are available', { replicas: 2 }, { ...seen, availableReplicas: 2 }, 'Healthy'],
    [
      'is Progressing until its spec is observed',
      { replicas: 2 },
      { observedGeneration: 1, availableReplicas: 2 },
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Degraded when it cannot make pods',
      { replicas: 2 },
      { ...seen, ...condition('ReplicaFailure', 'True', { message: 'exceeded quota' }) },
      'Degraded: exceeded quota',
    ],
    [
      'is Progressing while pods are not available',
      { replicas: 2 },
      { ...seen, availableReplicas: 1 },
      'Progressing: 1 of 2 pods are available',
    ],
  ];
  test.each(rows)('%s', (...row) => check('apps/v1/ReplicaSet', row));
});

describe('the health of a Pod', () => {
  const always = { restartPolicy: 'Always' };
  const waiting = (reason: string): Json => ({
    name: 'app',
    state: { waiting: { reason, message: 'its message' } },
  });
  const running = { phase: 'Running' };
  const crashed = [{ name: 'app', state: { running: {} }, lastState: { terminated: { exitCode: 1 } } }];
  const rows: readonly Row[] = [
    ['is Healthy when it is ready', always, { ...running, ...condition('Ready', 'True') }, 'Healthy'],
    [
      'is Progressing while it is not ready',
      always,
      { ...running, ...condition('Ready', 'False') },
      'Progressing',
    ],
    [
      'is Degraded when it is not ready after a crash',
      always,
      { ...running, containerStatuses: crashed },
      'Degraded',
    ],
    [
      'is Healthy when it is ready after a crash',
      always,
      { ...running, ...condition('Ready', 'True'), containerStatuses: crashed },
      'Healthy',
    ],
    [
      'is Progressing while it is pending',
      always,
      { phase: 'Pending', message: 'not yet' },
      'Progressing: not yet',
    ],
    [
      'is Degraded at a failed pull',
      always,
      { phase: 'Pending', containerStatuses: [waiting('ErrImagePull')] },
      'Degraded: its message',
    ],
    [
      'is Degraded at a back-off',
      always,
      { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] },
      'Degraded: its message',
    ],
    [
      'is Degraded at an error',
      always,
      { phase: 'Pending', containerStatuses: [waiting('CreateContainerConfigError')] },
      'Degraded: its message',
    ],
    [
      'is Progressing while containers are created',
      always,
      { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] },
      'Progressing',
    ],
    ['is Healthy when it succeeded', { restartPolicy: 'Never' }, { phase: 'Succeeded' }, 'Healthy'],
    [
      'is Degraded when it failed, with its exit code',
      { restartPolicy: 'Never' },
      {
        phase: 'Failed',
        containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 3, message: 'secret' } } }],
      },
      'Degraded: container app ended with exit code 3',
    ],
    [
      'is Degraded when it failed for lack of memory',
      { restartPolicy: 'Never' },
      {
        phase: 'Failed',
        containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
      },
      'Degraded: OOMKilled',
    ],
    [
      'is Degraded when it was evicted',
      always,
      { phase: 'Failed', message: 'The node was low on memory' },
      'Degraded: The node was low on memory',
    ],
    [
      'is Progressing while a task runs, ready or not',
      { restartPolicy: 'Never' },
      { ...running, ...condition('Ready', 'True') },
      'Progressing',
    ],
    [
      'is Progressing while a task may still be pulled',
      { restartPolicy: 'OnFailure' },
      { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] },
      'Progressing',
    ],
    ['is Unknown in no phase', always, {}, 'Unknown'],
  ];
  test.each(rows)('%s', (...row) => check('v1/Pod', row));

  test.each([
    ['is that of a server when an annotation says so', {}, 'Healthy'],
    [
      'is that of a hook whatever the annotation says',
      { 'argocd.argoproj.io/hook': 'PreSync' },
      'Progressing',
    ],
    ['is that of a Helm hook whatever the annotation says', { 'helm.sh/hook': 'pre-install' }, 'Progressing'],
    ['is that of a server when its hook is skipped', { 'argocd.argoproj.io/hook': 'Skip' }, 'Healthy'],
  ])('%s', (_name, hook, expected) => {
    const annotations = { 'argocd.argoproj.io/ignore-restart-policy': 'true', ...hook };
    const task = { spec: { restartPolicy: 'Never' }, status: { ...running, ...condition('Ready', 'True') } };
    expect(brief(healthOf(objectOf('v1/Pod', task, { annotations })))).toBe(expected);
  });
});

describe('the health of a Job', () => {
  const rows: readonly Row[] = [
    ['is Progressing while it runs', {}, { active: 1 }, 'Progressing'],
    ['is Healthy when it is complete', {}, condition('Complete', 'True'), 'Healthy'],
    [
      'is Degraded when it failed',
      {},
      condition('Failed', 'True', { message: 'backoff limit' }),
      'Degraded: backoff limit',
    ],
    [
      'is Suspended while it is suspended',
      {},
      condition('Suspended', 'True', { message: 'Job suspended' }),
      'Suspended: Job suspended',
    ],
    [
      'is Progressing after it was resumed, where Argo CD says Healthy',
      {},
      condition('Suspended', 'False', { message: 'Job resumed' }),
      'Progressing',
    ],
  ];
  test.each(rows)('%s', (...row) => check('batch/v1/Job', row));
});

describe('the health of what the network needs', () => {
  const address = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
  test.each<readonly [string, string, Json, Json, string]>([
    ['a Service inside the cluster is Healthy', 'v1/Service', { type: 'ClusterIP' }, {}, 'Healthy'],
    [
      'a load balancer with an address is Healthy',
      'v1/Service',
      { type: 'LoadBalancer' },
      address,
      'Healthy',
    ],
    [
      'a load balancer without an address is Progressing',
      'v1/Service',
      { type: 'LoadBalancer' },
      { loadBalancer: { ingress: [] } },
      'Progressing: it has no address yet',
    ],
    ['an Ingress with an address is Healthy', 'networking.k8s.io/v1/Ingress', {}, address, 'Healthy'],
    [
      'an Ingress without an address is Progressing',
      'networking.k8s.io/v1/Ingress',
      {},
      {},
      'Progressing: it has no address yet',
    ],
    ['an Ingress of the old group counts too', 'extensions/v1beta1/Ingress', {}, address, 'Healthy'],
    ['a Service of another group is not counted', 'serving.knative.dev/v1/Service', {}, {}, 'not counted'],
  ])('%s', (name, type, spec, status, expected) => check(type, [name, spec, status, expected]));
});

describe('the health of a PersistentVolumeClaim', () => {
  test.each([
    ['Bound', 'Healthy'],
    ['Pending', 'Progressing'],
    ['Lost', 'Degraded'],
    ['Odd', 'Unknown'],
  ])('in phase %s is %s', (phase, expected) =>
    check('v1/PersistentVolumeClaim', ['', {}, { phase }, expected]),
  );
});

describe('the health of a HorizontalPodAutoscaler', () => {
  const able = condition('AbleToScale', 'True', { reason: 'SucceededRescale', message: 'fine' });
  const broken = {
    conditions: [
      { type: 'AbleToScale', status: 'True', message: 'fine' },
      { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics' },
    ],
  };
  const rows: readonly Row[] = [
    ['is Healthy when it can scale', {}, able, 'Healthy: fine'],
    [
      'is Healthy at its limit',
      {},
      condition('ScalingLimited', 'True', { reason: 'TooFewReplicas' }),
      'Healthy',
    ],
    ['is Degraded without metrics', {}, broken, 'Degraded: no metrics'],
    ['is Progressing before its first look', {}, {}, 'Progressing: it has not scaled yet'],
    [
      'is Progressing while it does not scale',
      {},
      condition('ScalingActive', 'False', { reason: 'ScalingDisabled' }),
      'Progressing: it has not scaled yet',
    ],
  ];
  test.each(rows)('%s', (...row) => check('autoscaling/v2/HorizontalPodAutoscaler', row));

  test.each<readonly [string, string | undefined, string]>([
    ['reads the annotation of version 1', JSON.stringify(broken.conditions), 'Degraded: no metrics'],
    ['is Progressing without the annotation of version 1', undefined, 'Progressing: it has not scaled yet'],
    [
      'is Unknown when the annotation of version 1 is broken',
      '{',
      'Unknown: annotation autoscaling.alpha.kubernetes.io/conditions is not a list of conditions',
    ],
  ])('%s', (_name, text, expected) => {
    const annotations: Record<string, string> =
      text === undefined ? {} : { 'autoscaling.alpha.kubernetes.io/conditions': text };
    expect(brief(healthOf(objectOf('autoscaling/v1/HorizontalPodAutoscaler', {}, { annotations })))).toBe(
      expected,
    );
  });
});

describe('the health of a PodDisruptionBudget', () => {
  const rows: readonly Row[] = [
    [
      'is Healthy when it allows disruptions',
      {},
      condition('DisruptionAllowed', 'True', { reason: 'SufficientPods' }),
      'Healthy: SufficientPods',
    ],
    [
      'is Healthy when it has too few pods to allow any',
      {},
      condition('DisruptionAllowed', 'False', { reason: 'InsufficientPods' }),
      'Healthy: InsufficientPods',
    ],
    [
      'is Degraded when its controller fails',
      {},
      condition('DisruptionAllowed', 'False', { reason: 'SyncFailed' }),
      'Degraded: SyncFailed',
    ],
    ['is Progressing before its first status', {}, undefined, 'Progressing: it has no status yet'],
  ];
  test.each(rows)('%s', (...row) => check('policy/v1/PodDisruptionBudget', row));
});

describe('the health of an APIService', () => {
  const rows: readonly Row[] = [
    [
      'is Healthy when it is available',
      {},
      condition('Available', 'True', { reason: 'Passed', message: 'all checks passed' }),
      'Healthy: Passed: all checks passed',
    ],
    [
      'is Progressing when it is not available',
      {},
      condition('Available', 'False', { reason: 'MissingEndpoints', message: 'none' }),
      'Progressing: MissingEndpoints: none',
    ],
    ['is Progressing before its first status', {}, {}, 'Progressing: it has no status yet'],
  ];
  test.each(rows)('%s', (...row) => check('apiregistration.k8s.io/v1/APIService', row));
});

describe('the health of a CustomResourceDefinition', () => {
  const rows: readonly Row[] = [
    ['is Healthy when it is established', {}, condition('Established', 'True'), 'Healthy'],
    [
      'is Progressing while it is installed',
      {},
      condition('Established', 'False', { reason: 'Installing' }),
      'Progressing: it is being installed',
    ],
    [
      'is Degraded when it is not established',
      {},
      condition('Established', 'False', { reason: 'NotAccepted' }),
      'Degraded: it is not established',
    ],
    [
      'is Degraded when its names are taken',
      {},
      condition('NamesAccepted', 'False', { message: 'taken' }),
      'Degraded: its names are not accepted: taken',
    ],
    [
      'is Degraded when its schema is refused',
      {},
      condition('NonStructuralSchema', 'True', { message: 'bad' }),
      'Degraded: its schema is refused: bad',
    ],
    [
      'is Progressing while it is removed',
      {},
      condition('Terminating', 'True', { message: 'instances are left' }),
      'Progressing: it is being removed: instances are left',
    ],
    ['is Progressing before its first status', {}, {}, 'Progressing: it has no status yet'],
  ];
  test.each(rows)('%s', (...row) => check('apiextensions.k8s.io/v1/CustomResourceDefinition', row));
});

describe('the health of any object', () => {
  const deletionTimestamp = '2026-03-01T03:00:00Z';
  test.each<readonly [string, string, Partial<ObjectMeta>, string]>([
    ['is not counted for a kind without rules', 'v1/ConfigMap', {}, 'not counted'],
    [
      'is Progressing while it is deleted, even without rules',
      'v1/ConfigMap',
      { deletionTimestamp },
      'Progressing: it is being deleted',
    ],
    [
      'is its own while only the finalizer of a hook keeps it',
      'v1/Service',
      { deletionTimestamp, finalizers: ['argocd.argoproj.io/hook-finalizer'] },
      'Healthy',
    ],
    [
      'is not counted where an annotation says so',
      'v1/Service',
      { annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' } },
      'not counted',
    ],
  ])('%s', (_name, type, metadata, expected) => {
    expect(brief(healthOf(objectOf(type, {}, metadata)))).toBe(expected);
  });
});

describe('worstHealth', () => {
  const order = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;

  test('is Healthy when nothing is counted', () => {
    expect([worstHealth([]), worstHealth([undefined])]).toEqual(['Healthy', 'Healthy']);
  });

  test.each(order.slice(1).map((worse, index) => [worse, order[index] ?? 'Healthy'] as const))(
    'takes %s for worse than %s',
    (worse, better) => {
      const list = [{ status: better }, undefined, { status: worse }, { status: better }];
      expect(worstHealth(list)).toBe(worse);
    },
  );
});
