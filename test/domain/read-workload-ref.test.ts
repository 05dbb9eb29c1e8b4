import { readWorkloads } from '../../src/domain/read-rollout';
import { deploymentText, edit, objectsIn, told, valueOf, type BadRow } from './read-yaml';

const reference = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web-rollout, annotations: { belay.dev/config-rollout: "false", example.com/x: z } }
spec:
  replicas: 3
  workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess }
  strategy: { canary: { steps: [{ setWeight: 50 }], maxSurge: 1, maxUnavailable: 0 } }
${deploymentText('web', 'replicas: 0, minReadySeconds: 9, ')}`;

test('the Deployment is moved by the steps and the numbers of the Rollout', () => {
  const { workloads, others } = valueOf(readWorkloads(objectsIn(reference), 'shop'));
  expect(others).toEqual([]);
  expect(workloads).toMatchObject([
    {
      name: 'web',
      replicas: 3,
      file: 'web.yaml',
      line: 9,
      strategy: { kind: 'canary', steps: [{ weight: 50 }] },
    },
  ]);
  expect(workloads[0]?.object).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', annotations: { 'belay.dev/config-rollout': 'false' } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:2' }] },
      },
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    },
  });
});

test.each([
  [
    'a template that a tool wrote out empty',
    'template: { metadata: { creationTimestamp: null }, spec: { containers: null } }',
  ],
  ['the selector of the Deployment', 'selector: { matchLabels: { app: web } }'],
])('%s may stand beside the reference', (_name, field) => {
  const text = edit(reference, '  replicas: 3\n', `  replicas: 3\n  ${field}\n`);
  expect(told(readWorkloads(objectsIn(text), 'shop'))).toEqual([]);
});

const ref = 'workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess }';

const rows: readonly BadRow[] = [
  [
    'a template besides',
    '  replicas: 3\n',
    '  template: { metadata: { labels: { app: web } } }\n',
    'InvalidSpec web.yaml:5: Rollout web-rollout: spec.template: template must be empty for workload reference rollout; remove spec.template or spec.workloadRef',
  ],
  [
    'another selector besides',
    '  replicas: 3\n',
    '  selector: { matchLabels: { app: other } }\n',
    'InvalidSpec web.yaml:5: Rollout web-rollout: spec.selector: selector differs from the one of Deployment web; remove it: the selector of the Deployment counts',
  ],
  [
    'a misspelt Deployment',
    ref,
    'workloadRef: { apiVersion: apps/v1, kind: Deployment, name: wbe }',
    'InvalidSpec web.yaml:6: Rollout web-rollout: spec.workloadRef.name: Deployment wbe is not in this revision; did you mean "web"?',
  ],
  [
    'a Deployment that is not there',
    ref,
    'workloadRef: { apiVersion: apps/v1, kind: Deployment, name: shop }',
    'InvalidSpec web.yaml:6: Rollout web-rollout: spec.workloadRef.name: Deployment shop is not in this revision; add its manifest, or mend the name',
  ],
  [
    'another kind',
    ref,
    'workloadRef: { apiVersion: apps/v1, kind: ReplicaSet, name: web }',
    'Unsupported web.yaml:6: Rollout web-rollout: spec.workloadRef: a reference to a ReplicaSet of apps/v1 is not supported yet; refer to a Deployment, StatefulSet or DaemonSet of apps/v1',
  ],
  [
    'another group',
    ref,
    'workloadRef: { apiVersion: v1, kind: PodTemplate, name: web }',
    'Unsupported web.yaml:6: Rollout web-rollout: spec.workloadRef: a reference to a PodTemplate of v1 is not supported yet; refer to a Deployment, StatefulSet or DaemonSet of apps/v1',
  ],
  [
    'an unknown scaleDown',
    ref,
    'workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onSuccess }',
    'InvalidSpec web.yaml:6: Rollout web-rollout: spec.workloadRef.scaleDown: "onSuccess" is none of never, onsuccess, progressively; did you mean "onsuccess"?',
  ],
  [
    'an empty reference',
    ref,
    'workloadRef: {}',
    'InvalidSpec web.yaml:6: Rollout web-rollout: spec.workloadRef.apiVersion: is missing; write apps/v1',
    'InvalidSpec web.yaml:6: Rollout web-rollout: spec.workloadRef.kind: is missing; write Deployment',
    'InvalidSpec web.yaml:6: Rollout web-rollout: spec.workloadRef.name: is missing; name the Deployment',
  ],
  [
    'a misspelt reference',
    ref,
    'workloadRef: { apiVersion: apps/v1, kind: Deployment, nmae: web }',
    'InvalidSpec web.yaml:6: Rollout web-rollout: spec.workloadRef.name: is missing; name the Deployment',
    'UnknownField web.yaml:6: Rollout web-rollout: spec.workloadRef.nmae: unknown field; did you mean "name"?',
  ],
  [
    'a Deployment that is paused',
    'minReadySeconds: 9',
    'paused: true',
    'Unsupported web.yaml:12: Deployment web: spec.paused: pausing by spec.paused is not supported yet; remove it and use `belay pause`',
  ],
  [
    'a Deployment whose selector does not match',
    'selector: { matchLabels: { app: web } }',
    'selector: { matchLabels: { app: shop } }',
    'InvalidSpec web.yaml:12: Deployment web: spec.selector: selector wants app=shop, which the labels of the pod template do not give; make spec.template.metadata.labels match',
  ],
  [
    'a Service that is not there',
    'maxSurge: 1',
    'stableService: web, maxSurge: 1',
    'InvalidSpec web.yaml:7: Rollout web-rollout: spec.strategy.canary.stableService: Service web is not in this revision; add its manifest, or mend the name',
  ],
  [
    'a second Rollout of the same Deployment',
    '---\napiVersion: apps',
    '---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: again }\nspec: { workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web }, strategy: { canary: {} } }\n---\napiVersion: apps',
    'DuplicateObject web.yaml:12: Rollout again: spec.workloadRef.name: Deployment web is delivered by Rollout web-rollout (web.yaml:1) already; remove one of the two',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(reference, from, to)), 'shop'))).toEqual(expected);
});
