import { toJson } from '../../src/cli/output/data';
import { rolloutView } from '../../src/cli/views/rollout-view';
import { plainStyle } from '../../src/cli/output/style';
import type { View } from '../../src/cli/output/view';
import { ago } from '../../src/domain/explain-time';
import type { RolloutStatus, SideStatus } from '../../src/domain/rollout-status';
import type { BlueGreenStrategy } from '../../src/domain/strategy';
import { minutesAgo, now, rolloutSpec, rolloutStatus } from '../client/fixtures/statuses';
import { analysed, background, failedStep, metric, outage } from './analyses';

const view: View = { style: plainStyle, now, when: (at) => ago(at, now) };
const shown = (changes: Partial<RolloutStatus>) =>
  `\n${rolloutView(rolloutStatus(changes), view).join('\n')}\n`;
/** The tree alone: what is below the header. */
const tree = (changes: Partial<RolloutStatus>) => {
  const text = shown(changes);
  return text.slice(text.indexOf('\n\n') + 1);
};
const side = (image: string, pods: number, ready = pods): SideStatus => ({
  images: [image],
  desired: pods,
  current: pods,
  ready,
  available: ready,
});
const ref = (templateName: string) => ({
  templates: [{ templateName, clusterScope: false }],
  args: [],
  dryRun: [],
  measurementRetention: [],
});

test('shows a canary with a background analysis that runs', () => {
  const pods = {
    at: minutesAgo(3),
    stable: { ...side('shop/web:1', 2), images: ['shop/web:1', 'log:4'] },
    canary: { ...side('shop/web:2', 2, 1), images: ['shop/web:2', 'log:4'] },
  };
  const { strategy } = rolloutSpec();
  if (strategy.kind !== 'canary') throw new Error('the fixture is a canary');
  const spec = rolloutSpec({ strategy: { ...strategy, analysis: { ...ref('slo'), startingStep: 1 } } });
  expect(shown({ spec, pods, actualWeight: 33, analyses: [background] })).toMatchInlineSnapshot(`
   "
   Name:             web
   Namespace:        shop
   Application:      web
   Status:           ॥ Paused
   Message:          waits for promotion
   Since:            3 min ago
   Strategy:         Canary
     Step:           3/4
     SetWeight:      50
     ActualWeight:   33
   Images:           shop/web:1 (stable)
                     log:4 (stable)
                     shop/web:2 (canary)
                     log:4 (canary)
   Replicas:         counted 3 min ago
     Desired:        4 (stable 2, canary 2)
     Current:        4 (stable 2, canary 2)
     Updated:        2
     Ready:          3 (stable 2, canary 1)
     Available:      3 (stable 2, canary 1)
   New revision:     9ab12cd
   Good revision:    3f2c1aa
   Started:          6 min ago

   STEP                        STATE       SINCE       INFO
   ⟳ web                       ॥ Paused
   ├──✔ setWeight 10           done        5 min ago
   ├──✔ pause 1 min            done        4 min ago
   ├──✔ setWeight 50           done        3 min ago
   ├──॥ pause until promoted   now         3 min ago
   └──α background (slo)       ◌ Running   4 min ago
      ├──success-rate          ◌ Running               ✔ 3; last 0.97, 10 s ago
      ├──latency               ◌ Running               ✔ 1, ? 1, ⚠ 1; last result is no number, 5 s ago
      └──saturation            ◌ Running               not measured yet (dry run)
   "
  `);
});

test('shows a failed analysis below its step', () => {
  const steps: RolloutStatus['steps'] = [
    { step: { kind: 'setWeight', weight: 10 }, mark: 'done', at: minutesAgo(5) },
    { step: { kind: 'analysis', analysis: ref('slo') }, mark: 'now', at: minutesAgo(4) },
    { step: { kind: 'setWeight', weight: 50 }, mark: 'next' },
  ];
  expect(tree({ phase: 'Degraded', steps, analyses: [failedStep('step 2')] })).toMatchInlineSnapshot(`
   "
   STEP                    STATE          SINCE       INFO
   ⟳ web                   ✖ Degraded
   ├──✔ setWeight 10       done           5 min ago
   ├──✖ analysis slo       now            4 min ago
   │  └──α step 2          ✖ Failed       1 min ago
   │     ├──success-rate   ✖ Failed                   ✔ 1, ✖ 1; Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0); last 0.41, 1 min ago
   │     └──latency        ✔ Successful               ✔ 2; last 0.97, 10 s ago
   └──· setWeight 50
   "
  `);
});

test('says since when a provider is unreachable', () => {
  expect(tree({ steps: [], analyses: [outage] })).toMatchInlineSnapshot(`
   "
   STEP                 STATE           SINCE       INFO
   ⟳ web                ॥ Paused
   └──α background      ◌ Running       4 min ago
      └──success-rate   ⚠ Unreachable               ✔ 3, ⚠ 4; provider unreachable, no reading since 2 min ago: connect ECONNREFUSED 10.0.0.9:9090
   "
  `);
});

