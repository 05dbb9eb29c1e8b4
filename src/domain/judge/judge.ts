import { classify } from './classify';
import { score } from './score';
import type { JudgeConfig, JudgedMetric, Judgement } from './types';

/**
 * Judges a canary against a baseline metric by metric and scores the whole, with the classes, options, defaults and thresholds of
 * Kayenta's NetflixACAJudge-v1.0. Unlike it, intervals do not depend on the metric's unit, all looks together keep the confidence,
 * metrics given as counts are compared by their counts, and data that could not show a difference are `Nodata`; with `kayenta` set
 * none of this holds and the classes are Kayenta's own.
 */
export function judge(metrics: readonly JudgedMetric[], config: JudgeConfig): Judgement {
  return score(
    metrics.map((metric) => classify(metric, config)),
    config,
  );
}
