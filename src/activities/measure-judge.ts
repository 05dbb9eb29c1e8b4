import { namesOf } from '../domain/analysis/pod-sides';
import type { TakenReading } from '../domain/analysis/run';
import type { MetricRun, MetricSpec, Reading } from '../domain/analysis/spec';
import { samplesOf, tooManySeries, type Collected } from '../domain/judge/collect';
import { judge } from '../domain/judge/judge';
import { gridOf, type Grid, type JudgePlan } from '../domain/judge/plan';
import { judgeQueries, nameOfQuery, needsPods, type JudgeQuery } from '../domain/judge/prom-ql';
import { readJudge } from '../domain/judge/read-plan';
import type { RangeSeries } from '../domain/judge/series';
import type { JudgeConfig } from '../domain/judge/types';
import { verdictOf } from '../domain/judge/verdict';
import { describeProblem } from '../domain/problem';
import type { Measuring } from './measuring';
import { connectionOf } from './metric-connection';
import { podsOfVersions } from './version-pods';

type Fields = Readonly<Record<string, unknown>>;

/** What one look of a judge needs besides the metric. */
export interface Look {
  readonly known: MetricRun | undefined;
  /** When the analysis began: its series begin then, or after `initialDelay`. */
  readonly begunAt: number;
  /** With its arguments filled in. */
  readonly provider: Fields;
  /** Asks at a moment, which `now()` means. */
  readonly ask: (provider: Fields, now: number) => Promise<Reading>;
  readonly now: number;
}

/**
 * One look of a judge: reads the series of both versions by range queries on the same points, and judges them. A look that is repeated is the
 * same look, for it is counted when it is taken.
 */
export async function measureJudge(
  measuring: Measuring,
  metric: MetricSpec,
  { known, begunAt, provider, ask, now }: Look,
): Promise<TakenReading['reading']> {
  const read = readJudge(provider['judge']);
  if (!read.ok) return wrong(read.problems.map(describeProblem).join('; '));
  const plan = read.value;
  const since = begunAt + metric.initialDelayMs - (metric.intervalMs ?? 0);
  const grid = gridOf(plan, { since, now });
  const server = connectionOf(provider['judge']);
  const answers: Collected[] = [];
  for (const query of judgeQueries(plan)) {
    const reading = await ask({ judge: { ...server, ...rangeOf(query, grid) } }, endOf(grid));
    if (reading.kind === 'error') return { ...reading, message: `${nameOfQuery(query)}: ${reading.message}` };
    const answer = { query, series: reading.value as readonly RangeSeries[] };
    const isMany = tooManySeries(answer);
    if (isMany !== undefined) return wrong(isMany);
    answers.push(answer);
  }
  const pods = namesOf(needsPods(plan) ? await podsOfVersions(measuring) : { canary: [], baseline: [] });
  const config = configOf(plan, metric, known);
  return {
    kind: 'judged',
    verdict: verdictOf(judge(samplesOf(plan, grid, { answers, pods }), config), config),
  };
}

function wrong(message: string): Reading {
  return { kind: 'error', message, isUnreachable: false };
}

function configOf(plan: JudgePlan, { count }: MetricSpec, known: MetricRun | undefined): JudgeConfig {
  const number = (known?.count ?? 0) + 1;
  return { ...plan.config, look: { number, ...(count !== undefined && { planned: count }) } };
}

/** The end of the grid is the `now()` of its questions. */
function endOf({ from, stepMs, points }: Grid): number {
  return from + (points - 1) * stepMs;
}

function rangeOf({ promQl }: JudgeQuery, grid: Grid): Fields {
  const start = `now() - duration("${endOf(grid) - grid.from}ms")`;
  return { query: promQl, rangeQuery: { start, end: 'now()', step: `${grid.stepMs}ms` } };
}
