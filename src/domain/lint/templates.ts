import type { AnalysisRef } from '../analysis/spec';
import { isTemplate } from '../read-templates';
import type { Strategy } from '../strategy';
import { findingAt, type LintFinding } from './finding';
import type { Linted } from './subject';

/** Analysis templates that nothing refers to; said only where every workload could be read. */
export function lintTemplates({ objects, read }: Linted): readonly LintFinding[] {
  if (read.problems.length > 0) return [];
  const used = new Set<string>();
  const refs = [...read.workloads.flatMap(({ strategy }) => refsOf(strategy)), ...read.templates];
  for (const { templateName, clusterScope } of refs.flatMap(({ templates }) => templates))
    used.add(`${clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'} ${templateName}`);
  return objects.filter(isTemplate).flatMap((located) => {
    const { kind, metadata } = located.object;
    if (used.has(`${kind} ${metadata.name}`)) return [];
    const message = 'no Rollout refers to it';
    const remedy = 'refer to it by a step or a background analysis, or remove it';
    return [findingAt(located, { severity: 'warning', code: 'UnusedTemplate', path: [], message, remedy })];
  });
}

function refsOf(strategy: Strategy): readonly Pick<AnalysisRef, 'templates'>[] {
  if (strategy.kind === 'rolling') return [];
  if (strategy.kind === 'blueGreen')
    return [strategy.prePromotionAnalysis, strategy.postPromotionAnalysis].filter(
      (each) => each !== undefined,
    );
  const bySteps = strategy.steps.flatMap((step): readonly AnalysisRef[] => {
    if (step.kind === 'analysis') return [step.analysis];
    return step.kind === 'experiment' ? step.experiment.analyses : [];
  });
  return strategy.analysis === undefined ? bySteps : [...bySteps, strategy.analysis];
}
