import { Fields } from '../fields';
import type { Located } from '../located';
import type { Problem } from '../problem';
import { ignore, reportUnknown } from '../read-refusals';
import { requireField } from '../read-with';
import { readMetric } from './read-metric';
import { readTemplateArgs } from './read-template-args';
import { readTemplateHead } from './read-template-head';
import type { AnalysisTemplate } from './spec';

/**
 * Reads an AnalysisTemplate or ClusterAnalysisTemplate (argoproj.io/v1alpha1) from Git. Undefined when anything is wrong with it;
 * every problem is added to `problems`, with file, line and remedy. Arguments are filled in later (`resolveAnalysis`).
 */
export function readAnalysisTemplate(located: Located, problems: Problem[]): AnalysisTemplate | undefined {
  const found: Problem[] = [];
  const template = readTemplate(new Fields({ located, problems: found }, [], located.object), located);
  problems.push(...found);
  return found.length === 0 ? template : undefined;
}

function readTemplate(top: Fields, { object }: Located): AnalysisTemplate | undefined {
  const kind = top.oneOf('kind', ['AnalysisTemplate', 'ClusterAnalysisTemplate']);
  if (object.apiVersion !== 'argoproj.io/v1alpha1') {
    const remedy = 'write argoproj.io/v1alpha1';
    return top.invalid('apiVersion', `version ${object.apiVersion} is unknown`, { remedy });
  }
  const head = readTemplateHead(top);
  ignore(top, 'apiVersion', 'status');
  const spec = requireField(top, 'spec', 'write metrics') ? top.map('spec') : undefined;
  reportUnknown(top);
  if (spec === undefined || kind === undefined) return undefined;
  const metrics = spec.maps('metrics').flatMap((each) => readMetric(each) ?? []);
  const names = metrics.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const name of twice) {
    spec.invalid('metrics', `two metrics are called ${name}`, { value: name, remedy: 'rename one of them' });
  }
  const templates = spec.maps('templates').flatMap(readTemplateRef);
  if (spec.list('metrics').length === 0 && templates.length === 0) {
    spec.invalid('metrics', 'has no metrics and refers to no templates', { remedy: 'write a metric' });
  }
  const args = readTemplateArgs(spec);
  const dryRun = spec.maps('dryRun').flatMap((each) => {
    const name = readMetricName(each);
    reportUnknown(each);
    return name ?? [];
  });
  const measurementRetention = spec.maps('measurementRetention').flatMap(readRetention);
  reportUnknown(spec);
  return {
    kind,
    name: object.metadata.name,
    args,
    metrics,
    dryRun,
    measurementRetention,
    templates,
    ...head,
  };
}

function readTemplateRef(fields: Fields): AnalysisTemplate['templates'] {
  const isNamed = requireField(fields, 'templateName', 'name an AnalysisTemplate');
  const templateName = isNamed ? fields.string('templateName') : undefined;
  const clusterScope = fields.boolean('clusterScope') ?? false;
  reportUnknown(fields);
  return templateName === undefined ? [] : [{ templateName, clusterScope }];
}

function readMetricName(fields: Fields): string | undefined {
  const isWritten = requireField(fields, 'metricName', 'write a regular expression over names of metrics');
  return isWritten ? fields.string('metricName') : undefined;
}

function readRetention(fields: Fields): AnalysisTemplate['measurementRetention'] {
  const metricName = readMetricName(fields);
  const isWritten = requireField(fields, 'limit', 'write how many measurements to keep');
  const limit = isWritten ? fields.int('limit') : undefined;
  reportUnknown(fields);
  return metricName === undefined || limit === undefined ? [] : [{ metricName, limit }];
}
