import { readWorkloads } from '../../src/domain/read-rollout';
import { edit, objectsIn, told, valueOf, type BadRow } from './read-yaml';

const pod =
  'template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: db:2 }] } }';
const text = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: db-rollout }
spec:
  replicas: 3
  progressDeadlineAbort: false
  workloadRef: { apiVersion: apps/v1, kind: StatefulSet, name: db }
  strategy:
    canary:
      steps: [{ setWeight: 34 }, { pause: {} }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, labels: { app: db } }
spec: { replicas: 9, serviceName: db, selector: { matchLabels: { app: db } }, ${pod} }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: other }
spec: { serviceName: other, selector: { matchLabels: { app: db } }, ${pod} }
`;
const daemons = edit(
  text.replaceAll('kind: StatefulSet', 'kind: DaemonSet').replaceAll(/serviceName: \w+, |replicas: 9, /g, ''),
  '  replicas: 3\n',
  '',
);

test('a StatefulSet that a Rollout refers to is replaced in place, and stays what it is', () => {
  const { workloads, others } = valueOf(readWorkloads(objectsIn(text), 'shop'));
  expect(workloads).toMatchObject([
    {
      kind: 'StatefulSet',
      name: 'db',
      namespace: 'shop',
      replicas: 3,
      strategy: {
        kind: 'inPlace',
        steps: [{ kind: 'setWeight', weight: 34 }, { kind: 'pause' }],
        abortsOnDeadline: false,
      },
      line: 12,
    },
  ]);
  expect(workloads[0]?.object).toEqual({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop', labels: { app: 'db' } },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' } },
        spec: { containers: [{ name: 'db', image: 'db:2' }] },
      },
    },
  });
  expect(others.map(({ object }) => object.metadata.name)).toEqual(['other']);
});

test('the count of the StatefulSet holds where the Rollout has none', () => {
  const { workloads } = valueOf(readWorkloads(objectsIn(edit(text, '  replicas: 3\n', '')), 'shop'));
  expect(workloads[0]).toMatchObject({ replicas: 9, object: { spec: { replicas: 9 } } });
});

test('a DaemonSet has no count', () => {
  const { workloads, others } = valueOf(readWorkloads(objectsIn(daemons), 'shop'));
  expect(workloads).toMatchObject([{ kind: 'DaemonSet', name: 'db', strategy: { kind: 'inPlace' } }]);
  expect(workloads[0]).not.toHaveProperty('replicas');
  expect(others).toHaveLength(1);
});

const steps = 'steps: [{ setWeight: 34 }, { pause: {} }]';
const rows: readonly BadRow[] = [
  [
    'fields that need two versions',
    steps,
    'maxSurge: 1\n      stableService: db\n      trafficRouting: { nginx: {} }',
    'InvalidSpec web.yaml:10: Rollout db-rollout: spec.strategy.canary.maxSurge: maxSurge has no meaning for a StatefulSet, whose pods are replaced in place; remove it: no pod is started besides those there are',
    'InvalidSpec web.yaml:11: Rollout db-rollout: spec.strategy.canary.stableService: stableService has no meaning for a StatefulSet, whose pods are replaced in place; remove it: no Service can tell the versions apart',
    'InvalidSpec web.yaml:12: Rollout db-rollout: spec.strategy.canary.trafficRouting: trafficRouting has no meaning for a StatefulSet, whose pods are replaced in place; remove it: a pod serves what its Service gives it',
  ],
  [
    'a step that needs two versions',
    steps,
    'steps: [{ setCanaryScale: { replicas: 1 } }]',
    'InvalidSpec web.yaml:10: Rollout db-rollout: spec.strategy.canary.steps[0].setCanaryScale: a setCanaryScale step has no meaning for pods that are replaced in place; use setWeight, pause and analysis steps',
  ],
  [
    'blue-green',
    `canary:\n      ${steps}`,
    'blueGreen: { activeService: db }',
    'InvalidSpec web.yaml:9: Rollout db-rollout: spec.strategy.blueGreen: a StatefulSet has no blue-green: its pods are replaced in place; use strategy.canary',
  ],
  [
    'a window of rollbacks',
    '  replicas: 3',
    '  rollbackWindow: { revisions: 2 }',
    'InvalidSpec web.yaml:5: Rollout db-rollout: spec.rollbackWindow: a StatefulSet keeps no old pods to go back to; remove it',
  ],
  [
    'a StatefulSet that is not there',
    'kind: StatefulSet, name: db }',
    'kind: StatefulSet, name: otehr }',
    'InvalidSpec web.yaml:7: Rollout db-rollout: spec.workloadRef.name: StatefulSet otehr is not in this revision; did you mean "other"?',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(text, from, to)), 'shop'))).toEqual(expected);
});

test('refuses a count for a DaemonSet', () => {
  const wrong = edit(daemons, '  progressDeadlineAbort: false', '  replicas: 2');
  expect(told(readWorkloads(objectsIn(wrong), 'shop'))).toEqual([
    'InvalidSpec web.yaml:5: Rollout db-rollout: spec.replicas: a DaemonSet has no count of pods; remove it: the nodes decide',
  ]);
});
