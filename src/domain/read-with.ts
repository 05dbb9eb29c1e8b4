import type { Fields } from './fields';
import { fieldName } from './located';
import type { Read } from './problem';

/** Reads a field by a reader of single values, and gives its problems the file, line and object they belong to. */
export function readWith<T>(
  fields: Fields,
  key: string,
  read: (value: unknown, field: string) => Read<T>,
): T | undefined {
  const value = fields.raw(key);
  if (value === undefined) return undefined;
  const result = read(value, fieldName([...fields.path, key]));
  if (result.ok) return result.value;
  for (const { message, remedy } of result.problems) {
    fields.invalid(key, message, remedy === undefined ? { value } : { value, remedy });
  }
  return undefined;
}

/** Whether a field is written; says so when it is absent or an empty text. */
export function requireField(fields: Fields, key: string, remedy: string): boolean {
  const value = fields.raw(key);
  if (value !== undefined && value !== '') return true;
  fields.invalid(key, 'is missing', { remedy });
  return false;
}
