import { readDuration } from '../duration';
import { Fields } from '../fields';
import { locate, readOf } from '../located';
import type { Problem, Read } from '../problem';
import { isMap, kindOf } from '../read-json';
import { ignore, reportUnknown } from '../read-refusals';
import { readWith, requireField } from '../read-with';
import type { PromoteRule, RollbackRule, SequentialConfig, SequentialMetric } from './config';
import { readSequentialMetric } from './read-metric';
import { readPodLabel, readScrape, refuseQueries } from './read-scrape';
import { readShare } from './read-share';

/** The values of a configuration that leaves them out. */
const usual = {
  rollback: { alpha: 0.01, minTicks: 2, horizon: 60 },
  promote: { beta: 0.05, budget: 0.001, minTicks: 2 },
  ...{ maxStepMs: 30 * 60_000, warmupMs: 30_000, intervalMs: 10_000 },
};
const mostMetrics = 10;
/** How to reach the metrics store: read by the adapter. */
export const connectionFields: readonly string[] = [
  'address',
  'timeout',
  'insecure',
  'headers',
  'authentication',
];

/** Reads the value of `provider.sequential`; problems name the fields below it. `name` is the metric's when the value is one. */
export function readSequential(value: unknown, name = 'sequential'): Read<SequentialConfig> {
  if (!isMap(value)) {
    const message = `must be a map of fields, not ${kindOf(value)}`;
    return {
      ok: false,
      problems: [{ code: 'InvalidSpec', message, field: 'sequential', remedy: 'write metrics' }],
    };
  }
  const problems: Problem[] = [];
  const object = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', metadata: { name } };
  const fields = new Fields({ located: locate(object, ''), problems }, ['sequential'], value);
  const read = readOf(readSequentialFields(fields, name), problems);
  if (read.ok) return read;
  // The object is not at hand, so the file and line would be made up.
  return { ok: false, problems: read.problems.map(({ file: _f, line: _l, object: _o, ...rest }) => rest) };
}

/**
 * Reads the fields of a sequential analysis: `metrics` (a list), or one metric written directly; `rollback`, `promote`, `maxStepDuration`,
 * `warmup` and `interval` beside them or under `analysis`. Problems go to the fields' source; undefined when nothing can be made of it.
 */
export function readSequentialFields(fields: Fields, name = 'sequential'): SequentialConfig | undefined {
  ignore(fields, ...connectionFields);
  const { problems } = fields.source;
  const before = problems.length;
  const podLabel = readPodLabel(fields);
  const scrape = readScrape(fields, connectionFields);
  const hasList = fields.raw('metrics') !== undefined;
  const single = hasList ? undefined : readSequentialMetric(fields, name);
  const metrics = hasList ? readMetrics(fields) : single === undefined ? [] : [single];
  const whole = fields.map('analysis') ?? fields;
  const config: SequentialConfig = {
    metrics,
    rollback: readRollback(whole.map('rollback')),
    promote: readPromote(whole.map('promote')),
    maxStepMs: readWith(whole, 'maxStepDuration', readDuration) ?? usual.maxStepMs,
    warmupMs: readWith(whole, 'warmup', readDuration) ?? usual.warmupMs,
    intervalMs: readInterval(fields),
    ...(podLabel !== undefined && { podLabel }),
    ...(scrape !== undefined && { scrape }),
  };
  if (whole !== fields) reportUnknown(whole);
  reportUnknown(fields);
  if (problems.length === before && !metrics.some(({ kind }) => kind !== 'gauge')) {
    const remedy = 'write a metric with total and bad, or a histogram';
    fields.invalid('metrics', 'hold gauges only, which inform or pause but never decide', { remedy });
  }
  if (scrape !== undefined && problems.length === before) refuseQueries(fields, config);
  return problems.length === before ? config : undefined;
}

/** The interval of the analysis, or the shortest that a metric asks for: all of them are read at once. */
function readInterval(fields: Fields): number {
  const own = readWith(fields, 'interval', readDuration);
  const each = fields.raw('metrics') === undefined ? [] : fields.maps('metrics');
  const wanted = each.flatMap((map) => readWith(map, 'interval', readDuration) ?? []);
  return own ?? (wanted.length === 0 ? usual.intervalMs : Math.min(...wanted));
}

function readMetrics(fields: Fields): readonly SequentialMetric[] {
  const maps = fields.maps('metrics');
  const metrics = maps.flatMap((map) => {
    const isNamed = requireField(map, 'name', 'name the metric');
    const name = isNamed ? map.string('name') : undefined;
    ignore(map, 'interval');
    const own = map.map('sequential') ?? map;
    const metric = readSequentialMetric(own, name ?? '');
    if (own !== map) reportUnknown(own);
    reportUnknown(map);
    return metric !== undefined && name !== undefined ? [metric] : [];
  });
  const names = metrics.map(({ name }) => name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    fields.invalid('metrics', `two metrics are called ${name}`, {
      value: name,
      remedy: 'rename one of them',
    });
  }
  if (maps.length === 0) fields.invalid('metrics', 'is empty', { remedy: 'write a metric' });
  if (maps.length > mostMetrics) {
    const remedy = `write ${mostMetrics} at most, or make a second analysis`;
    fields.invalid('metrics', `${maps.length} metrics are more than ${mostMetrics}`, { remedy });
  }
  return metrics;
}

function readRollback(fields: Fields | undefined): RollbackRule {
  if (fields === undefined) return usual.rollback;
  const alpha = readShare(fields, 'alpha', { above: true, max: 0.5 });
  const minTicks = fields.int('minTicks', { min: 1, max: 100 });
  const horizon = fields.int('horizon', { min: 2, max: 100_000 });
  reportUnknown(fields);
  const { rollback } = usual;
  return {
    alpha: alpha ?? rollback.alpha,
    minTicks: minTicks ?? rollback.minTicks,
    horizon: horizon ?? rollback.horizon,
  };
}

function readPromote(fields: Fields | undefined): PromoteRule {
  if (fields === undefined) return usual.promote;
  const beta = readShare(fields, 'beta', { above: true, max: 0.5 });
  const budget = readShare(fields, 'budget', { above: true, max: 1 });
  const minTicks = fields.int('minTicks', { min: 1, max: 10_000 });
  const endsPause = fields.boolean('endsPause') === true;
  reportUnknown(fields);
  const { promote } = usual;
  return {
    ...(endsPause && { endsPause }),
    beta: beta ?? promote.beta,
    budget: budget ?? promote.budget,
    minTicks: minTicks ?? promote.minTicks,
  };
}
