import {
  analysesBeside,
  analysesOfExperiment,
  analysesOfStep,
  countsText,
  metricSign,
  metricText,
  runningVerdicts,
  runText,
  titleBeside,
} from '../../src/domain/analysis-view';
import { analysed, background, failedStep, metric, outage } from '../cli/analyses';
import { minutesAgo, now, rolloutSpec, rolloutStatus } from '../client/fixtures/statuses';

const minutes = (at: number): string => `-${(now - at) / 60_000} min`;
const measured = (changes: object) =>
  metric({ measurements: [{ phase: 'Running', startedAt: minutesAgo(1), ...changes }] });

describe('a metric', () => {
  test.each([
    ['Successful', '✔'],
    ['Failed', '✖'],
    ['Inconclusive', '?'],
    ['Error', '⚠'],
    ['Running', '◌'],
    ['Pending', '◌'],
  ] as const)('that is %s has the sign %s', (phase, sign) => {
    expect(metricSign(metric({ phase }))).toBe(sign);
  });

  it('has the sign of trouble while its provider is unreachable, and its own once it is decided', () => {
    expect(metricSign(metric({ unreachableSince: now }))).toBe('⚠');
    expect(metricSign(metric({ phase: 'Failed', unreachableSince: now }))).toBe('✖');
  });

  test.each([
    [{ successful: 3, failed: 1, inconclusive: 2, error: 4 }, '✔ 3, ✖ 1, ? 2, ⚠ 4'],
    [{ successful: 0, failed: 1 }, '✖ 1'],
    [{ successful: 0 }, ''],
  ])('counts %j as "%s"', (counts, text) => {
    expect(countsText(metric(counts))).toBe(text);
  });

  test.each([
    ['has no measurement', metric({ measurements: [] }), 'not measured yet'],
    ['is being measured', measured({}), 'being measured, -1 min'],
    ['has a value', measured({ phase: 'Failed', finishedAt: now, value: '0.4' }), 'last 0.4, -0 min'],
    ['has an error', measured({ phase: 'Error', value: '1', message: 'no' }), 'last no, -1 min'],
    ['has nothing but a verdict', measured({ phase: 'Successful' }), 'last Successful, -1 min'],
    [
      'is unreachable',
      metric({ unreachableSince: minutesAgo(2), measurements: [] }),
      'provider unreachable, no reading since -2 min',
    ],
    ['counts for nothing', metric({ measurements: [], isDryRun: true }), 'not measured yet (dry run)'],
    ['only notifies', metric({ measurements: [], onFailure: 'notify' }), 'not measured yet (notify only)'],
  ])('that %s says so', (_, given, text) => {
    expect(metricText(given, minutes)).toBe(text);
  });

  it('that has failed says why, and what it was', () => {
    const [failed] = failedStep('step 1').run.metrics;
    expect(metricText(failed ?? metric(), minutes)).toBe(
      'Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0); last 0.41, -1 min',
    );
  });
});

describe('the analyses of a rollout', () => {
  const names = ['background', 'step 1', 'step 12', 'step 1: compare', 'prePromotion'];
  const status = rolloutStatus({ analyses: names.map((name) => analysed(name)) });

  it('belong to a step, to the experiment of a step, or to none', () => {
    const of = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);
    expect(of(analysesOfStep(status, 1))).toEqual(['step 1']);
    expect(of(analysesOfExperiment(status, 1))).toEqual(['compare']);
    expect(of(analysesBeside(status))).toEqual(['background', 'prePromotion']);
    expect(of(analysesBeside(rolloutStatus({})))).toEqual([]);
  });

  it('are named with their templates where the strategy has them', () => {
    const ref = {
      templates: ['slo', 'smoke'].map((templateName) => ({ templateName, clusterScope: false })),
      args: [],
      dryRun: [],
      measurementRetention: [],
      startingStep: 0,
    };
    const strategy = { kind: 'inPlace', steps: [], analysis: ref } as const;
    const spec = rolloutSpec({ strategy });
    expect(titleBeside(rolloutStatus({ spec }), 'background')).toBe('background (slo, smoke)');
    expect(titleBeside(status, 'background')).toBe('background');
  });

  it('say one sentence each while they run', () => {
    const analyses = [background, { ...outage, name: 'step 2' }, failedStep('step 3')];
    expect(runningVerdicts(rolloutStatus({ analyses }))).toEqual([
      'background: Analysis Running: 0 of 3 metrics done',
      expect.stringMatching(/^step 2: Analysis holds: Metric "success-rate" holds/),
    ]);
    expect(runningVerdicts(rolloutStatus({}))).toEqual([]);
  });

  it('tell of themselves only what no metric of theirs tells', () => {
    expect(runText(failedStep('step 1').run)).toBe('');
    expect(runText(analysed('x', { phase: 'Error', message: 'no argument' }).run)).toBe('no argument');
    expect(runText(analysed('x').run)).toBe('');
  });
});
