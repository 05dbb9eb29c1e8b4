import type { JudgePlan, PlannedMetric, VersionQueries } from './plan';

/** One range query. */
export interface JudgeQuery {
  readonly metric: string;
  readonly part: 'query' | 'total' | 'bad';
  /** `both`: its series are told apart by their pods. */
  readonly side: 'canary' | 'baseline' | 'both';
  readonly promQl: string;
}

/** All queries of a look. Counters are summed by pod, and values that serve both versions averaged by pod. */
export function judgeQueries({ metrics, podLabel }: JudgePlan): readonly JudgeQuery[] {
  return metrics.flatMap((metric) =>
    partsOf(metric).flatMap(([part, { canary, baseline }]) =>
      (canary === baseline ? (['both'] as const) : (['canary', 'baseline'] as const)).map((side) => {
        const text = side === 'baseline' ? baseline : canary;
        // The end of the line ends a comment of the query's.
        const by = (sum: string): string => `${sum} by (${podLabel}) (${text}\n)`;
        const values = side === 'both' ? by('avg') : text;
        return { metric: metric.name, part, side, promQl: part === 'query' ? values : by('sum') };
      }),
    ),
  );
}

/** What a query is in messages: `errors: bad.canary`. */
export function nameOfQuery({ metric, part, side }: JudgeQuery): string {
  return `${metric}: ${part}${side === 'both' ? '' : `.${side}`}`;
}

/** Whether the rollout's pods have to tell whose a series is. */
export function needsPods(plan: JudgePlan): boolean {
  return judgeQueries(plan).some(({ side }) => side === 'both');
}

function partsOf({ source }: PlannedMetric): readonly [JudgeQuery['part'], VersionQueries][] {
  if (source.kind === 'values') return [['query', source.query]];
  return [
    ['total', source.total],
    ['bad', source.bad],
  ];
}
