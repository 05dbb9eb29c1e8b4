import {
  checkMarks,
  composeCheck,
  isCheck,
  labelOf,
  reportCheck,
} from '../../../src/domain/checks/check-job';
import type { KubeObject } from '../../../src/domain/kube-object';
import { locate } from '../../../src/domain/located';
import type { Problem } from '../../../src/domain/problem';

interface Shape {
  readonly annotations?: Record<string, string>;
  readonly kind?: string;
  readonly namespace?: string;
  readonly spec?: Record<string, unknown>;
  readonly pod?: Record<string, unknown>;
}

function job({ annotations, kind = 'Job', namespace, spec, pod }: Shape = {}): KubeObject {
  const containers = [{ name: 'main', image: 'tests:v1' }];
  return {
    apiVersion: 'batch/v1',
    kind,
    metadata: {
      name: 'tests',
      ...(namespace === undefined ? {} : { namespace }),
      annotations: { 'belay.dev/check': 'true', ...annotations },
    },
    spec: { ...spec, template: { spec: { containers, ...pod } } },
  };
}

const found = (object: KubeObject): readonly Problem[] => {
  const problems: Problem[] = [];
  reportCheck(locate(object, 'k8s/tests.yaml', 4), 'shop', problems);
  return problems;
};

test('a Job is a check by its annotation', () => {
  expect(isCheck(locate(job(), 'a.yaml'))).toBe(true);
  expect(isCheck(locate({ ...job(), metadata: { name: 'tests' } }, 'a.yaml'))).toBe(false);
  expect(found(job())).toEqual([]);
  expect(found(job({ namespace: 'shop' }))).toEqual([]);
});

test.each<[string, Shape, string]>([
  ['another value', { annotations: { 'belay.dev/check': 'yes' } }, 'must be "true", not "yes"'],
  ['another kind', { kind: 'Pod' }, 'only a Job (batch/v1) can be a check'],
  ['a hook of a sync', { annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }, 'a check is no hook'],
  ['a hook of Helm', { annotations: { 'helm.sh/hook': 'pre-install' } }, 'a check is no hook'],
  ['a hook of a rollout', { annotations: { 'belay.dev/hook': 'pre' } }, 'a check is no hook'],
  ['another namespace', { namespace: 'prod' }, 'a check runs in the namespace of its application, shop'],
  [
    'a token by a volume',
    {
      pod: { volumes: [{ name: 'a' }, { name: 't', projected: { sources: [{ serviceAccountToken: {} }] } }] },
    },
    'a check gets no token of a service account',
  ],
])('%s is refused with its place', (_what, shape, message) => {
  expect(found(job(shape))).toEqual([
    expect.objectContaining({ code: 'InvalidSpec', file: 'k8s/tests.yaml', line: 4, message }),
  ]);
});

const run = {
  name: 'tests-abc',
  namespace: 'shop',
  application: 'web',
  revision: 'a'.repeat(40),
  env: { BELAY_REVISION: 'a'.repeat(40) },
};
const composed = (shape: Shape = {}) =>
  composeCheck(locate(job(shape), 'a.yaml'), run) as KubeObject & { spec: Record<string, unknown> };

test('runs once, without a token, with a deadline and bounds, knowing its revision', () => {
  const made = composed({ pod: { automountServiceAccountToken: true } });
  expect(made.metadata).toMatchObject({
    name: 'tests-abc',
    namespace: 'shop',
    labels: { 'belay.dev/application': 'web', [checkMarks.of]: 'tests' },
    annotations: { [checkMarks.revision]: 'a'.repeat(40) },
  });
  expect(made.metadata.annotations).not.toHaveProperty([checkMarks.asked]);
  expect(made.spec).toMatchObject({
    backoffLimit: 0,
    activeDeadlineSeconds: 600,
    template: {
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        containers: [
          {
            resources: { limits: { cpu: '2', memory: '1Gi' } },
            env: [{ name: 'BELAY_REVISION', value: 'a'.repeat(40) }],
          },
        ],
      },
    },
  });
});

test.each<[unknown, number]>([
  [undefined, 600],
  [30, 30],
  [0, 600],
  [86_400, 3_600],
])('a deadline of %s s is one of %s s', (written, seconds) => {
  expect(composed({ spec: { activeDeadlineSeconds: written } }).spec.activeDeadlineSeconds).toBe(seconds);
});

test('what is written stays, but for the token', () => {
  const resources = { limits: { cpu: '8' } };
  const containers = [{ name: 'main', image: 'tests:v1', resources }];
  const { spec } = composed({ spec: { backoffLimit: 2 }, pod: { restartPolicy: 'OnFailure', containers } });
  expect(spec).toMatchObject({
    backoffLimit: 2,
    template: { spec: { restartPolicy: 'OnFailure', containers: [{ resources }] } },
  });
});

test('a long name makes a label all the same', () => {
  expect(labelOf(`${'a'.repeat(62)}-b`)).toBe('a'.repeat(62));
});
