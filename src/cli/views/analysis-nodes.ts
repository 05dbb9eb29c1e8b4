import {
  countsText,
  metricSign,
  metricText,
  metricWord,
  runText,
  signOf,
  type Sign,
} from '../../domain/analysis-view';
import type { AnalysisRun, MetricRun } from '../../domain/analysis/spec';
import type { Style } from '../output/style';
import type { View } from '../output/view';
import type { TreeNode } from './tree';

const moods: Readonly<Record<Sign, keyof Style>> = {
  '✔': 'good',
  '✖': 'bad',
  '⚠': 'bad',
  '?': 'busy',
  '◌': 'busy',
};

/** A sign and a word in the colour of the sign. */
export function signed(sign: Sign, word: string, style: Style): string {
  return style[moods[sign]](`${sign} ${word}`);
}

/** An analysis as a line of a rollout's tree, with a line for each metric below it. */
export function analysisNode(title: string, run: AnalysisRun, view: View): TreeNode {
  const { phase, finishedAt, startedAt, metrics } = run;
  const state = signed(signOf(phase), phase, view.style);
  return {
    cells: [`α ${title}`, state, view.when(finishedAt ?? startedAt), runText(run)],
    children: metrics.map((metric) => metricNode(metric, view)),
  };
}

function metricNode(metric: MetricRun, view: View): TreeNode {
  const { name } = metric;
  const info = [countsText(metric), metricText(metric, view.when)].filter((text) => text !== '').join('; ');
  return { cells: [name, signed(metricSign(metric), metricWord(metric), view.style), '', info] };
}
