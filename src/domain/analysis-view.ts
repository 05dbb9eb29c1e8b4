import { asideOf, explainMetric, explainRun, isHolding } from './analysis/explain';
import { isBad, isFinal } from './analysis/phases';
import type { AnalysisPhase, AnalysisRef, AnalysisRun, MetricRun, SequentialView } from './analysis/spec';
import type { AnalysisStatus, RolloutStatus } from './rollout-status';

/** The signs of `kubectl argo rollouts` for how an analysis, a metric or a measurement stands. */
export type Sign = '✔' | '✖' | '?' | '⚠' | '◌';

const signs: Readonly<Record<AnalysisPhase, Sign>> = {
  Successful: '✔',
  Failed: '✖',
  Inconclusive: '?',
  Error: '⚠',
  Running: '◌',
  Pending: '◌',
};

/** How a point in time is written for the reader. */
type When = (at: number) => string;

export function signOf(phase: AnalysisPhase): Sign {
  return signs[phase];
}

/** As its phase has it; `⚠` as well while its provider is unreachable, for then nothing is known. */
export function metricSign(metric: MetricRun): Sign {
  return isHolding(metric) ? '⚠' : signOf(metric.phase);
}

/** The phase of a metric; until it is decided, why nothing can be told. */
export function metricWord(metric: MetricRun): string {
  if (!isHolding(metric)) return metric.phase;
  return metric.unreachableSince === undefined ? 'Holding' : 'Unreachable';
}

/** `✔ 3, ✖ 1`: measurements by their verdicts since the start; nothing before the first. */
export function countsText({ successful, failed, inconclusive, error }: MetricRun): string {
  const counts = [
    ['✔', successful],
    ['✖', failed],
    ['?', inconclusive],
    ['⚠', error],
  ] as const;
  return counts
    .filter(([, count]) => count > 0)
    .map(([sign, count]) => `${sign} ${count}`)
    .join(', ');
}

/** What a metric came to and why; before its end its newest measurement, or since when its provider is unreachable. */
export function metricText(metric: MetricRun, when: When): string {
  if (isBad(metric.phase)) {
    const last = metric.measurements.length === 0 ? '' : `; ${lastText(metric, when)}`;
    return `${explainMetric(metric)}${last}`;
  }
  const { sequential } = metric;
  if (sequential !== undefined && metric.unreachableSince === undefined)
    return `${sequentialText(sequential)}${asideOf(metric)}`;
  return `${isHolding(metric) ? outageText(metric, when) : lastText(metric, when)}${asideOf(metric)}`;
}

/** A sequential metric says what it knows in its own words. */
function sequentialText({ kind, sentence, missing = [] }: SequentialView): string {
  const [first] = missing;
  const words = kind === 'hold' ? `holds: ${sentence}` : sentence;
  return first === undefined || kind !== 'continue' ? words : `${words}; to promote: ${first}`;
}

function outageText({ unreachableSince = 0, measurements }: MetricRun, when: When): string {
  const why = measurements.at(-1)?.message;
  return `provider unreachable, no reading since ${when(unreachableSince)}${why === undefined ? '' : `: ${why}`}`;
}

function lastText({ measurements }: MetricRun, when: When): string {
  const last = measurements.at(-1);
  if (last === undefined) return 'not measured yet';
  const { phase, startedAt, finishedAt, value, message } = last;
  if (!isFinal(phase)) return `being measured, ${when(startedAt)}`;
  const told = phase === 'Error' ? (message ?? 'error') : (value ?? message ?? '');
  return `last ${told === '' ? phase : told}, ${when(finishedAt ?? startedAt)}`;
}

/** What a run says beyond its metrics, such as an argument that could not be had. */
export function runText({ message, metrics }: AnalysisRun): string {
  return message === undefined || metrics.some((metric) => metric.message === message) ? '' : message;
}

/** The analysis that is the step with this number, counted from 1. */
export function analysesOfStep({ analyses = [] }: RolloutStatus, step: number): readonly AnalysisStatus[] {
  return analyses.filter(({ name }) => name === `step ${step}`);
}

/** The analyses of the experiment of a step, under their own names. */
export function analysesOfExperiment(
  { analyses = [] }: RolloutStatus,
  step: number,
): readonly AnalysisStatus[] {
  const start = `step ${step}: `;
  return analyses
    .filter(({ name }) => name.startsWith(start))
    .map(({ name, run }) => ({ name: name.slice(start.length), run }));
}

/** The analyses that are of no step: background, before and after the switch. */
export function analysesBeside({ analyses = [] }: RolloutStatus): readonly AnalysisStatus[] {
  return analyses.filter(({ name }) => !/^step \d+(: |$)/.test(name));
}

/** `background (success-rate)`: an analysis that is of no step, with its templates where they are known. */
export function titleBeside({ spec }: RolloutStatus, name: string): string {
  const templates = refOf(spec.strategy, name)?.templates.map((each) => each.templateName) ?? [];
  return templates.length === 0 ? name : `${name} (${templates.join(', ')})`;
}

function refOf(strategy: RolloutStatus['spec']['strategy'], name: string): AnalysisRef | undefined {
  switch (strategy.kind) {
    case 'canary':
    case 'inPlace':
      return name === 'background' ? strategy.analysis : undefined;
    case 'blueGreen':
      return name === 'prePromotion' ? strategy.prePromotionAnalysis : strategy.postPromotionAnalysis;
    case 'rolling':
      return undefined;
  }
}

/** One sentence for each analysis that is not over. */
export function runningVerdicts({ analyses = [] }: RolloutStatus): readonly string[] {
  return analyses
    .filter(({ run }) => !isFinal(run.phase))
    .map(({ name, run }) => `${name}: ${explainRun(run)}`);
}
