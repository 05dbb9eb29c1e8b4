import type { KubeObject } from './kube-object';

/** Kinds that make a Secret, and the field that names it where it differs from their own name. */
const generators: Readonly<Record<string, readonly string[]>> = {
  ExternalSecret: ['spec', 'target', 'name'],
  SealedSecret: ['spec', 'template', 'metadata', 'name'],
  Certificate: ['spec', 'secretName'],
};

/** `Secret/name` of every Secret that a controller is to make from this object: it may appear a little later. */
export function generatedBy(object: KubeObject): readonly string[] {
  const path = generators[object.kind];
  if (path === undefined) return [];
  let value: unknown = object;
  for (const key of path)
    value =
      typeof value === 'object' && value !== null
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined;
  return [`Secret/${typeof value === 'string' ? value : object.metadata.name}`];
}
