import type { AnalysisArg, AnalysisRef, ArgSource } from './analysis/spec';
import { checkReferred } from './read-templates';
import type { Fields } from './fields';
import { ignore, reportUnknown } from './read-refusals';
import type { Revision } from './read-revision';
import { requireField } from './read-with';

/** Reads a reference to analysis templates at `key`, for whose end a rollout waits, and checks it against the revision. */
export function readAnalysisRef(fields: Fields, key: string, revision: Revision): AnalysisRef | undefined {
  const ref = fields.map(key);
  const read = ref && readTemplatesAnd(ref);
  if (ref === undefined || read === undefined) return undefined;
  reportUnknown(ref);
  checkReferred(ref, read, { revision, mustEnd: true });
  return read;
}

/** Reads the background analysis of a canary: `startingStep` is the index of the step with which it begins (0: the first). */
export function readBackgroundAnalysis(
  canary: Fields,
  steps: number,
  revision: Revision,
): (AnalysisRef & { readonly startingStep: number }) | undefined {
  const ref = canary.map('analysis');
  if (ref === undefined) return undefined;
  const startingStep = ref.int('startingStep') ?? 0;
  if (startingStep > 0 && startingStep >= steps) {
    const message = `there is no step ${startingStep}: steps are counted from 0`;
    ref.invalid('startingStep', message, {
      value: startingStep,
      remedy: `use ${Math.max(steps - 1, 0)} or less`,
    });
  }
  const read = readTemplatesAnd(ref);
  reportUnknown(ref);
  if (read === undefined) return undefined;
  checkReferred(ref, read, { revision, mustEnd: false });
  return { ...read, startingStep };
}

function readTemplatesAnd(ref: Fields): AnalysisRef | undefined {
  const remedy = 'write templates with a templateName each';
  const templates = requireField(ref, 'templates', remedy)
    ? ref.maps('templates').flatMap(readTemplateName)
    : [];
  const written = ref.raw('templates');
  if (Array.isArray(written) && written.length === 0)
    ref.invalid('templates', 'names no template', { remedy });
  const common = readRefCommon(ref);
  return templates.length === 0 ? undefined : { templates, ...common };
}

/** What an analysis says besides its templates; `analysisRunMetadata` has no object here that could carry it. */
export function readRefCommon(ref: Fields): Omit<AnalysisRef, 'templates'> {
  ignore(ref, 'analysisRunMetadata');
  return { args: readArgs(ref), dryRun: readDryRun(ref), measurementRetention: readRetention(ref) };
}

/** `{templateName, clusterScope}`, at the fields of the map that holds them. */
export function readTemplateName(fields: Fields): AnalysisRef['templates'] {
  requireField(fields, 'templateName', 'name an AnalysisTemplate of the same revision');
  const templateName = fields.string('templateName');
  const clusterScope = fields.boolean('clusterScope') ?? false;
  reportUnknown(fields);
  return templateName ? [{ templateName, clusterScope }] : [];
}

/** Arguments of a reference: a value, a hash of one side's pods, or a field of the Rollout. Secrets are a template's to name. */
function readArgs(ref: Fields): readonly AnalysisArg[] {
  const seen = new Set<string>();
  return ref.maps('args').flatMap((arg) => {
    requireField(arg, 'name', 'name an argument of the template');
    const name = arg.string('name');
    const value = arg.string('value');
    const from = arg.map('valueFrom');
    const source = readSource(value, from);
    reportUnknown(arg);
    if (value !== undefined && from !== undefined)
      arg.invalid('valueFrom', 'value and valueFrom are both given', { remedy: 'keep one of them' });
    if (name && seen.has(name))
      arg.invalid('name', `argument ${name} is given twice`, {
        value: name,
        remedy: 'remove one of the two',
      });
    if (name) seen.add(name);
    return name ? [{ name, source }] : [];
  });
}

function readSource(value: string | undefined, from: Fields | undefined): ArgSource {
  if (value !== undefined) return { kind: 'value', value };
  if (from === undefined) return { kind: 'missing' };
  const of = from.oneOf('podTemplateHashValue', ['Stable', 'Latest']);
  const field = from.map('fieldRef');
  const fieldPath = field?.string('fieldPath');
  if (field !== undefined) {
    requireField(field, 'fieldPath', 'write a path such as metadata.name');
    reportUnknown(field);
  }
  if (from.raw('secretKeyRef') !== undefined) {
    const remedy = 'name the Secret in the args of the AnalysisTemplate, and leave the argument out here';
    from.invalid('secretKeyRef', 'a reference cannot take an argument from a Secret', { remedy });
  }
  reportUnknown(from);
  if (of !== undefined) return { kind: 'hash', of };
  return fieldPath ? { kind: 'field', fieldPath } : { kind: 'missing' };
}

/** Regular expressions over names of metrics whose result counts for nothing. */
export function readDryRun(ref: Fields): readonly string[] {
  return ref.maps('dryRun').flatMap((each) => {
    const name = readMetricName(each);
    reportUnknown(each);
    return name === undefined ? [] : [name];
  });
}

function readRetention(ref: Fields): AnalysisRef['measurementRetention'] {
  return ref.maps('measurementRetention').flatMap((each) => {
    const metricName = readMetricName(each);
    requireField(each, 'limit', 'write how many measurements to keep');
    const limit = each.int('limit', { min: 1 });
    reportUnknown(each);
    return metricName === undefined || limit === undefined ? [] : [{ metricName, limit }];
  });
}

function readMetricName(fields: Fields): string | undefined {
  requireField(fields, 'metricName', 'write a regular expression over names of metrics');
  const name = fields.string('metricName') || undefined;
  if (name === undefined || isRegExp(name)) return name;
  const remedy = 'write a regular expression over names of metrics, such as `.*`';
  return fields.invalid('metricName', `"${name}" is no regular expression`, { value: name, remedy });
}

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
