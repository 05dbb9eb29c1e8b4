import type { GroupScore, JudgeConfig, Judgement, MetricJudgement } from './types';

/** From this share of metrics without data on, the score is 0. */
const tooManyWithoutData = 0.5;

/** Scores judged metrics as Kayenta's WeightedSumScorer and ThresholdScoreClassifier do. Muted ones are left out. */
export function score(metrics: readonly MetricJudgement[], config: JudgeConfig): Judgement {
  const counted = metrics.filter((metric) => !metric.muted);
  const groups = groupScores(counted);
  const zero = whyZero(counted);
  const value = zero === undefined ? weightedSum(groups, config.groupWeights ?? {}) : 0;
  const { pass, marginal } = config.thresholds;
  return {
    classification: value >= pass ? 'Pass' : value >= marginal ? 'Marginal' : 'Fail',
    score: value,
    ...(zero === undefined ? {} : { reason: zero }),
    groups,
    metrics,
  };
}

/**
 * Whether a score below `marginal` is owed to differences that were found: a critical one, or so many that what is without data could
 * not make up for them.
 */
export function failsByData(metrics: readonly MetricJudgement[], config: JudgeConfig): boolean {
  const counted = metrics.filter((metric) => !metric.muted);
  const isDifferent = ({ classification }: MetricJudgement): boolean =>
    classification === 'High' || classification === 'Low';
  if (counted.some((metric) => metric.critical && isDifferent(metric))) return true;
  const known = counted.map((metric): MetricJudgement =>
    metric.classification === 'NodataFailMetric' ? { ...metric, classification: 'Nodata' } : metric,
  );
  const reached = weightedSum(groupScores(known), config.groupWeights ?? {});
  return counted.some(isDifferent) && reached < config.thresholds.marginal;
}

function whyZero(metrics: readonly MetricJudgement[]): string | undefined {
  const failure = metrics.find((metric) => metric.critical && metric.classification !== 'Pass');
  if (failure !== undefined) return `${failure.name}: ${failure.reason}`;
  const without = metrics.filter((metric) => metric.classification === 'Nodata').length;
  return without > 0 && without >= tooManyWithoutData * metrics.length
    ? `${without} of ${metrics.length} metrics have no data`
    : undefined;
}

function groupScores(metrics: readonly MetricJudgement[]): readonly GroupScore[] {
  const names = [...new Set(metrics.flatMap((metric) => metric.groups))];
  return names.map((name) => {
    const labels = metrics.filter((each) => each.groups.includes(name)).map((each) => each.classification);
    const withData = labels.filter((label) => label !== 'Nodata' && label !== 'Error').length;
    const passed = labels.filter((label) => label === 'Pass').length;
    return { name, score: withData === 0 ? 0 : (100 * passed) / withData, hasData: withData > 0 };
  });
}

function weightedSum(groups: readonly GroupScore[], weights: Readonly<Record<string, number>>): number {
  const given = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const unnamed = groups.filter((group) => weights[group.name] === undefined).length;
  const rest = unnamed === 0 ? 0 : (100 - given) / unnamed;
  const sum = groups.reduce((total, group) => {
    const weight = weights[group.name] ?? rest;
    return total + ((group.hasData ? group.score : 100) * weight) / 100;
  }, 0);
  return Math.round(sum * 100) / 100;
}
