import type { Fields } from './fields';
import type { FieldPath } from './located';
import { kindOf, quoting } from './read-json';

/** One text of a list, and its place for problems. */
export interface TextItem {
  readonly text: string;
  readonly path: FieldPath;
}

/** A text; an empty one is the same as none, as in Argo CD. */
export function readText(fields: Fields, key: string): string | undefined {
  return fields.string(key) || undefined;
}

/** A switch that is off by default: `false` is the same as not written. */
export function readFlag(fields: Fields, key: string): true | undefined {
  return fields.boolean(key) === true ? true : undefined;
}

/** A list of texts; items that are none, or are empty, are reported and left out. */
export function readTextItems(fields: Fields, key: string): readonly TextItem[] {
  return itemsOf(fields, key).filter(({ text, path }) => {
    if (text === '')
      fields.report({ code: 'InvalidSpec', path, message: 'is empty', value: text, remedy: 'remove it' });
    return text !== '';
  });
}

/** A list of texts, empty ones too; items that are none are reported and left out. */
export function readTexts(fields: Fields, key: string): readonly string[] {
  return itemsOf(fields, key).map(({ text }) => text);
}

function itemsOf(fields: Fields, key: string): readonly TextItem[] {
  return fields.list(key).flatMap((text, index) => {
    const path = [...fields.path, key, index];
    if (typeof text === 'string') return [{ text, path }];
    const message = `must be a text, not ${kindOf(text)}`;
    const isScalar = typeof text === 'number' || typeof text === 'boolean';
    const remedy = isScalar ? quoting(text) : 'write a text';
    fields.report({ code: 'InvalidSpec', path, message, value: text, remedy });
    return [];
  });
}

/** A list, or undefined when it is empty. */
export function asked<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The fields of `T` that were written; undefined when none was. `all` has to name each of them. */
export function written<T extends object>(all: {
  readonly [K in keyof T]-?: T[K] | undefined;
}): T | undefined {
  const entries = Object.entries(all).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
}
