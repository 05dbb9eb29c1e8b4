import { kindKeyOf, type KubeObject } from './kube-object';

type Kind = Pick<KubeObject, 'apiVersion' | 'kind'>;

/** What is watched in every cluster: the kinds that almost every application has. */
export const baseKinds: readonly Kind[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
];

/**
 * `known` with those of `added` that are new; `known` itself when none is. A kind is watched in one version only, the first that was
 * told: the server gives the same objects in each.
 */
export function mergeKinds(known: readonly Kind[], added: readonly Kind[]): readonly Kind[] {
  const merged = new Map(known.map((each) => [kindKeyOf(each), each]));
  for (const { apiVersion, kind } of added) {
    const name = kindKeyOf({ apiVersion, kind });
    if (!merged.has(name)) merged.set(name, { apiVersion, kind });
  }
  return merged.size === known.length ? known : [...merged.values()];
}
