import { readDuration } from './duration';
import type { Fields } from './fields';
import { readDryRun, readRefCommon, readTemplateName } from './read-analysis-ref';
import { readPodMetadata } from './read-pod-metadata';
import { ignore, refuse, reportUnknown, type Refusals } from './read-refusals';
import type { Revision } from './read-revision';
import { checkReferred } from './read-templates';
import { readWith, requireField } from './read-with';
import type { ExperimentSpec, ExperimentTemplate } from './strategy';

const refusals: Refusals = {
  weight: ['a share of the traffic for an experiment is', 'remove it: its pods are measured without users'],
  service: [
    'a Service for an experiment is',
    'remove it, or write the Service in Git with labels of your own',
  ],
  selector: ['a selector of its own for an experiment is', 'remove it'],
};

/** Reads an `experiment` step; its dry runs hold for all of its analyses. */
export function readExperiment(step: Fields, revision: Revision): ExperimentSpec | undefined {
  const experiment = step.map('experiment');
  if (experiment === undefined) return undefined;
  const templates = readTemplates(experiment);
  const durationMs = readWith(experiment, 'duration', readDuration);
  const dryRun = readDryRun(experiment);
  const analyses = experiment.maps('analyses').flatMap((each) => readAnalysis(each, dryRun, revision));
  const scaleDownDelayMs = (experiment.int('scaleDownDelaySeconds') ?? 30) * 1_000;
  ignore(experiment, 'analysisRunMetadata');
  reportUnknown(experiment);
  const isEndless =
    experiment.raw('duration') === undefined && !analyses.some((each) => each.requiredForCompletion);
  if (isEndless) {
    const remedy = 'write a duration, or `requiredForCompletion: true` at an analysis that ends by itself';
    step.invalid('experiment', 'nothing ends this experiment', { remedy });
  }
  if (templates.length === 0) return undefined;
  return { templates, ...(durationMs !== undefined && { durationMs }), analyses, scaleDownDelayMs };
}

function readTemplates(experiment: Fields): readonly ExperimentTemplate[] {
  const remedy = 'write templates with a name and `specRef: stable` or `specRef: canary` each';
  if (requireField(experiment, 'templates', remedy) && experiment.list('templates').length === 0)
    experiment.invalid('templates', 'runs no version', { remedy });
  const names = new Set<string>();
  return experiment.maps('templates').flatMap((template) => {
    refuse(template, refusals);
    requireField(template, 'name', 'name the template');
    requireField(template, 'specRef', 'write stable or canary');
    const name = template.string('name') || undefined;
    const specRef = template.oneOf('specRef', ['stable', 'canary']);
    const replicas = template.int('replicas', { min: 1 }) ?? 1;
    const { labels, annotations } = readPodMetadata(template, 'metadata') ?? { labels: {}, annotations: {} };
    reportUnknown(template);
    if (name !== undefined && names.has(name))
      template.invalid('name', `template ${name} is there twice`, {
        value: name,
        remedy: 'rename one of the two',
      });
    if (name !== undefined) names.add(name);
    return name && specRef ? [{ name, specRef, replicas, labels, annotations }] : [];
  });
}

function readAnalysis(
  fields: Fields,
  dryRun: readonly string[],
  revision: Revision,
): ExperimentSpec['analyses'] {
  requireField(fields, 'name', 'name the analysis');
  const name = fields.string('name');
  const requiredForCompletion = fields.boolean('requiredForCompletion') ?? false;
  const common = readRefCommon(fields);
  const templates = readTemplateName(fields);
  if (!name || templates.length === 0) return [];
  const ref = { templates, ...common, dryRun: [...dryRun, ...common.dryRun] };
  checkReferred(fields, ref, { revision, mustEnd: requiredForCompletion });
  return [{ ...ref, name, requiredForCompletion }];
}
