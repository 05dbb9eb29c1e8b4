import { stopAnalysis } from '../../../src/domain/analysis/end-run';
import { earnedBy, explainRun, holdingMetrics } from '../../../src/domain/analysis/explain';
import { startAnalysis, takeReading } from '../../../src/domain/analysis/run';
import type { AnalysisRun, MetricSpec, SequentialView } from '../../../src/domain/analysis/spec';
import { metricText, metricWord } from '../../../src/domain/analysis-view';
import { sequentialMetric } from './metric-builder';

const spec = sequentialMetric();

function view(kind: SequentialView['kind'], more: Partial<SequentialView> = {}): SequentialView {
  return {
    kind,
    sentence: `it is ${kind}`,
    stage: 1,
    history: { limits: [4.6, 3], every: 1, skipped: 0, points: [] },
    report: { evidence: 3.14159, rollbackAt: 100, promoteAt: 20, metrics: [] },
    ...more,
  };
}

/** A run after looks, ten seconds apart. */
function after(
  looks: readonly SequentialView[],
  { endsWhenEarned = false, metric = spec }: { endsWhenEarned?: boolean; metric?: MetricSpec } = {},
): AnalysisRun {
  let run = startAnalysis([metric], 0);
  for (const [index, each] of looks.entries()) {
    const startedAt = index * 10_000;
    const reading = { kind: 'sequential' as const, view: each, endsWhenEarned };
    const taken = {
      name: 'errors',
      reading,
      startedAt,
      finishedAt: startedAt + 5,
      memory: { looks: index + 1 },
    };
    run = takeReading([metric], run, taken);
  }
  return run;
}

test.each([
  ['continue', false, 'Running'],
  ['hold', false, 'Running'],
  ['promote', false, 'Running'],
  ['promote', true, 'Successful'],
  ['failed', false, 'Failed'],
  ['inconclusive', true, 'Inconclusive'],
] as const)('%s (waited for: %s) is %s', (kind, endsWhenEarned, phase) => {
  const run = after([view('continue'), view(kind)], { endsWhenEarned });
  expect(run.phase).toBe(phase);
  expect(run.metrics[0]?.sequential?.kind).toBe(kind);
});

test('a failure says the sentence of the evidence, nothing else', () => {
  const run = after([view('failed', { sentence: 'errors: stable fails 0.1 % of requests, …' })]);
  expect(explainRun(run)).toBe('Analysis Failed: errors: stable fails 0.1 % of requests, …');
});

test('memory is kept while it is needed, and gone with the end', () => {
  expect(after([view('continue'), view('continue')]).metrics[0]?.memory).toEqual({ looks: 2 });
  expect(after([view('failed')]).metrics[0]).not.toHaveProperty('memory');
  expect(stopAnalysis(after([view('continue')]), 60_000).metrics[0]).not.toHaveProperty('memory');
});

test('what cannot be told holds the rollout, and says since when', () => {
  const run = after([view('continue'), view('hold'), view('hold')]);
  expect(holdingMetrics(run)).toHaveLength(1);
  const [metric] = run.metrics;
  expect(metric?.sequential?.heldSince).toBe(10_000);
  expect(metric && metricWord(metric)).toBe('Holding');
  expect(metric && metricText(metric, String)).toBe('holds: it is hold');
  expect(holdingMetrics(after([view('hold'), view('continue')]))).toEqual([]);
});

test('and is inconclusive when it lasts longer than an outage may, never a failure', () => {
  const metric = { ...spec, holdMs: 60_000 };
  const held = (count: number) =>
    after(
      Array.from({ length: count }, () => view('hold')),
      { metric },
    );
  expect(held(6).phase).toBe('Running');
  expect(held(7)).toMatchObject({
    phase: 'Inconclusive',
    message: 'nothing could be told for too long: it is hold',
  });
});

test('ended without a single comparison it is inconclusive, otherwise successful', () => {
  expect(stopAnalysis(after([view('hold')]), 60_000)).toMatchObject({
    phase: 'Inconclusive',
    message: 'it could never compare: it is hold',
  });
  expect(stopAnalysis(after([view('continue'), view('hold')]), 60_000).phase).toBe('Successful');
});

test('a stage is earned where a pause shall end with it', () => {
  const ends = { endsPause: true as const };
  expect(earnedBy(after([view('promote', ends)]))?.stage).toBe(1);
  expect(earnedBy(after([view('promote')]))).toBeUndefined();
  expect(earnedBy(after([view('continue', ends)]))).toBeUndefined();
  expect(earnedBy(after([view('promote', ends), view('hold', ends)]))).toBeUndefined();
  expect(earnedBy(after([view('promote', ends)], { metric: { ...spec, isDryRun: true } }))).toBeUndefined();
});
