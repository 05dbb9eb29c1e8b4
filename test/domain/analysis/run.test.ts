import {
  dueMetrics,
  isOver,
  startAnalysis,
  stopAnalysis,
  takeReading,
  takeReadings,
} from '../../../src/domain/analysis/run';
import type { Measurement, MetricSpec } from '../../../src/domain/analysis/spec';
import {
  bad,
  between,
  good,
  metric,
  metricOf,
  once,
  outage,
  play,
  playOne,
  start,
  taken,
  unclear,
} from './metric-builder';

const named = (name: string, own: Partial<MetricSpec> = {}) => metric({ name, ...own });

test('starts running, with nothing measured', () => {
  const run = startAnalysis([named('a'), named('b', { isDryRun: true, onFailure: 'pause' })], start);
  expect(run).toMatchObject({ phase: 'Running', startedAt: start });
  expect(run.metrics.map(({ phase, isDryRun, onFailure }) => [phase, isDryRun, onFailure])).toEqual([
    ['Pending', undefined, undefined],
    ['Pending', true, 'pause'],
  ]);
  expect(isOver(run)).toBe(false);
});

test('without metrics is in error at once', () => {
  expect(startAnalysis([], start)).toMatchObject({ phase: 'Error', message: 'no metrics specified' });
});

describe('a run of several metrics', () => {
  const a = named('a', { count: 2 });
  const b = named('b', { count: 1 });
  const dry = named('dry', { isDryRun: true, count: 1 });
  const told = named('told', { onFailure: 'notify', count: 1 });
  test.each<[string, readonly MetricSpec[], readonly string[], string]>([
    ['is not failed by a metric that only tells', [a, told], ['told-', 'a+', 'a+'], 'Successful'],
    ['of metrics that only tell succeeds', [told], ['told-'], 'Successful'],
  ])('%s', (_name, metrics, readings, phase) => {
    expect(play(metrics, readings).phase).toBe(phase);
  });

  test('ends the others at once when one fails', () => {
    const run = play([a, b, dry], ['a+', 'b-']);
    expect(run.metrics.map(({ name, phase }) => [name, phase])).toEqual([
      ['a', 'Successful'],
      ['b', 'Failed'],
      ['dry', 'Successful'],
    ]);
    expect(run).toMatchObject({
      phase: 'Failed',
      message: 'Metric "b" assessed Failed due to failed (1) > failureLimit (0)',
      onFailure: 'revert',
      finishedAt: start + 10_020,
    });
    expect(dueMetrics([a, b, dry], run, start + 1e9)).toEqual({ due: [] });
  });

  test('shows the failure of a dry run and of a metric that only tells', () => {
    const run = play([a, dry, told], ['dry-', 'told-']);
    expect(run).toMatchObject({ phase: 'Running' });
    expect(run).not.toHaveProperty('message');
    expect([metricOf(run, 'dry'), metricOf(run, 'told')]).toMatchObject([
      { phase: 'Failed', message: 'Metric "dry" assessed Failed due to failed (1) > failureLimit (0)' },
      { phase: 'Failed', message: 'Metric "told" assessed Failed due to failed (1) > failureLimit (0)' },
    ]);
  });
});

describe('readings that were taken at the same time', () => {
  const metrics = [named('vague', between), named('sure', { onFailure: 'pause' }), named('other')];
  const vague = taken('vague', unclear, start);
  const sure = taken('sure', bad, start);
  test.each([
    ['one way', [vague, sure]],
    ['the other way', [sure, vague]],
  ])('are assessed together: the worst tells, %s round', (_name, readings) => {
    const run = takeReadings(metrics, startAnalysis(metrics, start), readings);
    expect(run).toMatchObject({ phase: 'Failed', onFailure: 'pause' });
    expect(run.message).toMatch(/^Metric "sure"/);
    expect(run.metrics.map(({ phase }) => phase)).toEqual(['Inconclusive', 'Failed', 'Successful']);
  });

  test('ask for a revert when one of two failing metrics does', () => {
    const both = [sure, taken('other', bad, start)];
    expect(takeReadings(metrics, startAnalysis(metrics, start), both)).toMatchObject({ onFailure: 'revert' });
  });
});

