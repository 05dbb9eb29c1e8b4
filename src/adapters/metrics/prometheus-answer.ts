import { fieldOf, isMap, type JsonMap } from '../../domain/read-json';
import type { RangeSeries } from '../../domain/judge/series';
import type { Series } from '../../domain/sequential';
import { wrong } from './failure';
import { numberIn } from './number-text';
import type { Measured } from './provider';
import { parseJson } from './read-body';

/**
 * The value of an answer of Prometheus' query API (https://prometheus.io/docs/prometheus/latest/querying/api/): a scalar is a number, a
 * vector the list of its values, a matrix the values of all its series one after another, as in Argo. Warnings become metadata.
 */
export function measuredBy(text: string): Measured {
  const json = succeeded(text);
  const data = fieldOf(json, 'data');
  const value = valueOf(fieldOf(data, 'resultType'), fieldOf(data, 'result'));
  const warnings = fieldOf(json, 'warnings');
  if (!Array.isArray(warnings) || warnings.length === 0) return { value };
  return {
    value,
    metadata: {
      warnings: warnings
        .map((each) => `"${String(each)}"`)
        .join(', ')
        .slice(0, 1_000),
    },
  };
}

function succeeded(text: string): unknown {
  const json = parseJson(text);
  if (fieldOf(json, 'status') !== 'success')
    throw wrong(saidOf(json) ?? 'the answer is none of Prometheus: it has no status');
  return json;
}

/** The series of a vector with their labels, as they are: a value that is NaN stays so. */
export function seriesIn(text: string): readonly Series[] {
  const data = fieldOf(succeeded(text), 'data');
  const result = fieldOf(data, 'result');
  if (fieldOf(data, 'resultType') !== 'vector' || !Array.isArray(result))
    throw wrong('the answer is no vector; write queries of raw counters');
  return result.map((series: unknown) => {
    if (!isMap(series)) throw wrong('the answer is none of Prometheus: its vector holds no series');
    if (series.histogram !== undefined)
      throw wrong('the result is a native histogram; ask for the buckets of a classic one (_bucket)');
    return { labels: labelsOf(series), value: sampleOf(series.value) };
  });
}

/** The series of a matrix with their labels and the moments of their points: a value that is NaN stays so. */
export function rangesIn(text: string): readonly RangeSeries[] {
  const data = fieldOf(succeeded(text), 'data');
  const result = fieldOf(data, 'result');
  if (fieldOf(data, 'resultType') !== 'matrix' || !Array.isArray(result))
    throw wrong('the answer is no range of numbers');
  return result.map((series: unknown) => {
    if (!isMap(series)) throw wrong('the answer is none of Prometheus: its matrix holds no series');
    if (series.histograms !== undefined)
      throw wrong('the result is a native histogram; a judge needs numbers, such as by histogram_quantile()');
    if (!Array.isArray(series.values))
      throw wrong('the answer is none of Prometheus: a series has no values');
    const points = series.values.map((sample: unknown) => [momentOf(sample), sampleOf(sample)] as const);
    return { labels: labelsOf(series), points };
  });
}

function labelsOf(series: JsonMap): Readonly<Record<string, string>> {
  const labels = isMap(series.metric) ? Object.entries(series.metric) : [];
  return Object.fromEntries(labels.map(([name, value]) => [name, String(value)]));
}

/** In epoch milliseconds. */
function momentOf(sample: unknown): number {
  const seconds: unknown = Array.isArray(sample) ? sample[0] : undefined;
  if (typeof seconds === 'number' && Number.isFinite(seconds)) return Math.round(seconds * 1_000);
  throw wrong('the answer is none of Prometheus: a sample has no moment');
}

/** What a refusal says: `bad_data: 1:5: parse error: …`. */
export function saidByPrometheus(text: string): string | undefined {
  try {
    return saidOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function saidOf(json: unknown): string | undefined {
  const [type, error] = [fieldOf(json, 'errorType'), fieldOf(json, 'error')];
  const parts = [type, error].filter((each) => typeof each === 'string' && each !== '');
  return parts.length === 0 ? undefined : parts.join(': ');
}

function valueOf(type: unknown, result: unknown): unknown {
  if (type === 'scalar') return sampleOf(result);
  if (type !== 'vector' && type !== 'matrix')
    throw wrong(
      `the result is ${typeof type === 'string' ? `a ${type.slice(0, 40)}` : 'of no kind'}; a metric needs numbers`,
    );
  if (!Array.isArray(result)) throw wrong(`the answer is none of Prometheus: its ${type} is no list`);
  return result.flatMap((series: unknown) => {
    if (!isMap(series)) throw wrong(`the answer is none of Prometheus: its ${type} holds no series`);
    if (series.histogram !== undefined || series.histograms !== undefined)
      throw wrong(
        'the result is a native histogram; a metric needs numbers, such as by histogram_quantile()',
      );
    if (type === 'vector') return [sampleOf(series.value)];
    if (!Array.isArray(series.values))
      throw wrong('the answer is none of Prometheus: a series has no values');
    return series.values.map(sampleOf);
  });
}

/** A time and a number as text: `[1435781451.781, "0.5"]`. */
function sampleOf(sample: unknown): number {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined;
  if (typeof text !== 'string' || text.trim() === '')
    throw wrong('the answer is none of Prometheus: a sample has no value');
  return numberIn(text, 'the answer is none of Prometheus: a sample is no number');
}
