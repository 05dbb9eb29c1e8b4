import { readWorkloads } from '../../src/domain/read-rollout';
import {
  between,
  deploymentText,
  edit,
  objectsIn,
  rolloutText,
  told,
  valueOf,
  type BadRow,
} from './read-yaml';

const labels = 'labels: { team: front }';
const spec = between(rolloutText, 'spec:', '---');
const first = '---\napiVersion: v1\nkind: Service\nmetadata: { name: web-stable }';
/** Puts another object in front of the Services. */
const behind = (text: string) => [first, `---\n${text}\n${first}`] as const;

describe('a good revision', () => {
  const read = (text: string) => valueOf(readWorkloads(objectsIn(text), 'shop'));

  test('a Rollout becomes the Deployment that it amounts to', () => {
    const { workloads, others } = read(rolloutText);
    const template = {
      metadata: { labels: { app: 'web', tier: 'front' } },
      spec: { containers: [{ name: 'web', image: 'registry.example/web:2' }] },
    };
    expect(workloads).toEqual([
      {
        kind: 'Deployment',
        lineOf: expect.any(Function),
        namespace: 'shop',
        name: 'web',
        replicas: 5,
        strategy: {
          kind: 'canary',
          steps: [
            { kind: 'setWeight', weight: 20 },
            { kind: 'pause', durationMs: 60_000 },
            { kind: 'pause' },
          ],
          maxSurge: 1,
          maxUnavailable: 0,
          stableService: 'web-stable',
          canaryService: 'web-preview',
          scaleDownDelayMs: 0,
        },
        progressDeadlineMs: 120_000,
        object: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web', namespace: 'shop', labels: { team: 'front' } },
          spec: {
            replicas: 5,
            selector: { matchLabels: { app: 'web' } },
            template,
            minReadySeconds: 5,
            revisionHistoryLimit: 10,
            progressDeadlineSeconds: 120,
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          },
        },
        file: 'web.yaml',
        line: 1,
      },
    ]);
    expect(others.map(({ object }) => object.metadata.name)).toEqual(['web-stable', 'web-preview']);
  });

  test('what a Rollout leaves out has the defaults of Argo Rollouts, but the count is left to whoever gives it', () => {
    const numbers = between(rolloutText, '  replicas:', '  selector:');
    const [workload] = read(edit(rolloutText, numbers, '')).workloads;
    expect(workload).toMatchObject({ progressDeadlineMs: 600_000 });
    expect(workload).not.toHaveProperty('replicas');
    const written = {
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    };
    expect(workload?.object['spec']).toMatchObject(written);
  });

  test('the namespace in the metadata counts more than that of the application', () => {
    const text = rolloutText.replaceAll(
      /name: (web|web-stable|web-preview)( }|\n)(?! *image)/g,
      'name: $1, namespace: other$2',
    );
    const block = text.replace('  name: web, namespace: other\n', '  name: web\n  namespace: other\n');
    expect(read(block).workloads[0]).toMatchObject({
      namespace: 'other',
      object: { metadata: { namespace: 'other' } },
    });
  });

  test('a status and the fields that tools write are ignored', () => {
    const text = edit(rolloutText, labels, 'creationTimestamp: null').replace(
      '---',
      'status: { phase: Healthy }\n---',
    );
    expect(read(text).workloads).toHaveLength(1);
  });

  test('annotations for Belay stay on the Deployment', () => {
    const annotations = 'annotations: { belay.dev/config-rollout: "false", example.com/x: z }';
    expect(read(edit(rolloutText, labels, annotations)).workloads[0]?.object.metadata.annotations).toEqual({
      'belay.dev/config-rollout': 'false',
      'example.com/x': 'z',
    });
  });

  test('a Deployment that no Rollout refers to is applied as it is', () => {
    const { workloads } = read(deploymentText('api'));
    expect(workloads).toMatchObject([
      { name: 'api', strategy: { kind: 'rolling' }, progressDeadlineMs: 600_000, line: 2 },
    ]);
    expect(workloads[0]).not.toHaveProperty('replicas');
    expect(workloads[0]?.object['spec']).not.toHaveProperty('replicas');
  });

  test('the size and the deadline of a Deployment are those that Git writes', () => {
    const { workloads } = read(deploymentText('api', 'replicas: 0, progressDeadlineSeconds: 30, '));
    expect(workloads).toMatchObject([{ replicas: 0, progressDeadlineMs: 30_000 }]);
  });

  test.each([
    ['a rollback window', 'rollbackWindow: { revisions: 3 }', { strategy: { rollbackWindow: 3 } }],
    ['a restart', 'restartAt: "2026-01-01T00:00:00Z"', { restartAt: '2026-01-01T00:00:00Z' }],
    [
      'carrying on after the deadline',
      'progressDeadlineAbort: false',
      { strategy: { abortsOnDeadline: false } },
    ],
    ['limits for analysis runs', 'analysis: { successfulRunHistoryLimit: 1 }', { name: 'web' }],
  ])('reads %s', (_name, field, expected) => {
    expect(read(edit(rolloutText, 'replicas: 5', field)).workloads).toMatchObject([expected]);
  });

  test('a rollout that may abort says nothing of it, and a window of 0 is none', () => {
    const fields = 'progressDeadlineAbort: true\n  rollbackWindow: { revisions: 0 }';
    const [workload] = read(edit(rolloutText, 'replicas: 5', fields)).workloads;
    expect(workload?.strategy).not.toHaveProperty('abortsOnDeadline');
    expect(workload?.strategy).not.toHaveProperty('rollbackWindow');
  });

  test('an autoscaler of a StatefulSet that no Rollout refers to is nobody’s business', () => {
    const scaler =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec: { scaleTargetRef: { kind: StatefulSet, name: web } }';
    expect(read(edit(rolloutText, ...behind(scaler))).others).toHaveLength(3);
  });

  test('an autoscaler of a blue-green Rollout is aimed at the Deployment that it becomes', () => {
    const scaler =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec: { maxReplicas: 9, scaleTargetRef: { apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web } }';
    const text = edit(
      rolloutText,
      between(rolloutText, '    canary:', '---'),
      '    blueGreen: { activeService: web-stable }\n',
    );
    const [aimed] = read(edit(text, ...behind(scaler))).others;
    expect(aimed?.object['spec']).toEqual({
      maxReplicas: 9,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    });
  });

  test('nothing is nothing', () => {
    expect(readWorkloads([], 'shop')).toEqual({
      ok: true,
      value: { workloads: [], templates: [], others: [] },
    });
  });
});

