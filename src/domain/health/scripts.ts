import { matchesGlob } from '../glob';
import { groupOf } from '../kube-object';
import type { KubeObject } from '../kube-object';
import { fieldOf, isMap, kindOf } from '../read-json';
import type { Problem, Read } from '../problem';

/** A user's `health.lua` for the kinds that match. */
export interface HealthScript {
  /** `group/Kind`, `Kind` for the core group; with `*` or `?` a glob. */
  readonly kinds: string;
  readonly lua: string;
}

const map = 'resource.customizations';
const lua = `${map}.health.`;
const openLibs = `${map}.useOpenLibs.`;
const noOpenLibs = {
  message: 'health scripts get no open libraries',
  remedy:
    'remove useOpenLibs: string, table, math, os.time and os.date are there without it; files, processes and require never are',
};

/**
 * Reads Argo CD's settings of health: the keys `resource.customizations.health.<group>_<Kind>` of the ConfigMap `argocd-cm`, and the
 * older map `resource.customizations` (`group/Kind` → `health.lua`), which `parse` makes out of its YAML. Where both speak for a kind
 * the key wins, as in Argo CD; wildcards come after exact names. Everything else in the ConfigMap is no matter of health. Problems:
 * a script that is no text, `useOpenLibs`.
 */
export function readHealthScripts(
  data: Readonly<Record<string, unknown>>,
  parse: (yaml: string) => unknown,
): Read<readonly HealthScript[]> {
  const problems: Problem[] = [];
  const found = new Map<string, HealthScript>();
  const add = (kinds: string, text: unknown, field: string): void => {
    if (typeof text !== 'string') problems.push(invalid(field, `a script is a text, not ${kindOf(text)}`));
    else if (text.trim() !== '') found.set(kinds, { kinds, lua: text });
  };
  const refuseOpenLibs = (value: unknown, field: string): void => {
    if (value === true || value === 'true') problems.push({ code: 'Unsupported', field, ...noOpenLibs });
  };

  for (const [kinds, custom] of Object.entries(readMap(data[map], parse, problems))) {
    const script = fieldOf(custom, 'health.lua');
    if (script !== undefined) add(kinds, script, `${map}.${kinds}.health.lua`);
    refuseOpenLibs(fieldOf(custom, 'health.lua.useOpenLibs'), `${map}.${kinds}.health.lua.useOpenLibs`);
  }
  for (const [key, value] of Object.entries(data)) {
    if (key.startsWith(openLibs)) refuseOpenLibs(value, key);
    if (!key.startsWith(lua)) continue;
    const parts = key.slice(lua.length).split('_');
    if (parts.length > 2 || parts.includes(''))
      problems.push(invalid(key, 'the name of the key ends in no <group>_<Kind>'));
    else add(parts.join('/'), value, key);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: [...found.values()] };
}

function readMap(
  text: unknown,
  parse: (yaml: string) => unknown,
  problems: Problem[],
): Readonly<Record<string, unknown>> {
  if (text === undefined || text === '') return {};
  try {
    const value = typeof text === 'string' ? parse(text) : text;
    if (value === null || value === undefined) return {};
    if (isMap(value)) return value;
    problems.push(invalid(map, `it is a map of group/Kind, not ${kindOf(value)}`));
  } catch (error: unknown) {
    problems.push({
      code: 'InvalidYaml',
      field: map,
      message: error instanceof Error ? error.message : String(error),
    });
  }
  return {};
}

function invalid(field: string, message: string): Problem {
  return { code: 'InvalidSpec', field, message };
}

/** The script that speaks for a kind: an exact name before wildcards, those in the order in which they were written. */
export function scriptFor(
  scripts: readonly HealthScript[],
  { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>,
): HealthScript | undefined {
  const group = groupOf(apiVersion);
  const name = group === '' ? kind : `${group}/${kind}`;
  return (
    scripts.find(({ kinds }) => kinds === name) ??
    scripts.find(({ kinds }) => hasWildcard(kinds) && matchesGlob(kinds, name))
  );
}

function hasWildcard(kinds: string): boolean {
  return /[*?]/.test(kinds);
}
