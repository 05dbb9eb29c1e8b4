import { isMap } from '../read-json';
import type { SequentialConfig, SequentialMetric } from './config';
import { newEvidence } from './evidence';
import { packCounts, packNumbers } from './pack';
import type { GaugeState, MetricState, SequentialState } from './state';

/** The state before the first tick. */
export function startSequential(config: SequentialConfig): SequentialState {
  const { alpha } = config.rollback;
  const { beta } = config.promote;
  return {
    version: 1,
    step: { index: 0, ticks: 0, nextWeight: 1, split: [0, 0] },
    pods: [],
    metrics: Object.fromEntries(config.metrics.map((metric) => [metric.name, startMetric(metric)])),
    history: { limits: [-Math.log(alpha), -Math.log(beta)], every: 1, skipped: 0, points: [] },
  };
}

/**
 * The state that was remembered as JSON, or a new one when there is none. State of another version of this analysis is not taken: its
 * evidence would mean something else.
 */
export function resumeSequential(config: SequentialConfig, memory: unknown): SequentialState {
  return isState(memory) ? memory : startSequential(config);
}

function isState(memory: unknown): memory is SequentialState {
  return isMap(memory) && memory['version'] === 1 && isMap(memory['metrics']) && isMap(memory['step']);
}

/** A metric of which nothing is known; a histogram's tests are made when its bounds are known. */
export function startMetric(metric: SequentialMetric): MetricState {
  const bounds = metric.kind === 'counter' ? 1 : 0;
  return {
    ticks: 0,
    evidence: packNumbers(newEvidence(bounds)),
    totals: packCounts(new Float64Array(2 + 2 * bounds)),
    spread: [0, 0],
    last: [],
    byPod: [],
    worst: 0,
    logHarm: 0,
    logSafe: 0,
    idle: 0,
    ...(metric.kind === 'gauge' && { gauge: startGauge() }),
  };
}

function startGauge(): GaugeState {
  return { blocks: 0, mean: 0, squares: 0, sum: 0, count: 0, chain: [0, 0, 0, 0, 0, 0] };
}
