import type { KubeObject } from '../../src/domain/kube-object';

/** One of Argo CD's repository Secrets as the API server gives it. */
export function repositorySecret(
  name: string,
  fields: Readonly<Record<string, string>>,
  type = 'repository',
): KubeObject {
  const data = Object.entries(fields).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  const labels = { 'argocd.argoproj.io/secret-type': type };
  const metadata = { name, namespace: 'argocd', labels };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(data) };
}
