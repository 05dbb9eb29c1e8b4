import { readDuration } from '../duration';
import { Fields } from '../fields';
import { locate, readOf } from '../located';
import type { Problem, Read } from '../problem';
import { isMap, kindOf } from '../read-json';
import { ignore, reportUnknown } from '../read-refusals';
import { readWith, requireField } from '../read-with';
import { connectionFields } from '../sequential';
import { readPodLabel } from '../sequential/read-scrape';
import { readNumber, readShare } from '../sequential/read-share';
import { fewestPoints, mostPoints, type JudgePlan, type PlannedMetric } from './plan';
import { readPlannedMetric } from './read-metric';
import type { JudgeConfig } from './types';

/** The values of a judge that leaves them out; thresholds as Spinnaker proposes them. */
const usual = { thresholds: { pass: 95, marginal: 75 }, stepMs: 10_000 };
const mostMetrics = 10;

/** Reads the value of `provider.judge`; problems name the fields below it. */
export function readJudge(value: unknown): Read<JudgePlan> {
  if (!isMap(value)) {
    const message = `must be a map of fields, not ${kindOf(value)}`;
    return {
      ok: false,
      problems: [{ code: 'InvalidSpec', message, field: 'judge', remedy: 'write metrics' }],
    };
  }
  const problems: Problem[] = [];
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'judge' },
  };
  const fields = new Fields({ located: locate(object, ''), problems }, ['judge'], value);
  const read = readOf(readJudgeFields(fields), problems);
  if (read.ok) return read;
  // The object is not at hand, so the file and line would be made up.
  return { ok: false, problems: read.problems.map(({ file: _f, line: _l, object: _o, ...rest }) => rest) };
}

/** Reads the fields of a judge. Problems go to the fields' source; undefined when nothing can be made of it. */
export function readJudgeFields(fields: Fields): JudgePlan | undefined {
  ignore(fields, ...connectionFields);
  const { problems } = fields.source;
  const before = problems.length;
  const isKayenta = fields.boolean('kayenta') === true;
  const metrics = readMetrics(fields, isKayenta);
  const stepMs = readStep(fields);
  const lookbackMs = readWith(fields, 'lookback', readDuration);
  if (lookbackMs !== undefined && (lookbackMs < fewestPoints * stepMs || lookbackMs >= mostPoints * stepMs)) {
    const remedy = `use a lookback of ${fewestPoints} to ${mostPoints - 1} steps`;
    fields.invalid('lookback', 'has too few or too many points', { value: fields.raw('lookback'), remedy });
  }
  const podLabel = readPodLabel(fields) ?? 'pod';
  const config: JudgeConfig = {
    thresholds: readThresholds(fields.map('thresholds')),
    ...readWeights(fields, metrics),
    ...given('tolerance', readNumber(fields, 'tolerance', { max: 1 })),
    ...given('confidence', readShare(fields, 'confidence', { min: 0.5, max: 0.9999 })),
    ...(isKayenta && { kayenta: true }),
  };
  reportUnknown(fields);
  if (problems.length > before) return undefined;
  return { metrics, config, stepMs, podLabel, ...given('lookbackMs', lookbackMs) };
}

function readStep(fields: Fields): number {
  const stepMs = readWith(fields, 'step', readDuration) ?? usual.stepMs;
  if (stepMs >= 100) return stepMs;
  const remedy = 'write the scrape interval, such as 10s';
  fields.invalid('step', 'is too short', { value: fields.raw('step'), remedy });
  return usual.stepMs;
}

function readMetrics(fields: Fields, isKayenta: boolean): readonly PlannedMetric[] {
  if (!requireField(fields, 'metrics', 'write what to compare')) return [];
  const maps = fields.maps('metrics');
  const metrics = maps.flatMap((map) => readPlannedMetric(map, isKayenta) ?? []);
  const names = metrics.map(({ name }) => name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    const remedy = 'rename one of them';
    fields.invalid('metrics', `two metrics are called ${name}`, { value: name, remedy });
  }
  if (maps.length === 0) fields.invalid('metrics', 'is empty', { remedy: 'write a metric' });
  if (maps.length > mostMetrics) {
    const remedy = `write ${mostMetrics} at most, or make a second metric of the analysis`;
    fields.invalid('metrics', `${maps.length} metrics are more than ${mostMetrics}`, { remedy });
  }
  return metrics;
}

function readThresholds(fields: Fields | undefined): JudgeConfig['thresholds'] {
  if (fields === undefined) return usual.thresholds;
  const pass = readNumber(fields, 'pass', { above: true, max: 100 }) ?? usual.thresholds.pass;
  const marginal = readNumber(fields, 'marginal', { max: 100 }) ?? Math.min(pass, usual.thresholds.marginal);
  if (marginal > pass) {
    const remedy = 'use a marginal score of at most pass';
    fields.invalid('marginal', `${marginal} is above pass, which is ${pass}`, { value: marginal, remedy });
  }
  reportUnknown(fields);
  return { pass, marginal };
}

/** A score has to be able to reach 100, so weights of all groups are 100 together, and those of some of them no more. */
function readWeights(fields: Fields, metrics: readonly PlannedMetric[]): Pick<JudgeConfig, 'groupWeights'> {
  const map = fields.map('groupWeights');
  if (map === undefined) return {};
  const read = Object.keys(map.values).map((name) => [name, readNumber(map, name, { max: 100 })] as const);
  const weights = Object.fromEntries(
    read.flatMap(([name, weight]) => (weight === undefined ? [] : [[name, weight]])),
  ) as Readonly<Record<string, number>>;
  const groups = new Set(metrics.filter(({ muted }) => muted !== true).flatMap((metric) => metric.groups));
  if (metrics.length === 0 || read.some(([, weight]) => weight === undefined)) return {};
  for (const name of Object.keys(weights).filter((each) => !groups.has(each))) {
    map.invalid(name, 'is the group of no metric', { remedy: `use one of: ${[...groups].join(', ')}` });
  }
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  const isWhole = [...groups].every((group) => weights[group] !== undefined);
  if (sum > 100 || (isWhole && Math.abs(sum - 100) > 1e-9)) {
    const remedy = isWhole
      ? 'let them be 100 together'
      : 'let them be at most 100: other groups share the rest';
    fields.invalid('groupWeights', `add up to ${sum}`, { value: sum, remedy });
  }
  return { groupWeights: weights };
}

function given<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: T });
}
