import { readWorkloads } from '../../src/domain/read-rollout';
import { between, edit, objectsIn, rolloutText, told, valueOf, type BadRow } from './read-yaml';

const canary = between(rolloutText, '    canary:', '---');
const strategy = between(rolloutText, '  strategy:', '---');
const stable = 'name: web-stable }\nspec: { selector: { app: web } }';

describe('good canaries', () => {
  const read = (from: string, to: string) =>
    valueOf(readWorkloads(objectsIn(edit(rolloutText, from, to)), 'shop')).workloads[0]?.strategy;

  test('a canary without a word has the defaults of Argo Rollouts', () => {
    expect(read(canary, '    canary: {}\n')).toEqual({
      kind: 'canary',
      steps: [],
      maxSurge: '25%',
      maxUnavailable: '25%',
      scaleDownDelayMs: 0,
    });
  });

  test.each([
    ['a share', 'maxSurge: 1', 'maxSurge: 30%', { maxSurge: '30%' }],
    [
      'a share without its sign, as Argo Rollouts takes it',
      'maxSurge: 1',
      'maxSurge: "30"',
      { maxSurge: '30%' },
    ],
    [
      'a delay before the old pods go',
      'maxSurge: 1',
      'scaleDownDelaySeconds: 30',
      { scaleDownDelayMs: 30_000 },
    ],
    [
      'pods rather away from others',
      'maxSurge: 1',
      'antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 40 } }',
      { antiAffinity: { kind: 'preferred', weight: 40 } },
    ],
    [
      'labels by role',
      'maxSurge: 1',
      'canaryMetadata: { labels: { role: canary } }\n      stableMetadata: { annotations: { role: stable } }',
      {
        canaryMetadata: { labels: { role: 'canary' }, annotations: {} },
        stableMetadata: { labels: {}, annotations: { role: 'stable' } },
      },
    ],
    [
      'a threshold in percent',
      'maxSurge: 1',
      'replicaProgressThreshold: { type: Percent, value: 90 }',
      { replicaProgressThreshold: '90%' },
    ],
    [
      'a threshold in pods',
      'maxSurge: 1',
      'replicaProgressThreshold: { type: Pods, value: 3 }',
      { replicaProgressThreshold: 3 },
    ],
    [
      'a limit of old versions, without effect',
      'maxSurge: 1',
      'scaleDownDelayRevisionLimit: 2',
      { maxSurge: '25%' },
    ],
    [
      'an empty name of a Service',
      'stableService: web-stable',
      'stableService: ""',
      { canaryService: 'web-preview' },
    ],
    [
      'a refused field that asks for nothing',
      'maxSurge: 1',
      'dynamicStableScale: false',
      { maxSurge: '25%' },
    ],
    [
      'a Service that Argo has pinned',
      stable,
      'name: web-stable }\nspec: { selector: { app: web, rollouts-pod-template-hash: abc } }',
      { stableService: 'web-stable' },
    ],
    [
      'a Service in the namespace of the application',
      'metadata: { name: web-stable }',
      'metadata: { name: web-stable, namespace: shop }',
      { stableService: 'web-stable' },
    ],
  ])('reads %s', (_name, from, to, expected) => {
    expect(read(from, to)).toMatchObject(expected);
  });
});

