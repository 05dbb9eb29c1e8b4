import { assessMetric, effectiveCount } from '../../../src/domain/analysis/assess-metric';
import type { MetricRun, MetricSpec } from '../../../src/domain/analysis/spec';
import { between, metric, metricOf, once, playOne, start } from './metric-builder';

describe('a metric after its readings', () => {
  const said = 'Metric "success-rate" assessed';
  test.each<[string, MetricSpec, string, string, string?]>([
    ['runs before a limit or the count is reached', metric({ count: 3 }), '++', 'Running'],
    ['succeeds when the count is reached', metric({ count: 3 }), '+++', 'Successful'],
    ['is measured once by default', once(), '+', 'Successful'],
    ['runs for ever with an interval alone', metric(), '+'.repeat(50), 'Running'],
    [
      'fails at the first failure by default',
      metric(),
      '-',
      'Failed',
      `${said} Failed due to failed (1) > failureLimit (0)`,
    ],
    ['may fail three times of a limit of 3', metric({ failureLimit: 3 }), '---', 'Running'],
    [
      'fails at the fourth failure of a limit of 3',
      metric({ failureLimit: 3 }),
      '----',
      'Failed',
      `${said} Failed due to failed (4) > failureLimit (3)`,
    ],
    [
      'counts failures that do not follow each other',
      metric({ failureLimit: 1 }),
      '-+++-',
      'Failed',
      `${said} Failed due to failed (2) > failureLimit (1)`,
    ],
    [
      'succeeds at the count in spite of allowed failures',
      metric({ failureLimit: 2, count: 4 }),
      '-+-+',
      'Successful',
    ],
    [
      'never fails with a limit of -1',
      metric({ failureLimit: -1, consecutiveSuccessLimit: 2 }),
      '-'.repeat(30),
      'Running',
    ],
    [
      'is inconclusive at the first unclear reading by default',
      metric(between),
      '?',
      'Inconclusive',
      `${said} Inconclusive due to inconclusive (1) > inconclusiveLimit (0)`,
    ],
    [
      'may be unclear as often as its limit says',
      metric({ ...between, inconclusiveLimit: 2 }),
      '??',
      'Running',
    ],
    [
      'is inconclusive beyond its limit',
      metric({ ...between, inconclusiveLimit: 2 }),
      '???',
      'Inconclusive',
      `${said} Inconclusive due to inconclusive (3) > inconclusiveLimit (2)`,
    ],
    ['may err four times in a row by default', metric(), 'eeee', 'Running'],
    [
      'is in error at the fifth error in a row',
      metric(),
      'eeeee',
      'Error',
      `${said} Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): "Error Message: bad_data: parse error"`,
    ],
    ['forgets errors at a good reading', metric(), 'eeee+eeee', 'Running'],
    ['forgets errors at a failure that is allowed', metric({ failureLimit: 1 }), 'eeee-eeee', 'Running'],
    [
      'is in error at once with a limit of 0',
      metric({ consecutiveErrorLimit: 0 }),
      'e',
      'Error',
      `${said} Error due to consecutiveErrors (1) > consecutiveErrorLimit (0): "Error Message: bad_data: parse error"`,
    ],
    ['does not count errors', metric({ count: 2 }), '+eee', 'Running'],
    ['tries again after an error of its only measurement', once(), 'e', 'Running'],
    ['succeeds after an error of its only measurement', once(), 'e+', 'Successful'],
    [
      'succeeds after enough successes in a row',
      metric({ consecutiveSuccessLimit: 3, failureLimit: 2 }),
      '-++-+++',
      'Successful',
    ],
    [
      'starts counting successes again after a failure',
      metric({ consecutiveSuccessLimit: 3, failureLimit: 2 }),
      '++-++',
      'Running',
    ],
    [
      'starts counting successes again after an error',
      metric({ consecutiveSuccessLimit: 3 }),
      '++e++',
      'Running',
    ],
    [
      'ends before its count with enough successes in a row',
      metric({ consecutiveSuccessLimit: 2, count: 10 }),
      '++',
      'Successful',
    ],
    [
      'is inconclusive at its count with too few in a row and few failures',
      metric({ consecutiveSuccessLimit: 3, failureLimit: 2, count: 5 }),
      '++-++',
      'Inconclusive',
      `${said} Inconclusive due to consecutiveSuccess (2) < consecutiveSuccessLimit (3)`,
    ],
    [
      'fails at its count with too few in a row and no failure limit',
      metric({ consecutiveSuccessLimit: 3, failureLimit: -1, count: 5 }),
      '++-++',
      'Failed',
      `${said} Failed due to consecutiveSuccess (2) < consecutiveSuccessLimit (3)`,
    ],
    [
      'takes nothing after its end',
      metric(),
      '-+++',
      'Failed',
      `${said} Failed due to failed (1) > failureLimit (0)`,
    ],
  ])('%s', (_name, spec, letters, phase, ...[message]) => {
    const run = playOne(spec, letters);
    expect(metricOf(run).phase).toBe(phase);
    expect(metricOf(run).message).toBe(message);
    expect(run.message).toBe(message);
    expect(run.phase).toBe(phase);
  });
});

test('counts every kind of reading', () => {
  const spec = metric({ ...between, failureLimit: 9, inconclusiveLimit: 9 });
  expect(metricOf(playOne(spec, '++-?ee'))).toMatchObject({
    count: 4,
    successful: 2,
    failed: 1,
    inconclusive: 1,
    error: 2,
    consecutiveError: 2,
    consecutiveSuccess: 0,
  });
  expect(metricOf(playOne(spec, 'ee?++'))).toMatchObject({ consecutiveError: 0, consecutiveSuccess: 2 });
});

/** Counts as Argo Rollouts' own tests of assessMetricStatus give them. */
test.each<[string, Partial<MetricSpec>, Partial<MetricRun>, string]>([
  ['as many failures as the limit', { failureLimit: 3 }, { failed: 3, count: 3 }, 'Running'],
  ['one more failure than the limit', { failureLimit: 2 }, { failed: 3, count: 3 }, 'Failed'],
  ['inconclusive rather than failed', {}, { failed: 1, inconclusive: 1, count: 2 }, 'Inconclusive'],
  [
    'an error rather than inconclusive or failed',
    {},
    { failed: 1, inconclusive: 1, consecutiveAnsweredError: 5 },
    'Error',
  ],
  [
    'a success in a row after three failures without limit',
    { failureLimit: -1, consecutiveSuccessLimit: 3 },
    { failed: 3, successful: 4, consecutiveSuccess: 3, count: 7 },
    'Successful',
  ],
  [
    'half of the count inconclusive',
    { count: 10 },
    { successful: 5, inconclusive: 5, count: 10 },
    'Inconclusive',
  ],
])('assesses %s', (_name, spec, counts, phase) => {
  const measurements = [{ phase: 'Failed', startedAt: start, finishedAt: start }] as const;
  const base = metricOf(playOne(metric(), ''));
  expect(assessMetric(metric(spec), { ...base, measurements, ...counts }).phase).toBe(phase);
});

test.each([
  [{}, 1],
  [{ intervalMs: 1 }, undefined],
  [{ intervalMs: 1, count: 0 }, undefined],
  [{ count: 0 }, 1],
  [{ intervalMs: 1, count: 7 }, 7],
])('%j is measured %s times', (spec, count) => {
  expect(effectiveCount(spec)).toBe(count);
});
