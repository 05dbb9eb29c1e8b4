import type { Fields } from './fields';
import { isMap } from './read-json';
import { didYouMean } from './read-suggestion';

/** Fields that exist in the API but are not done here: how the sentence begins (`Helm is`), and what to do instead. */
export type Refusals = Readonly<Record<string, readonly [subject: string, remedy: string]>>;

/**
 * Reports each refused field that is written. What asks for nothing (false, an empty text or list) is no refusal; an empty
 * map is one unless `emptyMap` says that it asks for nothing as well.
 */
export function refuse(fields: Fields, refusals: Refusals, { emptyMap = true } = {}): void {
  for (const [key, [subject, remedy]] of Object.entries(refusals)) {
    const value = fields.raw(key);
    if (!asksForSomething(value, emptyMap)) continue;
    const message = `${subject} not supported yet`;
    fields.report({ code: 'Unsupported', path: [...fields.path, key], message, remedy });
  }
}

function asksForSomething(value: unknown, emptyMap: boolean): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return emptyMap || Object.keys(value).length > 0;
  return value !== undefined && value !== false && value !== '';
}

/** Marks fields as known that need no reading. */
export function ignore(fields: Fields, ...keys: readonly string[]): void {
  for (const key of keys) fields.raw(key);
}

/** Reports the fields that nobody asked for, with the one that was probably meant. Call it last. */
export function reportUnknown(fields: Fields): void {
  const { unread, known } = fields.unread();
  for (const key of unread) {
    const remedy = didYouMean(key, known, 'remove it');
    const path = [...fields.path, key];
    fields.report({ code: 'UnknownField', path, message: 'unknown field', remedy });
  }
}
