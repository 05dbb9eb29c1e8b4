import { judge } from '../../../src/domain/judge/judge';
import { score } from '../../../src/domain/judge/score';
import type { Classification, JudgeConfig, MetricJudgement } from '../../../src/domain/judge/types';
import { between, config, metricOf } from './judge-data';

/** `group:Class`, `!` for critical, `~` for muted. */
function judgements(texts: readonly string[]): readonly MetricJudgement[] {
  return texts.map((text, index) => {
    const [group = '', label = ''] = text.replace(/[!~]/, '').split(':');
    const classification = label as Classification;
    const [critical, muted] = [text.endsWith('!'), text.endsWith('~')];
    return { name: `m${index}`, groups: [group], classification, critical, muted, reason: 'because' };
  });
}

const weights = (a: number, b?: number): JudgeConfig => ({
  ...config,
  groupWeights: { a, ...(b === undefined ? {} : { b }) },
});

test.each<[string, string[], JudgeConfig, number]>([
  ['one that passes', ['a:Pass'], config, 100],
  ['one that is High', ['a:High'], config, 0],
  ['one of two', ['a:Pass', 'a:High'], config, 50],
  ['one of three, to two places', ['a:Pass', 'a:High', 'a:Low'], config, 33.33],
  ['groups by weight', ['a:Pass', 'a:Pass', 'b:High'], weights(75, 25), 75],
  ['a group within itself', ['a:Pass', 'a:High', 'b:High'], weights(50, 50), 25],
  ['groups without a weight share the rest', ['a:High', 'b:Pass', 'c:Pass'], weights(40), 60],
  ['a group without data counts as good', ['a:Pass', 'a:Pass', 'b:Nodata'], weights(50, 50), 100],
  ['data that must be there count as bad', ['a:Pass', 'a:NodataFailMetric', 'a:Pass'], config, 66.67],
  ['half without data is too many', ['a:Pass', 'b:Nodata'], config, 0],
  ['all without data', ['a:Nodata'], config, 0],
  ['a critical one that is High', ['a:Pass', 'a:Pass', 'a:High!'], config, 0],
  ['a critical one without data', ['a:Pass', 'a:Pass', 'a:Nodata!'], config, 0],
  ['one that is muted does not count', ['a:Pass', 'a:High~'], config, 100],
  ['an Error counts on neither side', ['a:Pass', 'a:Error'], config, 100],
])('scores %s', (_name, texts, settings, expected) => {
  expect(score(judgements(texts), settings).score).toBe(expected);
});

test.each([
  [['a:Pass', 'a:Pass', 'a:Pass', 'a:High'], 'Marginal'],
  [['a:Pass', 'a:High'], 'Fail'],
  [['a:Pass'], 'Pass'],
])('%j is %s between 75 and 95', (texts, expected) => {
  expect(score(judgements(texts), config).classification).toBe(expected);
});

test('a score of 0 names its cause', () => {
  expect(score(judgements(['a:Pass', 'a:High!']), config).reason).toBe('m1: because');
  expect(score(judgements(['a:Pass', 'a:Nodata']), config).reason).toBe('1 of 2 metrics have no data');
});

test('judges metrics and scores them', () => {
  const [low, high] = [between(8, 12, 30), between(18, 24, 30)];
  const judged = judge(
    [metricOf(low, low), { ...metricOf(high, low, { groups: ['latency'] }), name: 'p99' }],
    { ...config, groupWeights: { main: 80 } },
  );
  expect(judged).toMatchObject({ classification: 'Marginal', score: 80 });
  expect(judged.metrics.map((metric) => metric.classification)).toEqual(['Pass', 'High']);
});
