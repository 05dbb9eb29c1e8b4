import { Fields } from '../fields';
import { sameJson } from '../read-json';
import { readSequential, readSequentialFields } from '../sequential';
import { withoutArguments } from './argument-values';
import type { Complaint } from './complaint';
import type { MetricTemplate } from './spec';

/** The provider that compares both versions by a sequential test, and decides by itself. */
export const sequentialKind = 'sequential';

/** Fields of a metric that a sequential one has no use for. */
const ownRules = [
  ...['count', 'failureLimit', 'inconclusiveLimit', 'consecutiveSuccessLimit'],
  ...['successCondition', 'failureCondition'],
] as const;

/** Reads the fields of `provider.sequential` as they are written; values that are arguments are read when those are known. */
export function checkSequential(fields: Fields, name: string): void {
  readSequentialFields(new Fields(fields.source, fields.path, withoutArguments(fields.values, texts)), name);
}

/** What may be any text. */
const texts: ReadonlySet<string> = new Set([
  ...['total', 'bad', 'histogram', 'gauge', 'name', 'address', 'headers', 'authentication'],
]);

/** What is wrong with a sequential metric whose arguments are known, and the interval that it asks for. */
export function resolveSequential(
  template: MetricTemplate,
  provider: Readonly<Record<string, unknown>>,
  isKnown: boolean,
): { readonly complaints: readonly Complaint[]; readonly intervalMs?: number } {
  const useless = ownRules.find((field) => template[field] !== undefined);
  const complaints: Complaint[] = [];
  if (useless !== undefined) {
    const message = `${useless} has no effect on a sequential metric, which decides by its evidence`;
    complaints.push({ message, remedy: 'remove it; see rollback, promote and maxStepDuration' });
  }
  if (!isKnown) return { complaints };
  const read = readSequential(provider[sequentialKind], template.name);
  if (read.ok) return { complaints, intervalMs: read.value.intervalMs };
  // What is wrong without any argument was told where the template was read.
  if (sameJson(provider, template.provider)) return { complaints };
  for (const { field = '', message, remedy = '' } of read.problems) {
    complaints.push({ message: `${field}: ${message}`, remedy });
  }
  return { complaints };
}
