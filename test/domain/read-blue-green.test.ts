import { readWorkloads } from '../../src/domain/read-rollout';
import { between, edit, objectsIn, rolloutText, told, valueOf, type BadRow } from './read-yaml';

const blueGreenText = edit(
  rolloutText,
  between(rolloutText, '    canary:', '---'),
  `    blueGreen:
      activeService: web-stable
      previewService: web-preview
      autoPromotionEnabled: false
`,
);
const enabled = 'autoPromotionEnabled: false';

describe('good blue-green strategies', () => {
  const read = (from: string, to: string) =>
    valueOf(readWorkloads(objectsIn(edit(blueGreenText, from, to)), 'shop')).workloads[0]?.strategy;

  test('one Service is enough, and the rest has the defaults of Argo Rollouts', () => {
    const [whole] = [between(blueGreenText, '    blueGreen:', '---')];
    expect(read(whole, '    blueGreen: { activeService: web-stable }\n')).toEqual({
      kind: 'blueGreen',
      activeService: 'web-stable',
      autoPromotionEnabled: true,
      maxUnavailable: '25%',
      scaleDownDelayMs: 30_000,
      abortScaleDownDelayMs: 30_000,
    });
  });

  test.each([
    ['a person promotes', enabled, enabled, { autoPromotionEnabled: false, previewService: 'web-preview' }],
    ['promotion after a while', enabled, 'autoPromotionSeconds: 45', { autoPromotionMs: 45_000 }],
    ['a smaller preview', enabled, 'previewReplicaCount: 1', { previewReplicaCount: 1 }],
    ['no wait for old pods', enabled, 'scaleDownDelaySeconds: 0', { scaleDownDelayMs: 0 }],
    ['a wait after an abort', enabled, 'abortScaleDownDelaySeconds: 60', { abortScaleDownDelayMs: 60_000 }],
    [
      'a limit of old versions, without effect',
      enabled,
      'scaleDownDelayRevisionLimit: 2',
      { kind: 'blueGreen' },
    ],
    ['pods missing at a restart', enabled, 'maxUnavailable: 1', { maxUnavailable: 1 }],
    [
      'pods away from others',
      enabled,
      'antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} }',
      { antiAffinity: { kind: 'required' } },
    ],
    [
      'labels by role',
      enabled,
      'activeMetadata: { labels: { role: active } }\n      previewMetadata: { annotations: { role: preview } }',
      {
        stableMetadata: { labels: { role: 'active' }, annotations: {} },
        canaryMetadata: { labels: {}, annotations: { role: 'preview' } },
      },
    ],
  ])('reads %s', (_name, from, to, expected) => {
    expect(read(from, to)).toMatchObject(expected);
  });

  test('autoPromotionSeconds of 0 says nothing', () => {
    expect(read(enabled, 'autoPromotionSeconds: 0')).not.toHaveProperty('autoPromotionMs');
  });

  test('autoPromotionSeconds does not promote where a person has to', () => {
    const strategy = read(enabled, `${enabled}\n      autoPromotionSeconds: 45`);
    expect(strategy).toMatchObject({ autoPromotionEnabled: false });
    expect(strategy).not.toHaveProperty('autoPromotionMs');
  });
});

const rows: readonly BadRow[] = [
  [
    'no active Service',
    '      activeService: web-stable\n',
    '',
    'InvalidSpec web.yaml:20: Rollout web: spec.strategy.blueGreen.activeService: is missing; name the Service that gives users to the active version',
  ],
  [
    'one Service in two roles',
    'previewService: web-preview',
    'previewService: web-stable',
    'InvalidSpec web.yaml:22: Rollout web: spec.strategy.blueGreen.previewService: Service web-stable is both activeService and previewService; name two different Services',
  ],
  [
    'a misspelt Service',
    'previewService: web-preview',
    'previewService: web-prevew',
    'InvalidSpec web.yaml:22: Rollout web: spec.strategy.blueGreen.previewService: Service web-prevew is not in this revision; did you mean "web-preview"?',
  ],
  [
    'a Service of other pods',
    'name: web-stable }\nspec: { selector: { app: web } }',
    'name: web-stable }\nspec: { selector: { app: api } }',
    'InvalidSpec web.yaml:21: Rollout web: spec.strategy.blueGreen.activeService: Service web-stable selects app=api, which the pods of this rollout do not have; make the selector at web.yaml:28 match',
  ],
  [
    'pods of an abort that stay for ever',
    enabled,
    'abortScaleDownDelaySeconds: 0',
    'Unsupported web.yaml:23: Rollout web: spec.strategy.blueGreen.abortScaleDownDelaySeconds: keeping the pods of an aborted rollout for ever (0) is not supported yet; write a long delay such as 86400, a day',
  ],
  [
    'a preview without pods',
    enabled,
    'previewReplicaCount: 0',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.blueGreen.previewReplicaCount: 0 is below 1; use 1 or more',
  ],
  [
    'an analysis of a template that is not there',
    enabled,
    'prePromotionAnalysis: { templates: [{ templateName: smoke }] }',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.blueGreen.prePromotionAnalysis.templates: there is no AnalysisTemplate smoke; add it beside the other manifests',
  ],
  [
    'a field of canaries',
    enabled,
    'steps: []',
    'UnknownField web.yaml:23: Rollout web: spec.strategy.blueGreen.steps: unknown field; remove it',
  ],
  [
    'a label that only Belay writes',
    enabled,
    'previewMetadata: { labels: { belay.dev/rollout: x } }',
    'InvalidSpec web.yaml:23: Rollout web: spec.strategy.blueGreen.previewMetadata.labels["belay.dev/rollout"]: labels under belay.dev/ are Belay\'s own; remove it, or give it a prefix of your own',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(blueGreenText, from, to)), 'shop'))).toEqual(expected);
});
