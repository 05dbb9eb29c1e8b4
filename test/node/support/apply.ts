import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/domain/kube-object';
import type { Cluster } from '../../../src/ports/cluster';

/** Applies YAML documents to a namespace, as a person with kubectl does. */
export async function applyYaml(
  kube: Cluster,
  namespace: string,
  ...texts: readonly string[]
): Promise<void> {
  for (const document of texts.flatMap((text) => parseAllDocuments(text))) {
    const object = document.toJS() as KubeObject;
    const metadata = { ...object.metadata, namespace };
    await kube.apply({ ...object, metadata }, { manager: 'kubectl' });
  }
}

/** Creates a namespace. */
export async function createNamespace(kube: Cluster, name: string): Promise<void> {
  await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'kubectl' });
}
