import type { Queries, SequentialConfig, SequentialMetric } from './config';

/** One question of a metric: whose series, and what they are. */
export interface MetricQuery {
  readonly metric: SequentialMetric;
  readonly part: 'total' | 'bad' | 'histogram' | 'gauge';
  /** `both`: one query for both versions, whose pods tell which series is whose. */
  readonly side: 'canary' | 'baseline' | 'both';
  readonly text: string;
}

/** Everything that one look asks, in the order of the metrics. With an absolute limit the baseline is not asked. */
export function queriesOf(config: SequentialConfig): readonly MetricQuery[] {
  return config.metrics.flatMap((metric) =>
    partsOf(metric).flatMap(([part, { canary, baseline }]): MetricQuery[] => {
      if (canary === baseline) return [{ metric, part, side: 'both', text: canary }];
      const isAsked = baseline !== undefined && (metric.tolerate.ratio > 0 || metric.kind === 'gauge');
      return [
        { metric, part, side: 'canary', text: canary },
        ...(isAsked ? [{ metric, part, side: 'baseline', text: baseline } as const] : []),
      ];
    }),
  );
}

function partsOf(metric: SequentialMetric): readonly (readonly [MetricQuery['part'], Queries])[] {
  switch (metric.kind) {
    case 'counter':
      return [
        ['total', metric.total],
        ['bad', metric.bad],
      ];
    case 'histogram':
      return [['histogram', metric.histogram]];
    case 'gauge':
      return [['gauge', metric.gauge]];
  }
}
