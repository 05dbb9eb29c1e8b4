import type { KubeObject } from '../../src/domain/kube-object';

/** The definition of a namespaced kind whose spec and status may be anything, as structural schemas allow it. */
export function customKind(
  group: string,
  name: string,
  kind: string,
  plural = `${kind.toLowerCase()}s`,
): KubeObject {
  const singular = kind.toLowerCase();
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const openAPIV3Schema = { type: 'object', properties: { spec: anything, status: anything } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
    },
    spec: {
      group,
      names: { kind, plural, singular },
      scope: 'Namespaced',
      versions: [{ name, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
