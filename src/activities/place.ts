import type { ApplicationSpec } from '../domain/application-spec';
import { refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import type { Selected } from './selection';

/** Namespaced objects get the destination's namespace; cluster-scoped ones lose theirs. */
export function place(
  cluster: Cluster,
  spec: ApplicationSpec,
  selected: readonly Selected[],
): Promise<readonly Selected[]> {
  return Promise.all(
    selected.map(async (each) => ({ ...each, object: await inNamespace(cluster, spec, each.object) })),
  );
}

/** References to objects as they are in the cluster. */
export function placedRefs(
  cluster: Cluster,
  spec: ApplicationSpec,
  objects: readonly KubeObject[],
): Promise<readonly ObjectRef[]> {
  return Promise.all(objects.map(async (object) => refOf(await inNamespace(cluster, spec, object))));
}

async function inNamespace(cluster: Cluster, spec: ApplicationSpec, object: KubeObject): Promise<KubeObject> {
  const { namespace, ...metadata } = object.metadata;
  const namespaced = await cluster.isNamespaced(object).catch((error: unknown) => {
    if (isPortError(error, 'KindNotFound')) return true; // the dry run says so, with the place in Git
    throw error;
  });
  return {
    ...object,
    metadata: namespaced ? { ...metadata, namespace: namespace ?? spec.destination.namespace } : metadata,
  };
}
