import type { IgnoreDifferences } from '../application-spec';
import type { Problem, Read } from '../problem';
import { isMap, textOf, valueAt } from '../read-json';

const prefix = 'resource.customizations.ignoreDifferences.';
const known = ['jsonPointers', 'jqPathExpressions', 'managedFieldsManagers'] as const;

/**
 * The system-wide form of `ignoreDifferences` in the data of Argo CD's ConfigMap `argocd-cm`:
 * `resource.customizations.ignoreDifferences.<group>_<Kind>` (`<Kind>` alone for the core group, `all` for everything), and the old
 * form in one text, `resource.customizations` with `<group>/<Kind>: {ignoreDifferences: …}`. `parse` reads YAML and throws for what
 * is none. Globs in group and kind stay as they are. Other keys are not read.
 */
export function readSystemIgnores(
  data: Readonly<Record<string, string>>,
  parse: (yaml: string) => unknown,
): Read<readonly IgnoreDifferences[]> {
  const problems: Problem[] = [];
  const attempt = (field: string, yaml: string): unknown => {
    try {
      return parse(yaml);
    } catch {
      problems.push(wrong(field, 'is no YAML', 'correct its indentation and quotes'));
      return undefined;
    }
  };
  const entries = Object.entries(data).flatMap(([key, yaml]) => {
    if (key === 'resource.customizations') return oldForm(attempt(key, yaml), attempt, problems);
    if (!key.startsWith(prefix)) return [];
    const value = attempt(key, yaml);
    return value === undefined
      ? []
      : [readEntry(key, subjectOf(key.slice(prefix.length), '_'), value, problems)];
  });
  return problems.length === 0 ? { ok: true, value: entries } : { ok: false, problems };
}

type Attempt = (field: string, yaml: string) => unknown;

function oldForm(all: unknown, attempt: Attempt, problems: Problem[]): readonly IgnoreDifferences[] {
  return Object.entries(isMap(all) ? all : {}).flatMap(([subject, each]) => {
    const written = valueAt(each, 'ignoreDifferences');
    if (written === undefined) return [];
    const field = `resource.customizations["${subject}"].ignoreDifferences`;
    const value = typeof written === 'string' ? attempt(field, written) : written;
    return value === undefined ? [] : [readEntry(field, subjectOf(subject, '/'), value, problems)];
  });
}

function subjectOf(text: string, separator: string): { readonly group: string; readonly kind: string } {
  if (text === 'all' || text === '*/*') return { group: '*', kind: '*' };
  const at = text.lastIndexOf(separator);
  return at < 0 ? { group: '', kind: text } : { group: text.slice(0, at), kind: text.slice(at + 1) };
}

function readEntry(
  field: string,
  subject: { readonly group: string; readonly kind: string },
  value: unknown,
  problems: Problem[],
): IgnoreDifferences {
  if (!isMap(value)) problems.push(wrong(field, 'must be a map of fields', `use ${known.join(', ')}`));
  const map = isMap(value) ? value : {};
  for (const key of Object.keys(map).filter((each) => !known.some((one) => one === each)))
    problems.push({
      ...wrong(field, `unknown field "${textOf(key)}"`, `use ${known.join(', ')}`),
      code: 'UnknownField',
    });
  const list = (key: (typeof known)[number]): readonly string[] => {
    const items = map[key] ?? [];
    if (Array.isArray(items) && items.every((item): item is string => typeof item === 'string')) return items;
    problems.push(wrong(field, `${key} must be a list of texts`, 'write its items below it'));
    return [];
  };
  return {
    ...subject,
    jsonPointers: list('jsonPointers'),
    jqPathExpressions: list('jqPathExpressions'),
    managedFieldsManagers: list('managedFieldsManagers'),
  };
}

function wrong(field: string, message: string, remedy: string): Problem {
  return { code: 'InvalidSpec', object: 'ConfigMap argocd-cm', field: `data["${field}"]`, message, remedy };
}
