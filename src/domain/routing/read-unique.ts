import type { Fields } from '../fields';
import { reportUnknown } from '../read-refusals';
import { requireField } from '../read-with';

/** The names in a list of `{name}`; one that is there twice is reported. */
export function readUnique(fields: Fields, key: string, remedy: string): readonly string[] {
  const names: string[] = [];
  for (const item of fields.maps(key)) {
    const name = requireField(item, 'name', remedy) ? item.string('name') : undefined;
    reportUnknown(item);
    if (name === undefined) continue;
    if (names.includes(name)) reportTwice(item, 'name', name);
    else names.push(name);
  }
  return names;
}

/** The texts of a list; what is no text, and what is there twice, is reported. */
export function readTexts(fields: Fields, key: string): readonly string[] {
  const texts: string[] = [];
  for (const [index, value] of fields.list(key).entries()) {
    const path = [...fields.path, key, index];
    if (typeof value !== 'string' || value === '') {
      const advice = { value, remedy: 'write a text' };
      fields.report({ code: 'InvalidSpec', path, message: 'must be a text that is not empty', ...advice });
    } else if (texts.includes(value)) {
      const message = `${value} is there twice`;
      fields.report({ code: 'InvalidSpec', path, message, value, remedy: 'remove one of them' });
    } else texts.push(value);
  }
  return texts;
}

function reportTwice(item: Fields, key: string, value: string): void {
  item.invalid(key, `${value} is there twice`, { value, remedy: 'remove one of them' });
}

/** One text under `single`, or a list of them under `list`: exactly one of both (Argo Rollouts). */
export function readOneOrMore(
  fields: Fields,
  single: string,
  list: string,
  remedy: string,
): readonly string[] | undefined {
  const one = fields.string(single);
  const more = readTexts(fields, list);
  if (one !== undefined && one !== '' && more.length === 0) return [one];
  if ((one === undefined || one === '') && more.length > 0) return more;
  if (more.length > 0)
    return fields.invalid(list, `${single} and ${list} are both given`, { remedy: 'keep one of them' });
  if (fields.raw(list) === undefined || fields.list(list).length === 0)
    fields.invalid(single, 'is missing', { remedy });
  return undefined;
}
