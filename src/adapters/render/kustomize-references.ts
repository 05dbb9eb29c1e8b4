import { isMap, type JsonMap } from '../../domain/read-json';
import type { FieldPath } from '../../domain/located';

/** A path that a kustomization names. */
export interface Reference {
  readonly path: string;
  readonly field: FieldPath;
  /** It comes from the application's options, not from a file. */
  readonly isAdded?: boolean;
}

/** What Kustomize takes whole directories for. */
export const listsOfDirectories = ['resources', 'bases', 'components'];

const lists = [...listsOfDirectories, 'crds', 'configurations'];
/** Lists of paths or of YAML written in place. */
const mixed = ['generators', 'transformers', 'validators', 'patchesStrategicMerge'];
const withPath = ['patches', 'patchesJson6902', 'replacements'];
const generated = ['configMapGenerator', 'secretGenerator'];

/** Fields that would run another program, which no rendering may do. */
export const refusedFields: Readonly<Record<string, string>> = {
  helmCharts: 'Helm charts inflated by Kustomize are',
  helmChartInflationGenerator: 'Helm charts inflated by Kustomize are',
};

/** Everything outside itself that a kustomization reads, by the field that names it. */
export function referencesOf(kustomization: JsonMap): Reference[] {
  const found: Reference[] = [];
  const add = (path: unknown, ...field: FieldPath): void => {
    if (typeof path === 'string' && path !== '') found.push({ path, field });
  };
  const each = (name: string, use: (item: unknown, index: number) => void): void => {
    const list = kustomization[name];
    if (Array.isArray(list)) list.forEach(use);
  };
  for (const name of lists) each(name, (item, index) => add(item, name, index));
  for (const name of mixed) {
    each(name, (item, index) => !isInline(item) && add(item, name, index));
  }
  for (const name of withPath) {
    each(name, (item, index) => isMap(item) && add(item['path'], name, index, 'path'));
  }
  for (const name of generated) {
    each(name, (item, index) => {
      if (!isMap(item)) return;
      add(item['env'], name, index, 'env');
      for (const key of ['files', 'envs']) {
        const values: readonly unknown[] = Array.isArray(item[key]) ? item[key] : [];
        for (const value of values) add(key === 'files' ? withoutKey(value) : value, name, index, key);
      }
    });
  }
  const openapi = kustomization['openapi'];
  if (isMap(openapi)) add(openapi['path'], 'openapi', 'path');
  return found;
}

/** Whether Kustomize would fetch the path from the network where nothing lies there. */
export function isRemote(path: string): boolean {
  return (
    /^(?:[a-z][a-z0-9+.-]*:\/\/|[a-z][a-z0-9+.-]*::|[^/@\s]+@[^/:\s]+:)/i.test(path) ||
    /^(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|gh:)/i.test(path) ||
    /[?&](?:ref|version|timeout|submodules)=/.test(path) ||
    /[^:]\/\/./.test(path)
  );
}

function isInline(item: unknown): boolean {
  return typeof item !== 'string' || item.includes('\n');
}

/** `key=path` of a generator. */
function withoutKey(value: unknown): unknown {
  return typeof value === 'string' ? value.slice(value.indexOf('=') + 1) : value;
}
