import type { IgnoreDifferences } from './application-spec';
import type { Fields } from './fields';
import { reportUnknown } from './read-refusals';
import { asked, readText, readTextItems } from './read-texts';
import { requireField } from './read-with';

const ways = ['jsonPointers', 'jqPathExpressions', 'managedFieldsManagers'] as const;
/** RFC 6901: each part after a slash, with `~0` for `~` and `~1` for `/`. */
const pointer = /^(?:\/(?:[^~/]|~[01])*)+$/;

/** Reads `spec.ignoreDifferences`; undefined when it is empty. Whether jq understands an expression is found out where it runs. */
export function readIgnoreDifferences(spec: Fields): readonly IgnoreDifferences[] | undefined {
  return asked(spec.maps('ignoreDifferences').map(readEntry));
}

function readEntry(entry: Fields): IgnoreDifferences {
  requireField(entry, 'kind', 'write the kind of object, or "*" for all');
  const [name, namespace] = [readText(entry, 'name'), readText(entry, 'namespace')];
  const [jsonPointers, jqPathExpressions, managedFieldsManagers] = [
    readPointers(entry),
    readTextItems(entry, 'jqPathExpressions').map(({ text }) => text),
    readTextItems(entry, 'managedFieldsManagers').map(({ text }) => text),
  ];
  if (ways.every((key) => isNothing(entry.raw(key)))) {
    const remedy = `write one of: ${ways.join(', ')}`;
    entry.report({ code: 'InvalidSpec', path: entry.path, message: 'ignores nothing', remedy });
  }
  const [group, kind] = [entry.string('group') ?? '', entry.string('kind') ?? ''];
  reportUnknown(entry);
  const which = { ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }) };
  return { group, kind, ...which, jsonPointers, jqPathExpressions, managedFieldsManagers };
}

function isNothing(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.length === 0);
}

function readPointers(entry: Fields): readonly string[] {
  return readTextItems(entry, 'jsonPointers').map(({ text, path }) => {
    if (!pointer.test(text)) {
      const message = `"${text}" is no JSON pointer`;
      const remedy = 'write /spec/replicas; a slash inside of a name is ~1, a tilde is ~0';
      entry.report({ code: 'InvalidSpec', path, message, value: text, remedy });
    }
    return text;
  });
}