test('writes the times of an analysis as ISO 8601 for programs', () => {
  const text = toJson(rolloutStatus({ analyses: [outage] }));
  expect(text).toContain('"unreachableSince": "2026-03-01T11:58:00.000Z"');
  expect(text).toContain('"finishedAt": "2026-03-01T11:59:59.000Z"');
});

test('shows inconclusive metrics, measurements under way, and what a run itself complains of', () => {
  const under = metric({
    name: 'load-test',
    count: 0,
    successful: 0,
    measurements: [{ phase: 'Running', startedAt: minutesAgo(1) }],
  });
  const unsure = metric({
    phase: 'Inconclusive',
    inconclusive: 1,
    message: 'Metric "success-rate" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)',
    onFailure: 'notify',
  });
  const analyses = [
    analysed('background', { metrics: [under, unsure] }),
    analysed('other', { phase: 'Error', metrics: [], message: 'no value for the argument "service"' }),
  ];
  expect(tree({ steps: [], analyses })).toMatchInlineSnapshot(`
   "
   STEP                 STATE            SINCE       INFO
   ⟳ web                ॥ Paused
   ├──α background      ◌ Running        4 min ago
   │  ├──load-test      ◌ Running                    being measured, 1 min ago
   │  └──success-rate   ? Inconclusive               ✔ 3, ? 1; Metric "success-rate" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0) (notify only); last 0.97, 10 s ago
   └──α other           ⚠ Error          4 min ago   no value for the argument "service"
   "
  `);
});

const blueGreen: BlueGreenStrategy = {
  kind: 'blueGreen',
  activeService: 'web',
  previewService: 'web-preview',
  autoPromotionEnabled: false,
  maxUnavailable: 0,
  scaleDownDelayMs: 30_000,
  prePromotionAnalysis: ref('smoke'),
  postPromotionAnalysis: ref('slo'),
};

test('shows blue-green before its switch', () => {
  const before = shown({
    spec: rolloutSpec({ strategy: blueGreen }),
    steps: [],
    message: 'BlueGreenPause: waiting for `belay promote web`',
    weight: 0,
    actualWeight: 0,
    pods: { at: minutesAgo(2), stable: side('shop/web:1', 4), canary: side('shop/web:2', 1) },
    analyses: [analysed('prePromotion', { phase: 'Successful', finishedAt: minutesAgo(3) })],
  });
  expect(before).toMatchInlineSnapshot(`
   "
   Name:            web
   Namespace:       shop
   Application:     web
   Status:          ॥ Paused
   Message:         BlueGreenPause: waiting for \`belay promote web\`
   Since:           3 min ago
   Strategy:        BlueGreen
   Images:          shop/web:1 (stable, active)
                    shop/web:2 (preview)
   Replicas:        counted 2 min ago
     Desired:       5 (stable 4, preview 1)
     Current:       5 (stable 4, preview 1)
     Updated:       1
     Ready:         5 (stable 4, preview 1)
     Available:     5 (stable 4, preview 1)
   New revision:    9ab12cd
   Good revision:   3f2c1aa
   Started:         6 min ago

   STEP                        STATE          SINCE       INFO
   ⟳ web                       ॥ Paused
   └──α prePromotion (smoke)   ✔ Successful   3 min ago
      └──success-rate          ✔ Successful               ✔ 3; last 0.97, 10 s ago
   "
  `);
});

test('shows blue-green after its switch', () => {
  const after = shown({
    spec: rolloutSpec({ strategy: blueGreen }),
    steps: [],
    phase: 'Progressing',
    message: 'waiting for analysis postPromotion to complete',
    weight: 100,
    actualWeight: 100,
    pods: { at: minutesAgo(1), stable: side('shop/web:1', 4), canary: side('shop/web:2', 4) },
    analyses: [
      analysed('prePromotion', { phase: 'Successful', finishedAt: minutesAgo(3) }),
      analysed('postPromotion', { phase: 'Pending', metrics: [] }),
    ],
  });
  expect(after).toMatchInlineSnapshot(`
   "
   Name:            web
   Namespace:       shop
   Application:     web
   Status:          ◌ Progressing
   Message:         waiting for analysis postPromotion to complete
   Since:           3 min ago
   Strategy:        BlueGreen
   Images:          shop/web:1 (stable)
                    shop/web:2 (active)
   Replicas:        counted 1 min ago
     Desired:       8 (stable 4, active 4)
     Current:       8 (stable 4, active 4)
     Updated:       4
     Ready:         8 (stable 4, active 4)
     Available:     8 (stable 4, active 4)
   New revision:    9ab12cd
   Good revision:   3f2c1aa
   Started:         6 min ago

   STEP                        STATE           SINCE       INFO
   ⟳ web                       ◌ Progressing
   ├──α prePromotion (smoke)   ✔ Successful    3 min ago
   │  └──success-rate          ✔ Successful                ✔ 3; last 0.97, 10 s ago
   └──α postPromotion (slo)    ◌ Pending       4 min ago
   "
  `);
});

