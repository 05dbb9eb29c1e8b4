import { check, condition, seen } from './health-builder';
import type { Json, Row } from './health-builder';

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
