import { healthOf, mayHaveHealth, worstHealth } from '../../../src/domain/health';
import type { ObjectMeta } from '../../../src/domain/kube-object';
import { brief, check, condition, objectOf } from './health-builder';
import type { Json, Row } from './health-builder';

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
  ])('%s', (name, type, ...[spec, status, expected]) => check(type, [name, spec, status, expected]));
});

describe('the health of a PersistentVolumeClaim', () => {
  test.each([
    ['Bound', 'Healthy'],
    ['Pending', 'Progressing: its phase is Pending'],
    ['Lost', 'Degraded: its phase is Lost'],
    ['Odd', 'Unknown: its phase is Odd'],
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

describe('the health of a write', () => {
  const deployed = {
    spec: { replicas: 1 },
    status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  };
  const waits = 'Progressing: its controller has not seen the newest spec yet';
  test.each<readonly [string, Json, number, number, string]>([
    ['is judged when its controller has seen it', deployed, 2, 2, 'Healthy'],
    ['is judged when its controller has seen a later one', deployed, 2, 1, 'Healthy'],
    ['is Progressing while the object is older', deployed, 2, 3, waits],
    ['is Progressing while the status is older', { ...deployed, status: {} }, 2, 2, waits],
  ])('%s', (_name, more, generation, wanted, expected) => {
    const object = objectOf('apps/v1/Deployment', more, { generation });
    expect(brief(healthOf(object, { generation: wanted }))).toBe(expected);
  });

  test('is Progressing while a status is older that the rule of its kind does not look at', () => {
    const budget = { status: { observedGeneration: 1, ...condition('DisruptionAllowed', 'True') } };
    const object = objectOf('policy/v1/PodDisruptionBudget', budget, { generation: 2 });
    expect(brief(healthOf(object))).toBe('Healthy');
    expect(brief(healthOf(object, { generation: 2 }))).toBe(waits);
  });

  test('is what a kind without observedGeneration says', () => {
    const claim = objectOf('v1/PersistentVolumeClaim', { status: { phase: 'Bound' } }, { generation: 1 });
    expect(brief(healthOf(claim, { generation: 1 }))).toBe('Healthy');
  });
});

describe('a script of the user', () => {
  const scripted = { status: 'Degraded', message: 'says the script' } as const;
  test('replaces the rule of the kind', () => {
    expect(healthOf(objectOf('v1/Service', {}), { scripted })).toEqual(scripted);
  });

  test.each<readonly [string, Partial<ObjectMeta>, number | undefined, string]>([
    ['deleted', { deletionTimestamp: '2026-03-01T03:00:00Z' }, undefined, 'Progressing: it is being deleted'],
    [
      'ignored',
      { annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' } },
      undefined,
      'not counted',
    ],
    ['older than the write', {}, 3, 'Progressing: its controller has not seen the newest spec yet'],
  ])('has no say on an object that is %s', (_name, metadata, generation, expected) => {
    const object = objectOf('v1/Service', {}, metadata);
    const wanted = generation === undefined ? {} : { generation };
    expect(brief(healthOf(object, { scripted, ...wanted }))).toBe(expected);
  });
});

describe('mayHaveHealth', () => {
  test.each([
    ['apps/v1', 'Deployment', true],
    ['example.com/v1', 'Widget', true],
    ['v1', 'ConfigMap', false],
    ['rbac.authorization.k8s.io/v1', 'Role', false],
    ['argoproj.io/v1alpha1', 'Application', false],
  ])('%s %s: %s', (apiVersion, kind, expected) => {
    expect(mayHaveHealth({ apiVersion, kind })).toBe(expected);
  });
});