test('counts the pods of a promoted rollout as updated', () => {
  const outcome = { kind: 'promoted', way: 'adopted' } as const;
  const pods = { at: now, stable: side('shop/web:2', 4) };
  const text = shown({ phase: 'Healthy', outcome, actualWeight: 100, weight: 100, pods });
  expect(text.slice(text.indexOf('Images'), text.indexOf('New revision'))).toMatchInlineSnapshot(`
   "Images:           shop/web:2 (stable)
   Replicas:         counted just now
     Desired:        4
     Current:        4
     Updated:        4
     Ready:          4
     Available:      4
   "
  `);
});

test('shows an experiment with its analyses below its step', () => {
  const template = { replicas: 1, labels: {}, annotations: {} };
  const experiment = {
    templates: [
      { ...template, name: 'baseline', specRef: 'stable' },
      { ...template, name: 'new', specRef: 'canary' },
    ],
    analyses: [{ ...ref('compare'), name: 'compare', requiredForCompletion: true }],
    scaleDownDelayMs: 30_000,
  } as const;
  const steps: RolloutStatus['steps'] = [
    { step: { kind: 'experiment', experiment }, mark: 'now', at: minutesAgo(4) },
    { step: { kind: 'setWeight', weight: 50 }, mark: 'next' },
  ];
  const experiments = [{ step: 1, phase: 'Running', since: minutesAgo(3) }] as const;
  expect(tree({ phase: 'Progressing', steps, experiments, analyses: [analysed('step 1: compare')] }))
    .toMatchInlineSnapshot(`
   "
   STEP                            STATE           SINCE       INFO
   ⟳ web                           ◌ Progressing
   ├──◌ experiment baseline, new   now             4 min ago
   │  └──Σ experiment              ◌ Running       3 min ago
   │     └──α compare              ◌ Running       4 min ago
   │        └──success-rate        ◌ Running                   ✔ 3; last 0.97, 10 s ago
   └──· setWeight 50
   "
  `);
  const failed = [
    { step: 1, phase: 'Failed', since: minutesAgo(1), message: 'analysis compare Failed' },
  ] as const;
  expect(tree({ phase: 'Degraded', steps, experiments: failed, analyses: [failedStep('step 1: compare')] }))
    .toMatchInlineSnapshot(`
   "
   STEP                            STATE          SINCE       INFO
   ⟳ web                           ✖ Degraded
   ├──✖ experiment baseline, new   now            4 min ago
   │  └──Σ experiment              ✖ Failed       1 min ago   analysis compare Failed
   │     └──α compare              ✖ Failed       1 min ago
   │        ├──success-rate        ✖ Failed                   ✔ 1, ✖ 1; Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0); last 0.41, 1 min ago
   │        └──latency             ✔ Successful               ✔ 2; last 0.97, 10 s ago
   └──· setWeight 50
   "
  `);
});

test('shows hooks that ran, that failed, that were taken back, and that are still to come', () => {
  const spec = rolloutSpec({
    hooks: [
      { name: 'backup', phase: 'pre' },
      { name: 'migrate', phase: 'pre', undo: 'migrate-down' },
      { name: 'warm-up', phase: 'pre' },
      { name: 'announce', phase: 'post' },
    ],
  });
  const hooks: RolloutStatus['hooks'] = [
    { name: 'backup', phase: 'pre', mark: 'undone', at: minutesAgo(1) },
    {
      name: 'migrate',
      phase: 'pre',
      mark: 'failed',
      at: minutesAgo(2),
      sentence: 'Job migrate\nended with 3',
    },
    { name: 'warm-up', phase: 'pre', mark: 'done', at: minutesAgo(2) },
  ];
  const steps: RolloutStatus['steps'] = [{ step: { kind: 'setWeight', weight: 10 }, mark: 'next' }];
  expect(tree({ spec, hooks, steps, phase: 'Degraded' })).toMatchInlineSnapshot(`
   "
   STEP                STATE        SINCE       INFO
   ⟳ web               ✖ Degraded
   ├──⊞ backup         - undone     1 min ago   before the first pod
   ├──⊞ migrate        ✖ failed     2 min ago   Job migrate ended with 3
   ├──⊞ warm-up        ✔ done       2 min ago   before the first pod
   ├──· setWeight 10
   └──⊞ announce                                after the promotion
   "
  `);
});
