import { valueAt } from './read-json';

/** The text at `path`, undefined if there is none. */
export function peekText(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The number at `path`, undefined if there is none. */
export function peekNumber(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The list at `path`, empty if there is none. */
export function peekList(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The entry of `status.conditions` with this type. */
export function conditionOf(object: unknown, type: string): unknown {
  return peekList(object, 'status', 'conditions').find((condition) => peekText(condition, 'type') === type);
}

/** Whether the condition of this type is there and has this status. */
export function hasCondition(object: unknown, type: string, status: 'True' | 'False' | 'Unknown'): boolean {
  return peekText(conditionOf(object, type), 'status') === status;
}
