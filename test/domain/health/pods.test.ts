import { healthOf } from '../../../src/domain/health';
import { brief, check, condition, objectOf } from './health-builder';
import type { Json, Row } from './health-builder';

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

describe('the health of a CronJob', () => {
  const at = (hour: number): string => `2026-03-01T0${hour}:00:00Z`;
  const rows: readonly Row[] = [
    ['is Progressing before its first status', {}, undefined, 'Progressing: it has no status yet'],
    ['is Healthy while it is suspended', { suspend: true }, {}, 'Healthy: it is suspended'],
    ['is Healthy before its first run', {}, {}, 'Healthy: it has not been scheduled yet'],
    [
      'is Healthy in its first run',
      {},
      { lastScheduleTime: at(1) },
      'Healthy: it has never succeeded so far',
    ],
    [
      'is Healthy while a run is under way',
      {},
      { lastScheduleTime: at(2), lastSuccessfulTime: at(1), active: [{ name: 'web-1' }] },
      'Healthy: it is running',
    ],
    [
      'is Degraded when its last run did not succeed',
      {},
      { lastScheduleTime: at(2), lastSuccessfulTime: at(1) },
      'Degraded: its last run has not succeeded',
    ],
    ['is Healthy after a success', {}, { lastScheduleTime: at(1), lastSuccessfulTime: at(2) }, 'Healthy'],
  ];
  test.each(rows)('%s', (...row) => check('batch/v1/CronJob', row));
});

describe('the health of an Argo Workflow', () => {
  test.each([
    ['', 'Progressing: its message'],
    ['Pending', 'Progressing: its message'],
    ['Running', 'Progressing: its message'],
    ['Succeeded', 'Healthy: its message'],
    ['Failed', 'Degraded: its message'],
    ['Error', 'Degraded: its message'],
    ['Odd', 'Unknown: its message'],
  ])('in phase "%s" is %s', (phase, expected) =>
    check('argoproj.io/v1alpha1/Workflow', ['', {}, { phase, message: 'its message' }, expected]),
  );
});
