import { isEnded, judgeJob, type JobSeen } from '../../src/domain/job-state';
import type { KubeObject } from '../../src/domain/kube-object';
import { creating, event, pod, START, unscheduled } from './pod-builder';

const uid = 'uid-migrate';

function job(conditions: readonly object[] = [], more: Partial<KubeObject> = {}): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate-r2', namespace: 'shop', uid },
    spec: {},
    status: { conditions },
    ...more,
  };
}

function condition(type: string, reason?: string, message?: string): object {
  return { type, status: 'True', reason, message };
}

function look(seen: Partial<JobSeen>) {
  return judgeJob({
    name: 'migrate-r2',
    job: job(),
    pods: [],
    events: [],
    now: START,
    firstSeen: {},
    ...seen,
  });
}

const aboutJob = { involvedObject: { kind: 'Job', namespace: 'shop', name: 'migrate-r2', uid } };
const refused = 'Error creating: pods "migrate-r2-" is forbidden: exceeded quota: small, requested: cpu=1';

describe('a Job', () => {
  test('that is complete has ended well, also when it is being deleted', () => {
    const complete = job([condition('SuccessCriteriaMet'), condition('Complete')]);
    const deleted = {
      ...complete,
      metadata: { ...complete.metadata, deletionTimestamp: '2026-03-01T03:00:00Z' },
    };
    expect(look({ job: complete })).toEqual({ kind: 'complete' });
    expect(look({ job: deleted })).toEqual({ kind: 'complete' });
  });

  test('that has failed says its reason and how its last container ended, but nothing that the container wrote', () => {
    const end = { exitCode: 3, reason: 'Error', message: 'password=hunter2' };
    const older = pod({
      name: 'migrate-r2-a',
      app: { terminated: { exitCode: 1, reason: 'Error' } },
      metadata: { creationTimestamp: '2026-03-01T03:00:00Z' },
    });
    const newer = pod({
      name: 'migrate-r2-b',
      app: { terminated: end },
      metadata: { creationTimestamp: '2026-03-01T03:00:10Z' },
    });
    const failed = job([
      condition('Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'),
    ]);
    expect(look({ job: failed, pods: [older, newer] })).toEqual({
      kind: 'failed',
      reason: 'BackoffLimitExceeded',
      sentence:
        'Job migrate-r2 failed: Job has reached the specified backoff limit; pod migrate-r2-b, container app ended with exit code 3 (Error)',
      pod: 'migrate-r2-b',
      container: 'app',
    });
  });

  test.each([
    ['DeadlineExceeded', 'Job was active longer than specified deadline'],
    ['PodFailurePolicy', 'Container app for pod shop/migrate-r2-a failed with exit code 42'],
  ])('that fails by %s without pods says so', (reason, message) => {
    expect(look({ job: job([condition('Failed', reason, message)]) })).toEqual({
      kind: 'failed',
      reason,
      sentence: `Job migrate-r2 failed: ${message}`,
    });
  });

  test.each<[string, KubeObject | undefined]>([
    ['is not there', undefined],
    [
      'is being deleted',
      job([], { metadata: { ...job().metadata, deletionTimestamp: '2026-03-01T03:00:00Z' } }),
    ],
  ])('that %s before its end is gone', (_what, found) => {
    expect(look({ job: found })).toEqual({
      kind: 'gone',
      sentence: 'Job migrate-r2 was deleted before its end',
    });
  });

  test.each([
    ['is about to fail', [condition('FailureTarget', 'BackoffLimitExceeded')]],
    ['is about to be complete', [condition('SuccessCriteriaMet')]],
    ['has said nothing yet', []],
  ])('that %s still runs: its pods may', (_what, conditions) => {
    expect(look({ job: job(conditions) })).toMatchObject({ kind: 'running', for: 'Job migrate-r2 to end' });
  });

  test('that somebody has suspended runs on, and that is what it waits for', () => {
    expect(look({ job: job([], { spec: { suspend: true } }) })).toMatchObject({
      kind: 'running',
      for: 'Job migrate-r2, which is suspended',
    });
  });
});