describe('a router', () => {
  const ingress = `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules: [{ host: web.example, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web-stable, port: { number: 80 } } } }] } }]
`;
  const scaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { maxReplicas: 9, scaleTargetRef: { apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web } }
`;
  const routed = edit(rolloutText, 'maxSurge: 1', 'trafficRouting: { nginx: { stableIngress: web } }');

  test('is read, brings its delays, and leaves the count to an autoscaler', () => {
    const { workloads, others } = valueOf(readWorkloads(objectsIn(routed + ingress + scaler), 'shop'));
    expect(workloads[0]?.strategy).toMatchObject({
      routing: { router: { kind: 'nginx', stableIngresses: ['web'] }, maxTrafficWeight: 100 },
      scaleDownDelayMs: 30_000,
      abortScaleDownDelayMs: 30_000,
    });
    expect(others.at(-1)?.object['spec']).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    });
  });

  test('has its objects in the revision', () => {
    expect(told(readWorkloads(objectsIn(routed), 'shop'))).toEqual([
      'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.trafficRouting: Ingress web is not in this revision; add its manifest, or mend the name',
    ]);
  });

  test('sends traffic to two Services', () => {
    const text = edit(routed, '      canaryService: web-preview\n', '') + ingress;
    expect(told(readWorkloads(objectsIn(text), 'shop'))).toEqual([
      'InvalidSpec web.yaml:20: Rollout web: spec.strategy.canary.canaryService: is missing, and the router nginx sends traffic to it; name a Service of this revision',
    ]);
  });
});

const rows: readonly BadRow[] = [
  [
    'maxSurge and maxUnavailable both 0',
    'maxSurge: 1',
    'maxSurge: 0%',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.maxSurge: maxSurge and maxUnavailable are both 0, so no pod could ever be replaced; raise one of them',
  ],
  [
    'a maxSurge below 0',
    'maxSurge: 1',
    'maxSurge: -1',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.maxSurge: -1 is neither a whole number of pods nor a percentage; write a number such as 1 or a percentage such as "25%", not below 0',
  ],
  [
    'a maxSurge that is no number',
    'maxSurge: 1',
    'maxSurge: some',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.maxSurge: some is neither a whole number of pods nor a percentage; write a number such as 1 or a percentage such as "25%", not below 0',
  ],
  [
    'a negative scale-down delay',
    'maxSurge: 1',
    'scaleDownDelaySeconds: -1',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.scaleDownDelaySeconds: -1 is below 0; use 0 or more',
  ],
  [
    'a router that is wrong, and not what needs one',
    'maxSurge: 1',
    'minPodsPerReplicaSet: 2\n      trafficRouting: {}',
    'InvalidSpec web.yaml:24: Rollout web: spec.strategy.canary.trafficRouting: names no router; use Istio, nginx, ALB, SMI, Traefik, or the Gateway API (plugins.argoproj-labs/gatewayAPI)',
  ],
  [
    'background analysis without templates',
    'maxSurge: 1',
    'analysis: { templates: [] }',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.analysis.templates: names no template; write templates with a templateName each',
  ],
  [
    'dynamicStableScale without a router',
    'maxSurge: 1',
    'dynamicStableScale: true',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.dynamicStableScale: dynamicStableScale needs a traffic router; write trafficRouting, or remove it: weights are made by replica counts',
  ],
  [
    'a delay after an abort without a router, even of 0',
    'maxSurge: 1',
    'abortScaleDownDelaySeconds: 0',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.abortScaleDownDelaySeconds: abortScaleDownDelaySeconds needs a traffic router; remove it: without a router the pods of an aborted canary go at once',
  ],
  [
    'several wrong fields at once',
    'maxSurge: 1',
    'pingPong: {}\n      minPodsPerReplicaSet: 2\n      antiAffinity: {}',
    'Unsupported web.yaml:23: Rollout web: spec.strategy.canary.pingPong: pingPong is not supported yet; use stableService and canaryService',
    'InvalidSpec web.yaml:24: Rollout web: spec.strategy.canary.minPodsPerReplicaSet: minPodsPerReplicaSet needs a traffic router; write trafficRouting, or remove it: weights are made by replica counts',
    'InvalidSpec web.yaml:25: Rollout web: spec.strategy.canary.antiAffinity: must give one of requiredDuringSchedulingIgnoredDuringExecution and preferredDuringSchedulingIgnoredDuringExecution; write `requiredDuringSchedulingIgnoredDuringExecution: {}`, or preferredDuringSchedulingIgnoredDuringExecution with a weight',
  ],
  [
    'a threshold above everything',
    'maxSurge: 1',
    'replicaProgressThreshold: { type: Percent, value: 101 }',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.replicaProgressThreshold.value: 101 is above 100; use 100 or less',
  ],
  [
    'anti-affinity of no weight',
    'maxSurge: 1',
    'antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 0 } }',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.antiAffinity.preferredDuringSchedulingIgnoredDuringExecution.weight: 0 is below 1; use 1 or more',
  ],
  [
    'a threshold without a word',
    'maxSurge: 1',
    'replicaProgressThreshold: {}',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.replicaProgressThreshold.type: is missing; write Percent or Pods',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.canary.replicaProgressThreshold.value: is missing; write how many have to be available',
  ],
  [
    'a misspelt field',
    'maxSurge: 1',
    'maxSurg: 1',
    'UnknownField web.yaml:23: Rollout web: spec.strategy.canary.maxSurg: unknown field; did you mean "maxSurge"?',
  ],
  [
    'a field of nowhere',
    'maxSurge: 1',
    'speed: 1',
    'UnknownField web.yaml:23: Rollout web: spec.strategy.canary.speed: unknown field; remove it',
  ],
  [
    'both strategies',
    '    canary:',
    '    blueGreen: { activeService: web }\n    canary:',
    'InvalidSpec web.yaml:19: Rollout web: spec.strategy: canary and blueGreen are both given; keep one of them',
    'InvalidSpec web.yaml:20: Rollout web: spec.strategy.blueGreen.activeService: Service web is not in this revision; add its manifest, or mend the name',
  ],
  [
    'no strategy',
    strategy,
    '',
    'InvalidSpec web.yaml:6: Rollout web: spec.strategy: is missing; write strategy.canary or strategy.blueGreen',
  ],
  [
    'an empty strategy',
    strategy,
    '  strategy: {}\n',
    'InvalidSpec web.yaml:19: Rollout web: spec.strategy: gives neither canary nor blueGreen; write `canary: {}` at least',
  ],
  [
    'a strategy without value',
    canary,
    '    canary:\n',
    'InvalidSpec web.yaml:19: Rollout web: spec.strategy: gives neither canary nor blueGreen; write `canary: {}` at least',
  ],
  [
    'a misspelt strategy',
    '    canary:',
    '    canari:',
    'UnknownField web.yaml:20: Rollout web: spec.strategy.canari: unknown field; did you mean "canary"?',
  ],
  [
    'the strategy of a Deployment',
    '    canary:',
    '    type: RollingUpdate\n    canary:',
    'UnknownField web.yaml:20: Rollout web: spec.strategy.type: unknown field; remove it',
  ],
  [
    'a canary that is a word',
    canary,
    '    canary: yes\n',
    'InvalidSpec web.yaml:20: Rollout web: spec.strategy.canary: must be a map of fields, not the boolean true; write its fields below it',
  ],
  [
    'the same Service twice',
    'canaryService: web-preview',
    'canaryService: web-stable',
    'InvalidSpec web.yaml:22: Rollout web: spec.strategy.canary.canaryService: Service web-stable is both stableService and canaryService; name two different Services',
  ],
  [
    'a misspelt Service',
    'canaryService: web-preview',
    'canaryService: web-prevew',
    'InvalidSpec web.yaml:22: Rollout web: spec.strategy.canary.canaryService: Service web-prevew is not in this revision; did you mean "web-preview"?',
  ],
  [
    'a Service that is not there',
    'stableService: web-stable',
    'stableService: shop',
    'InvalidSpec web.yaml:21: Rollout web: spec.strategy.canary.stableService: Service shop is not in this revision; add its manifest, or mend the name',
  ],
  [
    'a Service of other pods',
    stable,
    'name: web-stable }\nspec: { selector: { app: shop } }',
    'InvalidSpec web.yaml:21: Rollout web: spec.strategy.canary.stableService: Service web-stable selects app=shop, which the pods of this rollout do not have; make the selector at web.yaml:33 match',
  ],
  [
    'a Service without selector',
    stable,
    'name: web-stable }\nspec: {}',
    'InvalidSpec web.yaml:21: Rollout web: spec.strategy.canary.stableService: Service web-stable has no selector; write the labels of the pods at web.yaml:33',
  ],
  [
    'a Service in another namespace',
    'metadata: { name: web-stable }',
    'metadata: { name: web-stable, namespace: other }',
    'InvalidSpec web.yaml:21: Rollout web: spec.strategy.canary.stableService: Service web-stable is not in this revision; add its manifest, or mend the name',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(rolloutText, from, to)), 'shop'))).toEqual(expected);
});
