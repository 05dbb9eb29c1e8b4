import type { AnalysisStatus, RolloutStatus } from '../../domain/rollout-status';
import type { MetricRun, SequentialView } from '../../domain/analysis/spec';
import { plotSvg, plotText } from '../../domain/sequential';
import type { View } from '../output/view';

interface Evidence {
  readonly analysis: AnalysisStatus;
  readonly metric: MetricRun;
  readonly view: SequentialView;
}

/** Every sequential metric of a rollout, oldest first. */
function evidenceOf({ analyses = [] }: RolloutStatus): readonly Evidence[] {
  return analyses.flatMap((analysis) =>
    analysis.run.metrics.flatMap((metric) =>
      metric.sequential === undefined ? [] : [{ analysis, metric, view: metric.sequential }],
    ),
  );
}

/** Evidence over time in the terminal, what is still missing for promotion, and the pod that stands out. */
export function evidenceView(status: RolloutStatus, view: View, width: number): readonly string[] {
  const found = evidenceOf(status);
  if (found.length === 0)
    return ['', 'no sequential metric has looked at this rollout; see docs/analysis.md'];
  return found.flatMap(({ analysis, metric, view: { sentence, missing = [], pod, history } }) => [
    '',
    view.style.bold(`Evidence of ${analysis.name}, metric ${metric.name} (${metric.phase})`),
    ...plotText({ history }, width).split('\n'),
    `now: ${sentence}`,
    ...(metric.phase === 'Running' ? missing.map((line) => `missing for promotion: ${line}`) : []),
    ...(pod === undefined ? [] : [`stands out: pod ${pod}`]),
  ]);
}

/** The newest sequential metric's evidence as an SVG image; undefined when there is none. */
export function evidenceSvg(status: RolloutStatus): string | undefined {
  const last = evidenceOf(status).at(-1);
  return last && plotSvg(last.view);
}