describe('a pod of a Job', () => {
  test.each([
    ['InvalidImageName', "couldn't parse image name", 'InvalidImage'],
    ['ErrImageNeverPull', 'not present with pull policy of Never', 'ImagePull'],
    [
      'ErrImagePull',
      'rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.com/shop/web:v9": registry.example.com/shop/web:v9: not found',
      'ImagePull',
    ],
  ])('with %s makes it stuck at once', (reason, message, code) => {
    const state = look({ pods: [creating({ app: { waiting: { reason, message } } })] });
    expect(state).toMatchObject({ kind: 'stuck', code, pod: 'web-canary-a', container: 'app' });
  });

  test('that no node takes makes it stuck after a grace that is counted across looks', () => {
    const pods = [unscheduled()];
    const first = look({ pods });
    expect(first).toMatchObject({ kind: 'running' });
    const firstSeen = first.kind === 'running' ? first.firstSeen : {};
    expect(look({ pods, firstSeen, now: START + 59_000 })).toMatchObject({ kind: 'running' });
    expect(look({ pods, firstSeen, now: START + 60_000 })).toMatchObject({
      kind: 'stuck',
      code: 'Unschedulable',
    });
  });

  test('whose Secret is missing is given a minute: something may be creating it', () => {
    const spec = { containers: [{ name: 'app', envFrom: [{ secretRef: { name: 'db' } }] }] };
    const waiting = { reason: 'CreateContainerConfigError', message: 'secret "db" not found' };
    const pods = [creating({ app: { waiting }, spec })];
    const first = look({ pods });
    expect(first).toMatchObject({ kind: 'running' });
    const firstSeen = first.kind === 'running' ? first.firstSeen : {};
    expect(look({ pods, firstSeen, now: START + 60_000 })).toMatchObject({
      kind: 'stuck',
      code: 'MissingConfig',
    });
  });

  test.each([
    [
      'crashes again and again',
      { last: { exitCode: 1 }, restarts: 4, waiting: { reason: 'CrashLoopBackOff' } },
    ],
    [
      'is killed for lack of memory',
      { last: { exitCode: 137, reason: 'OOMKilled' }, restarts: 3, waiting: { reason: 'CrashLoopBackOff' } },
    ],
    ['has failed once', { terminated: { exitCode: 1, reason: 'Error' } }],
  ])('that %s is counted by the Job alone (backoffLimit)', (_what, app) => {
    expect(look({ pods: [pod({ app })] })).toMatchObject({ kind: 'running' });
  });
});

describe('pods that are refused', () => {
  test('make a Job stuck after ten seconds: it would try for ever', () => {
    const events = [event('FailedCreate', refused, 0, aboutJob), event('FailedCreate', refused, 9, aboutJob)];
    expect(look({ events, now: START + 9_000 })).toMatchObject({ kind: 'running' });
    expect(look({ events, now: START + 10_000 })).toMatchObject({
      kind: 'stuck',
      code: 'Quota',
      sentence: `Job migrate-r2: its pods are refused. The API server says: ${refused}`,
    });
  });

  test('are forgotten once one is created', () => {
    const events = [
      event('FailedCreate', refused, 0, aboutJob),
      event('SuccessfulCreate', 'Created pod: migrate-r2-a', 5, aboutJob),
    ];
    expect(look({ events, now: START + 60_000 })).toMatchObject({ kind: 'running' });
  });

  test('of another Job do not count', () => {
    const other = { involvedObject: { ...aboutJob.involvedObject, uid: 'uid-other' } };
    const events = [event('FailedCreate', refused, 0, other)];
    expect(look({ events, now: START + 60_000 })).toMatchObject({ kind: 'running' });
  });
});

test.each([
  ['Complete', true],
  ['Failed', true],
  ['Suspended', false],
  ['FailureTarget', false],
])('the condition %s means ended: %s', (type, ended) => {
  expect(isEnded(job([condition(type)]))).toBe(ended);
});
