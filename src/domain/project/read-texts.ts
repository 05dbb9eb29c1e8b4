import type { Fields } from '../fields';

/** A list of texts; items that are none are reported and left out. */
export function readTexts(fields: Fields, key: string): readonly string[] {
  return fields.list(key).flatMap((item, index) => {
    if (typeof item === 'string') return [item];
    const path = [...fields.path, key, index];
    fields.report({ code: 'InvalidSpec', path, message: 'must be a text', value: item, remedy: 'quote it' });
    return [];
  });
}
