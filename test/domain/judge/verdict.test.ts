import { judge } from '../../../src/domain/judge/judge';
import type { Counts, JudgeConfig, JudgedMetric, Samples, Values } from '../../../src/domain/judge/types';
import { verdictOf, type JudgeVerdict } from '../../../src/domain/judge/verdict';
import { between, config, countsOf, metricOf } from './judge-data';

const better = between(10, 14, 60);
const worse = between(15, 21, 60);
const nothing: Values = [];

function verdict(metrics: readonly JudgedMetric[], more: Partial<JudgeConfig> = {}): JudgeVerdict {
  const settings = { ...config, ...more };
  return verdictOf(judge(metrics, settings), settings);
}

const named = (
  name: string,
  canary: Values,
  baseline: Values,
  more: Partial<JudgedMetric> = {},
): JudgedMetric => ({
  ...metricOf(canary, baseline, { direction: 'increase' }),
  ...more,
  name,
});

const errors = (canary: Counts, baseline: Counts): JudgedMetric => {
  const samples: Samples = { kind: 'counts', canary, baseline };
  return { name: 'errors', groups: ['main'], samples, direction: 'increase' };
};

test('a canary that is worse fails, with the numbers', () => {
  expect(verdict([named('latency', worse, better), named('cpu', better, better)])).toEqual({
    phase: 'Failed',
    value: 'score 50: latency High, cpu Pass',
    sentence:
      'the judge scores the canary 50 of 100, below 75: latency is High, by 6 (5.2 to 6.8); no difference that counts in cpu',
  });
});

test('a canary that is neither passes', () => {
  expect(verdict([named('latency', better, better)])).toEqual({
    phase: 'Successful',
    value: 'score 100: latency Pass',
    sentence: 'the judge scores the canary 100 of 100: no difference that counts in latency',
  });
});

test('between the thresholds it is inconclusive', () => {
  const metrics = ['a', 'b', 'c', 'd'].map((name) => named(name, name === 'a' ? worse : better, better));
  expect(verdict(metrics)).toMatchObject({
    phase: 'Inconclusive',
    sentence: expect.stringMatching(
      /^the judge scores the canary 75 of 100, at least 75 but below 95: a is High, by 6 /,
    ),
  });
});

test('shares of requests are told as times the baseline’s', () => {
  const { phase, sentence } = verdict([errors(countsOf(60, 50, 60), countsOf(60, 950, 57))]);
  expect(phase).toBe('Failed');
  expect(sentence).toMatch(/errors is High, 20 times the baseline’s share of bad requests \(1\d to 3\d\)$/);
});

test('bad requests of the canary alone have no ratio but a least one', () => {
  const { sentence } = verdict([errors(countsOf(60, 50, 60), countsOf(60, 950, 0))]);
  expect(sentence).toMatch(/errors is High, all bad requests are the canary’s \(at least \d+\)$/);
});

test('the look is told where there are several', () => {
  const at = (number: number, planned?: number) =>
    verdict([named('a', better, better)], { look: { number, ...(planned !== undefined && { planned }) } })
      .sentence;
  expect(at(2, 3)).toMatch(/ \(look 2 of 3\)$/);
  expect(at(2)).toMatch(/ \(look 2\)$/);
  expect(at(1, 1)).not.toContain('look');
});

const none: Counts = { bad: [], total: [] };
const idle: Counts = { bad: better.map(() => 0), total: better.map(() => 0) };
const unknown: Values = better.map(() => Number.NaN);

/** What cannot be judged: never a failure, whatever is critical or must have data. */
test.each<[string, JudgedMetric, string]>([
  ['no values of the canary', named('m', nothing, better), 'the canary has no values'],
  ['no values of the baseline', named('m', better, nothing), 'the baseline has no values'],
  ['nothing but NaN', named('m', unknown, better), 'the canary has no values'],
  ['one point each', named('m', [3], [1]), 'too little data'],
  ['one point against many', named('m', [30], better), 'too little data'],
  ['no requests of the canary', errors(idle, countsOf(60, 50, 3)), 'the canary has no values'],
  ['no requests of the baseline', errors(countsOf(60, 50, 50), idle), 'the baseline has no values'],
  ['no counters at all', errors(none, none), 'the canary has no values'],
  [
    'counts that never meet',
    errors(countsOf(1, 50, 50), { bad: [null, 1], total: [null, 9] }),
    'too little data',
  ],
])('%s is inconclusive', (_name, metric, reason) => {
  for (const more of [{}, { critical: true }, { mustHaveData: true }]) {
    const { phase, value, sentence } = verdict([{ ...metric, ...more }]);
    expect(value).toMatch(/^too little data: (m|errors) Nodata/);
    expect(phase).toBe('Inconclusive');
    expect(sentence).toContain('the judge has too little data to tell: ');
    expect(sentence).toContain(reason);
  }
});

test('unequal lengths are compared by their ranks', () => {
  expect(verdict([named('m', worse.slice(0, 25), better)]).phase).toBe('Failed');
  expect(verdict([named('m', better.slice(0, 25), better)]).phase).toBe('Successful');
});

test('a difference fails whatever else is without data, unless that could make up for it', () => {
  const lost = named('lost', nothing, better);
  expect(verdict([named('a', worse, better), lost]).phase).toBe('Failed');
  // Without data a group counts as good: 80 of 100 is not below 75, so what is missing decides.
  const weighted = { groupWeights: { small: 20, large: 80 } };
  const small = named('a', worse, better, { groups: ['small'] });
  expect(verdict([small, { ...lost, groups: ['large'] }], weighted).phase).toBe('Inconclusive');
  expect(
    verdict(
      [
        { ...small, critical: true },
        { ...lost, groups: ['large'] },
      ],
      weighted,
    ).phase,
  ).toBe('Failed');
});

test('for Kayenta missing data are a failure', () => {
  expect(verdict([named('m', nothing, better)], { kayenta: true })).toMatchObject({
    phase: 'Failed',
    sentence: 'the judge scores the canary 0 of 100, below 75: m Nodata, the canary has no values',
  });
});
