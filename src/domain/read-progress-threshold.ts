import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { requireField } from './read-with';
import type { IntOrPercent } from './strategy';

/** Reads `replicaProgressThreshold`: `{type: Percent, value: 90}` as `90%`, `{type: Pods, value: 3}` as `3`. */
export function readProgressThreshold(canary: Fields): IntOrPercent | undefined {
  const threshold = canary.map('replicaProgressThreshold');
  if (threshold === undefined) return undefined;
  requireField(threshold, 'type', 'write Percent or Pods');
  requireField(threshold, 'value', 'write how many have to be available');
  const type = threshold.oneOf('type', ['Percent', 'Pods']);
  const value = threshold.int('value', type === 'Percent' ? { min: 1, max: 100 } : { min: 1 });
  reportUnknown(threshold);
  if (type === undefined || value === undefined) return undefined;
  return type === 'Percent' ? `${value}%` : value;
}
