import type { Fields } from '../fields';
import { kindOf } from '../read-json';
import { reportUnknown } from '../read-refusals';
import { requireField } from '../read-with';
import { limits } from './metric-numbers';
import { readProvider } from './provider-fields';
import { resolveMetric } from './resolve-metric';
import type { MetricTemplate } from './spec';

const longestName = 253;

/** Reads one metric of a template, and checks what does not depend on arguments. */
export function readMetric(fields: Fields): MetricTemplate | undefined {
  const name = requireField(fields, 'name', 'name the metric') ? fields.string('name') : undefined;
  if (name !== undefined && name.length > longestName) {
    fields.invalid('name', `is longer than ${longestName} characters`, {
      value: name,
      remedy: 'shorten it',
    });
  }
  const texts = {
    ...readText(fields, 'interval', readDurationText),
    ...readText(fields, 'initialDelay', readDurationText),
    ...(Object.keys(limits) as (keyof typeof limits)[]).reduce(
      (read, key) => ({ ...read, ...readText(fields, key, readInt) }),
      {},
    ),
    ...readText(fields, 'successCondition', (own, key) => own.string(key)),
    ...readText(fields, 'failureCondition', (own, key) => own.string(key)),
  };
  const provider = readProvider(fields);
  reportUnknown(fields);
  const metric = { name: name ?? '', ...texts, provider: provider ?? {} };
  // Any argument may turn out to be anything; whether it is declared is known when templates are merged.
  const { complaints } = resolveMetric(metric, (tag) =>
    tag.startsWith('args.') ? { kind: 'unknown' } : undefined,
  );
  for (const { field, message, remedy } of complaints) fields.invalid(field, message, { remedy });
  return name === undefined || provider === undefined ? undefined : metric;
}

function readText<K extends keyof MetricTemplate>(
  fields: Fields,
  key: K,
  read: (fields: Fields, key: K) => string | undefined,
): { readonly [key in K]?: string } {
  const text = read(fields, key);
  return text === undefined ? {} : ({ [key]: text } as { readonly [key in K]: string });
}

/** A text, or a number of seconds as people write it. */
function readDurationText(fields: Fields, key: string): string | undefined {
  const value = fields.raw(key);
  return typeof value === 'number' ? String(value) : fields.string(key);
}

/** A whole number, or a text such as `"{{args.count}}"`. */
function readInt(fields: Fields, key: string): string | undefined {
  const value = fields.raw(key);
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return String(value);
  const remedy = 'write a whole number';
  return fields.invalid(key, `must be a whole number, not ${kindOf(value)}`, { value, remedy });
}
