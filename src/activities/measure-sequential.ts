import type { TakenReading } from '../domain/analysis/run';
import type { MetricRun, MetricSpec, SequentialView } from '../domain/analysis/spec';
import { describeProblem } from '../domain/problem';
import {
  readSequential,
  reportOf,
  resumeSequential,
  tick,
  verdictOf,
  type SequentialConfig,
  type SequentialState,
  type StepSample,
} from '../domain/sequential';
import { connectionOf } from './metric-connection';
import type { Measuring } from './measuring';
import { readCounters, type Answer, type Ask } from './sequential-source';

/** The name of the analysis that runs beside the steps: it watches until they are over. */
const background = 'background';

/**
 * One look of a sequential metric: reads the counters of both versions and adds them to what the metric remembers. The answer holds
 * the new memory; a look that is repeated begins with the old one, and a scrape that was counted is not counted again.
 */
export async function measureSequential(
  measuring: Measuring,
  metric: MetricSpec,
  {
    known,
    provider,
    ask,
    now,
  }: {
    readonly known: MetricRun | undefined;
    /** With its arguments filled in. */
    readonly provider: Readonly<Record<string, unknown>>;
    readonly ask: (provider: Readonly<Record<string, unknown>>) => ReturnType<Ask>;
    readonly now: number;
  },
): Promise<Pick<TakenReading, 'reading' | 'memory'>> {
  const { sequential } = provider;
  const read = readSequential(sequential, metric.name);
  if (!read.ok) {
    const message = read.problems.map(describeProblem).join('; ');
    return { reading: { kind: 'error', message, isUnreachable: false } };
  }
  const endsWhenEarned = measuring.name !== background;
  const config = configFor(read.value, metric, endsWhenEarned);
  const server = connectionOf(sequential);
  const { answer, readyAt } = await readCounters(measuring, config, {
    ask: (query) => ask({ sequential: { ...server, query } }),
    now,
  });
  if (answer.kind === 'error') return { reading: answer };
  const stage = measuring.stage ?? { index: 0 };
  const before = resumeSequential(config, known?.memory);
  const state = after(config, before, { answer, stage, readyAt });
  return {
    reading: { kind: 'sequential', view: viewOf(config, state, { stage, endsWhenEarned }), endsWhenEarned },
    memory: state,
  };
}

/** In the background nothing waits for the verdict, so there is no longest time; the steps have their own. */
function configFor(read: SequentialConfig, metric: MetricSpec, endsWhenEarned: boolean): SequentialConfig {
  const { intervalMs = read.intervalMs } = metric;
  return { ...read, intervalMs, ...(!endsWhenEarned && { maxStepMs: Number.MAX_SAFE_INTEGER }) };
}

function after(
  config: SequentialConfig,
  state: SequentialState,
  {
    answer,
    stage,
    readyAt,
  }: {
    readonly answer: Exclude<Answer, { kind: 'error' }>;
    readonly stage: StepSample;
    readonly readyAt: number | undefined;
  },
): SequentialState {
  if (answer.kind === 'nothing') return state.failed === undefined ? { ...state, held: answer.why } : state;
  const { at, metrics } = answer;
  return tick(config, state, { at, metrics, step: stage, ...(readyAt !== undefined && { readyAt }) });
}

function viewOf(
  config: SequentialConfig,
  state: SequentialState,
  { stage, endsWhenEarned }: { readonly stage: StepSample; readonly endsWhenEarned: boolean },
): SequentialView {
  const verdict = verdictOf(config, state);
  // Before its first weight a version has no traffic, maybe no pods: to hold then would keep it from ever getting any.
  const isEarly = !endsWhenEarned && (stage.index === 0 || stage.weight === 0);
  const early = { kind: 'continue', sentence: `before the first weight: ${verdict.sentence}` } as const;
  return {
    ...verdict,
    ...(isEarly && verdict.kind === 'hold' && early),
    stage: stage.index,
    ...(config.promote.endsPause === true && { endsPause: true }),
    history: state.history,
    report: reportOf(config, state),
  };
}
