import { isBad, isFinal } from './analysis/phases';
import type { MetricRun } from './analysis/spec';
import { countsText, metricSign, metricText, metricWord, runText, signOf } from './analysis-view';
import { cell, clock, tableOf } from './markdown';
import type { AnalysisStatus, RolloutStatus } from './rollout-status';

/** Metrics beyond these are left out: first those of analyses that ended well, the oldest before the newer ones. */
const mostRows = 25;

/** The analyses of a rollout as a Markdown table, a row for each metric. */
export function analysisTable({ analyses = [] }: RolloutStatus): string[] {
  const isOver = ({ run }: AnalysisStatus): boolean => isFinal(run.phase) && !isBad(run.phase);
  const newest = analyses.toReversed();
  const inOrder = [...newest.filter((each) => !isOver(each)), ...newest.filter(isOver)];
  const rows = new Map(inOrder.map((each) => [each, rowsOf(each)] as const));
  let left = mostRows;
  const shown = inOrder.filter((each) => (left -= rows.get(each)?.length ?? 0) >= 0);
  const titles = ['analysis', 'metric', 'phase', 'counts', 'what'];
  return tableOf(
    titles,
    analyses.filter((each) => shown.includes(each)).flatMap((each) => rows.get(each) ?? []),
  );
}

function rowsOf({ name, run }: AnalysisStatus): string[][] {
  const own = runText(run);
  const text = `${signOf(run.phase)} ${run.phase}`;
  const isAlone = run.metrics.length === 0 || own !== '';
  return [
    ...(isAlone ? [[cell(name, 60), '', text, '', cell(own, 200)]] : []),
    ...run.metrics.map((metric) => [
      cell(name, 60),
      cell(metric.name, 60),
      phaseOf(metric),
      countsText(metric),
      cell(metricText(metric, clock), 240),
    ]),
  ];
}

function phaseOf(metric: MetricRun): string {
  return `${metricSign(metric)} ${metricWord(metric)}`;
}