const rows: readonly BadRow[] = [
  [
    'replicas below 0',
    'replicas: 5',
    'replicas: -5',
    'InvalidSpec web.yaml:7: Rollout web: spec.replicas: -5 is below 0; use 0 or more',
  ],
  [
    'replicas in quotes',
    'replicas: 5',
    'replicas: "5"',
    'InvalidSpec web.yaml:7: Rollout web: spec.replicas: must be a whole number, not a text; write a whole number without quotes',
  ],
  [
    'a deadline that leaves no time',
    'progressDeadlineSeconds: 120',
    'progressDeadlineSeconds: 5',
    'InvalidSpec web.yaml:9: Rollout web: spec.progressDeadlineSeconds: 5 s is not more than the 5 s of minReadySeconds; raise it, or lower minReadySeconds',
  ],
  [
    'a restart at no time',
    'replicas: 5',
    'restartAt: tomorrow',
    'InvalidSpec web.yaml:7: Rollout web: spec.restartAt: "tomorrow" is no point in time; write it as in 2026-01-31T12:00:00Z',
  ],
  [
    'misspelt limits and windows',
    'replicas: 5',
    'rollbackWindow: { revision: 3 }\n  analysis: { successRunHistoryLimit: 1 }',
    'UnknownField web.yaml:7: Rollout web: spec.rollbackWindow.revision: unknown field; did you mean "revisions"?',
    'UnknownField web.yaml:8: Rollout web: spec.analysis.successRunHistoryLimit: unknown field; remove it',
  ],
  [
    'a misspelt field of the spec',
    'replicas: 5',
    'replcas: 5',
    'UnknownField web.yaml:7: Rollout web: spec.replcas: unknown field; did you mean "replicas"?',
  ],
  [
    'a misspelt field beside the spec',
    'spec:\n  replicas',
    'sepc: {}\nspec:\n  replicas',
    'UnknownField web.yaml:6: Rollout web: sepc: unknown field; did you mean "spec"?',
  ],
  [
    'a misspelt field of the metadata',
    labels,
    'label: { team: front }',
    'UnknownField web.yaml:5: Rollout web: metadata.label: unknown field; did you mean "labels"?',
  ],
  [
    'no spec',
    spec,
    '',
    'InvalidSpec web.yaml:1: Rollout web: spec: is missing; write selector, template and strategy',
  ],
  [
    'unknown annotations of Belay',
    labels,
    'annotations: { belay.dev/config-rollouts: "false", belay.dev/foo: x }',
    'UnknownField web.yaml:5: Rollout web: metadata.annotations["belay.dev/config-rollouts"]: unknown annotation; did you mean "belay.dev/config-rollout"?',
    'UnknownField web.yaml:5: Rollout web: metadata.annotations["belay.dev/foo"]: unknown annotation; known here: belay.dev/config-rollout',
  ],
  [
    'annotations with wrong values',
    labels,
    'annotations: { belay.dev/config-rollout: "no", example.com/x: off }',
    'InvalidSpec web.yaml:5: Rollout web: metadata.annotations["example.com/x"]: must be a text, not the boolean false; write it in quotes: YAML reads y, n, yes, no, on and off as true and false',
    'InvalidSpec web.yaml:5: Rollout web: metadata.annotations["belay.dev/config-rollout"]: "no" is none of true, false; use one of: true, false',
  ],
  [
    'annotations that are about the whole application',
    labels,
    'annotations: { belay.dev/write-back: hold, belay.dev/sync-timeout: 5m }',
    'InvalidSpec web.yaml:5: Rollout web: metadata.annotations["belay.dev/write-back"]: is about a whole application and has no effect here; write it on the Application',
    'InvalidSpec web.yaml:5: Rollout web: metadata.annotations["belay.dev/sync-timeout"]: is about a whole application and has no effect here; write it on the Application',
  ],
  [
    'an unknown version',
    'argoproj.io/v1alpha1',
    'argoproj.io/v1',
    'InvalidSpec web.yaml:1: Rollout web: apiVersion: version argoproj.io/v1 is unknown; write argoproj.io/v1alpha1',
  ],
  [
    'an object with and one without the namespace of the application',
    ...behind(
      'apiVersion: v1\nkind: Service\nmetadata: { name: web-preview, namespace: shop }\nspec: { selector: { app: web } }',
    ),
    'DuplicateObject web.yaml:40: Service web-preview: is already in web.yaml:30; remove one of the two, or give them different names',
  ],
  [
    'a Deployment of the same name',
    ...behind(deploymentText('web')),
    'DuplicateObject web.yaml:1: Rollout web: it becomes a Deployment of the same name, but there is Deployment web (web.yaml:31) already; remove one of the two, or refer to the Deployment by spec.workloadRef',
  ],
  [
    'a Deployment in the place of the canary',
    ...behind(deploymentText('web-canary')),
    'InvalidSpec web.yaml:33: Deployment web-canary: metadata.name: the name is taken: the canary of Rollout web is called web-canary; rename one of the two',
  ],
  [
    'a Rollout in the place of the canary',
    ...behind(
      between(rolloutText, 'apiVersion', '    canary:').replace('name: web\n', 'name: web-canary\n') +
        '    canary: {}',
    ),
    'InvalidSpec web.yaml:33: Rollout web-canary: metadata.name: the name is taken: the canary of Rollout web is called web-canary; rename one of the two',
  ],
  [
    'an autoscaler of the Rollout',
    ...behind(
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec:\n  scaleTargetRef: { apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web }',
    ),
    'Unsupported web.yaml:34: HorizontalPodAutoscaler web: spec.scaleTargetRef: it would scale Rollout web by the pods of its canary too, whose number is the weight; write trafficRouting for the Rollout, remove the autoscaler, or deliver a plain Deployment',
  ],
  [
    'an autoscaler of the Deployment it becomes',
    ...behind(
      'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: web }\nspec: { scaleTargetRef: { name: web } }',
    ),
    'Unsupported web.yaml:33: ScaledObject web: spec.scaleTargetRef: it would scale Rollout web by the pods of its canary too, whose number is the weight; write trafficRouting for the Rollout, remove the autoscaler, or deliver a plain Deployment',
  ],
  [
    'an AnalysisTemplate without metrics',
    ...behind('apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: { name: success }'),
    'InvalidSpec web.yaml:30: AnalysisTemplate success: spec: is missing; write metrics',
  ],
  [
    'an Application inside an application',
    ...behind('apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: shop }'),
    'Unsupported web.yaml:30: Application shop: Application is not supported yet; give them to Belay themselves: `belay app create -f PARENT --children`',
  ],
  [
    'two Rollouts with the same Services',
    ...behind(between(rolloutText, 'apiVersion', '---').replace('name: web\n', 'name: shop\n')),
    'InvalidSpec web.yaml:50: Rollout shop: spec.strategy.canary.stableService: Service web-stable is used by Rollout web (web.yaml:1) already; give each Rollout Services of its own',
    'InvalidSpec web.yaml:51: Rollout shop: spec.strategy.canary.canaryService: Service web-preview is used by Rollout web (web.yaml:1) already; give each Rollout Services of its own',
  ],
  [
    'a Deployment of an old version',
    ...behind(deploymentText('old').replace('apps/v1', 'apps/v1beta1')),
    'InvalidSpec web.yaml:31: Deployment old: apiVersion: version apps/v1beta1 of Deployment is gone from Kubernetes; write apps/v1',
  ],
  [
    'a Deployment without selector and pods',
    ...behind(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { replicas: -1, template: {} }',
    ),
    'InvalidSpec web.yaml:33: Deployment api: spec.replicas: -1 is below 0; use 0 or more',
    'InvalidSpec web.yaml:33: Deployment api: spec.selector: is missing; write selector.matchLabels with labels of the pod template',
    'InvalidSpec web.yaml:33: Deployment api: spec.template.spec: is missing; write spec.containers with a name and an image each',
  ],
  [
    'a Deployment without spec',
    ...behind('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }'),
    'InvalidSpec web.yaml:30: Deployment api: spec: is missing; write selector and template',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(rolloutText, from, to)), 'shop'))).toEqual(expected);
});
