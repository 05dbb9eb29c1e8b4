import { isMap } from './read-json';

export { configRefs, renameConfig } from './config-refs';
export type { ConfigNames, ConfigRef, PodSpec } from './config-refs';

/** A ConfigMap or Secret that the pods read, with everything of it that they can see. */
export interface ConfigContent {
  readonly kind: string;
  readonly name: string;
  readonly data: unknown;
}

/**
 * The text whose hash is a version's identity, for quarantine: pod template and configuration, the same for any order of keys
 * and configuration, and for a field that is `null` instead of absent. Every other difference counts, `restartedAt` too.
 * It holds values of Secrets: hash it where it is made, and never let it into a workflow's history.
 */
export function versionText(template: unknown, configs: readonly ConfigContent[]): string {
  const sorted = configs.toSorted((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
  const contents = sorted.map(({ kind, name, data }) => ({ kind, name, data }));
  return canonical({ template, config: contents });
}

/** JSON with sorted keys and without fields that have no value: Kubernetes reads `null` in an object as absent. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null)
    .sort(([a], [b]) => compare(a, b))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}

/** By code units: the order must not depend on anybody's locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
