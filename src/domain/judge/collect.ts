import type { Grid, JudgePlan } from './plan';
import { nameOfQuery, type JudgeQuery } from './prom-ql';
import { countsOn, valuesOn, type RangeSeries } from './series';
import type { JudgedMetric } from './types';

/** The answer to one query. */
export interface Collected {
  readonly query: JudgeQuery;
  readonly series: readonly RangeSeries[];
}

/** Names of the pods of each version. */
export interface PodNames {
  readonly canary: ReadonlySet<string>;
  readonly baseline: ReadonlySet<string>;
}

/** The metrics of a plan with their samples, from the answers to all of its queries. */
export function samplesOf(
  plan: JudgePlan,
  grid: Grid,
  { answers, pods }: { readonly answers: readonly Collected[]; readonly pods: PodNames },
): readonly JudgedMetric[] {
  const find = (metric: string, part: JudgeQuery['part'], side: keyof PodNames): readonly RangeSeries[] =>
    answers
      .filter(({ query }) => query.metric === metric && query.part === part)
      .filter(({ query }) => query.side === side || query.side === 'both')
      .flatMap(({ query, series }) =>
        query.side === side
          ? series
          : series.filter(({ labels }) => pods[side].has(labels[plan.podLabel] ?? '')),
      );
  return plan.metrics.map(({ source, ...metric }) => {
    if (source.kind === 'values') {
      const of = (side: keyof PodNames) => valuesOn(grid, find(metric.name, 'query', side));
      return { ...metric, samples: { kind: 'values', canary: of('canary'), baseline: of('baseline') } };
    }
    const of = (side: keyof PodNames) => {
      const counters = { total: find(metric.name, 'total', side), bad: find(metric.name, 'bad', side) };
      return countsOn(grid, counters, plan.podLabel);
    };
    return { ...metric, samples: { kind: 'counts', canary: of('canary'), baseline: of('baseline') } };
  });
}

/** Measured values of one version are one series: of several nobody knows which one is meant. */
export function tooManySeries({ query, series }: Collected): string | undefined {
  if (query.part !== 'query' || query.side === 'both' || series.length <= 1) return undefined;
  return `${nameOfQuery(query)}: the query finds ${series.length} series; write an aggregation such as avg(…) that gives one`;
}
