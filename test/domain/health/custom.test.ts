import { check, condition } from './health-builder';
import type { Row } from './health-builder';

describe('the health of a custom resource without a rule', () => {
  const ready = condition('Ready', 'True', { message: 'its message' });
  const rows: readonly Row[] = [
    ['is Healthy when it is ready', {}, ready, 'Healthy: its message'],
    [
      'is Progressing while it is not ready: that may end by itself',
      {},
      condition('Ready', 'False', { message: 'its message' }),
      'Progressing: its message',
    ],
    ['is Progressing while nobody knows', {}, condition('Ready', 'Unknown'), 'Progressing'],
    [
      'is Progressing until its spec is observed',
      {},
      { observedGeneration: 1, ...ready },
      'Progressing: its controller has not seen the newest spec yet',
    ],
    [
      'is Progressing while it is reconciled',
      {},
      condition('Reconciling', 'True', { message: 'm' }),
      'Progressing: m',
    ],
    ['is Degraded when it has stalled', {}, condition('Stalled', 'True', { message: 'm' }), 'Degraded: m'],
    [
      'is Degraded when it has stalled, ready or not',
      {},
      { conditions: [...(ready['conditions'] as []), { type: 'Stalled', status: 'True' }] },
      'Degraded',
    ],
    ['is not counted without such a condition', {}, condition('Synced', 'False'), 'not counted'],
    ['is not counted without a status', {}, undefined, 'not counted'],
  ];
  test.each(rows)('%s', (...row) => check('example.com/v1/Widget', row));

  test.each([
    ['v1/Node', 'a kind of Kubernetes itself'],
    ['argoproj.io/v1alpha1/Application', 'a child application'],
  ])('%s is not counted: %s', (type) => check(type, ['', {}, ready, 'not counted']));
});
