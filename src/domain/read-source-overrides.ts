import type { SourceSpec } from './application-spec';
import type { Fields } from './fields';
import { readDirectory } from './read-directory';
import { readHelm } from './read-helm';
import { fieldOf, isMap, mapOf, type JsonMap } from './read-json';
import { readKustomize } from './read-kustomize';
import { ignore, refuse, reportUnknown } from './read-refusals';

/**
 * A source with what `.argocd-source.yaml` or `.argocd-source-<application>.yaml` in its directory overrides. As in Argo CD it is a
 * merge patch: maps are merged, lists and values replaced, `null` takes a value away; where the source lies cannot be overridden.
 * `file` holds the fields of the file; what is wrong goes to its problems, unknown fields by name.
 */
export function readSourceOverrides(file: Fields, source: SourceSpec, refs: readonly string[]): SourceSpec {
  refuse(file, {
    plugin: ['a config management plugin is', 'commit the rendered manifests instead'],
  });
  ignore(file, 'repoURL', 'path', 'targetRevision', 'chart', 'ref', 'name');
  const { recurse, directory } = readDirectory(file);
  const kustomize = readKustomize(file, source.path);
  const helm = readHelm(file, { chartPath: source.chart === undefined ? source.path : undefined, refs });
  reportUnknown(file);
  const written = (kind: string): JsonMap => mapOf(file.values[kind]);
  const merged = {
    directory: merge(source.directory, directory, written('directory')),
    kustomize: merge(source.kustomize, kustomize, written('kustomize')),
    helm: merge(source.helm, helm, written('helm')),
  };
  const { directory: _directory, kustomize: _kustomize, helm: _helm, ...place } = source;
  return {
    ...place,
    recurse: fieldOf(written('directory'), 'recurse') === undefined ? source.recurse : recurse,
    ...(merged.directory !== undefined && { directory: merged.directory }),
    ...(merged.kustomize !== undefined && { kustomize: merged.kustomize }),
    ...(merged.helm !== undefined && { helm: merged.helm }),
  };
}

/**
 * The map of a file of overrides with its fields as the API spells them: other tools write `forcestring`, which Argo CD takes for
 * `forceString`.
 */
export function withApiSpelling(file: JsonMap): JsonMap {
  const helm = file['helm'];
  const parameters = fieldOf(helm, 'parameters');
  if (!isMap(helm) || !Array.isArray(parameters)) return file;
  const spelled = parameters.map((each: unknown) => {
    if (!isMap(each) || each['forcestring'] === undefined) return each;
    const { forcestring, ...rest } = each;
    return { forceString: forcestring, ...rest };
  });
  return { ...file, helm: { ...helm, parameters: spelled } };
}

function merge<T extends object>(base: T | undefined, patch: T | undefined, written: JsonMap): T | undefined {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(written)) if (isNothing(value)) delete merged[key];
  for (const [key, value] of Object.entries(patch ?? {})) {
    const before = merged[key];
    merged[key] = isMap(before) && isMap(value) ? { ...before, ...value } : value;
  }
  return Object.keys(merged).length === 0 ? undefined : (merged as T);
}

/** What the readers leave out because it is the default: written over something, it takes that away. */
function isNothing(value: unknown): boolean {
  return value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0);
}