test.each([
  ['Failed', '-', 'revert', 'revert'],
  ['Failed', '-', 'pause', 'pause'],
  ['Error', 'eeeee', 'pause', 'pause'],
  ['Inconclusive', '?', 'pause', undefined],
  ['Successful', '+', 'pause', undefined],
] as const)('a run that is %s (%s) asks for what its metric says: %s', (phase, letters, own, expected) => {
  const run = playOne(metric({ ...between, count: 1, onFailure: own }), letters);
  expect(run.phase).toBe(phase);
  expect(run.onFailure).toBe(expected);
});

test('a run that is over takes no more readings', () => {
  const run = playOne(metric(), '-');
  expect(takeReading([metric()], run, taken('success-rate', good, start + 99_000))).toBe(run);
});

test('a metric that does not belong to the analysis is a bug, not a reading', () => {
  const run = startAnalysis([metric()], start);
  expect(() => takeReading([metric()], run, taken('stranger', good, start))).toThrow(/no metric stranger/);
});

describe('ending a run before its time', () => {
  test.each<[string, MetricSpec, string, string]>([
    ['when the provider was never reached', metric(), 'ooo', 'Inconclusive'],
    ['when the provider cannot be reached any more', metric(), '+ooo', 'Successful'],
    ['when the provider never gave more than errors', metric(), 'oe', 'Inconclusive'],
    ['in a dry run whose provider was never reached', metric({ isDryRun: true }), 'ooo', 'Successful'],
  ])('%s', (_name, spec, letters, phase) => {
    const run = stopAnalysis(playOne(spec, letters), start + 500_000);
    expect(run.phase).toBe(phase);
    expect(isOver(run)).toBe(true);
  });

  test('says so', () => {
    const stopped = stopAnalysis(playOne(metric(), '+'), start + 500_000);
    expect(stopped).toMatchObject({ message: 'Run Terminated', finishedAt: start + 500_000 });
  });

  test('says which metric was never measured', () => {
    expect(stopAnalysis(playOne(metric(), 'oo'), start + 500_000).message).toBe(
      'Metric "success-rate" assessed Inconclusive due to it has no reading: its provider is unreachable since 2026-01-01T12:00:00Z: "Error Message: connect ECONNREFUSED"',
    );
  });

  test('changes nothing of a run that is over', () => {
    const run = playOne(metric(), '-');
    expect(stopAnalysis(run, start + 1)).toBe(run);
  });
});

describe('a measurement that was judged where it was taken', () => {
  const job = once({ name: 'job', provider: { job: { spec: {} } } });
  const begun: Measurement = { phase: 'Running', startedAt: start, metadata: { job: 'web.job.1' } };
  const running = takeReading([job], startAnalysis([job], start), {
    ...taken('job', { kind: 'measured', measurement: begun }, start),
    finishedAt: start + 8_000,
  });

  test('may be under way, and is looked at again after a time that grows', () => {
    expect(metricOf(running)).toMatchObject({ phase: 'Running', count: 0 });
    expect(dueMetrics([job], running, start + 8_000)).toEqual({ due: [], nextAt: start + 12_000 });
  });

  test.each(['Successful', 'Failed', 'Inconclusive'] as const)('is replaced when it is %s', (phase) => {
    const measurement: Measurement = { ...begun, phase, finishedAt: start + 20_000 };
    const ended = takeReading([job], running, taken('job', { kind: 'measured', measurement }, start));
    expect(metricOf(ended)).toMatchObject({ phase, count: 1, measurements: [measurement] });
  });

  test('is inconclusive when the run is ended meanwhile', () => {
    const ended = stopAnalysis(running, start + 9_000);
    expect(ended.phase).toBe('Inconclusive');
    expect(metricOf(ended).measurements).toEqual([
      { ...begun, phase: 'Inconclusive', finishedAt: start + 9_000, message: 'Metric Terminated' },
    ]);
  });

  test('keeps that it was an outage', () => {
    const measurement: Measurement = { phase: 'Error', startedAt: start, isUnreachable: true };
    const run = takeReading(
      [job],
      startAnalysis([job], start),
      taken('job', { kind: 'measured', measurement }, start),
    );
    expect(metricOf(run)).toMatchObject({ unreachableSince: start, phase: 'Running' });
  });
});

test('keeps what a provider wants to remember until it says something else', () => {
  const spec = metric();
  const first = takeReading([spec], startAnalysis([spec], start), {
    ...taken(spec.name, good, start),
    memory: { evidence: 1.5 },
  });
  const second = takeReading([spec], first, taken(spec.name, outage, start + 60_000));
  expect(metricOf(second).memory).toEqual({ evidence: 1.5 });
});
