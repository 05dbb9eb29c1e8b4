import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectCluster } from '../../src/adapters/cluster/connect';
import type { Cluster } from '../../src/ports/cluster';
import { callApi } from '../../tools/local/api';
import { readCredentials } from '../../tools/local/pki';
import type { Lab } from './cluster-lab';

/** Connects by a kubeconfig with another server or another user than the administrator's. */
export function connectAs(
  { local }: Lab,
  { server = local.server, token }: { readonly server?: string; readonly token?: string },
): Promise<Cluster> {
  return connectCluster({ kubeconfig: kubeconfigOf(local, server, token), context: 'belay-local' });
}

/** Writes the administrator's kubeconfig with another server, and another user if there is a token. */
export function kubeconfigOf(local: Lab['local'], server: string, token?: string): string {
  const config = JSON.parse(readFileSync(local.kubeconfig, 'utf8')) as {
    clusters: { cluster: { server: string } }[];
    users: { user: object }[];
  };
  for (const { cluster } of config.clusters) cluster.server = server;
  if (token !== undefined) for (const each of config.users) each.user = { token };
  const path = join(local.dir, `${Math.random().toString(36).slice(2)}.kubeconfig`);
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** Makes a ServiceAccount that may read the cluster's identity and ConfigMaps, and no more; gives its token. */
export async function limitedToken({ local }: Lab, name: string): Promise<string> {
  const credentials = await readCredentials(local.dir);
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await callApi(local.server, credentials, 'POST', path, body);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const rules = [
    { apiGroups: [''], resources: ['namespaces', 'configmaps'], verbs: ['get', 'list', 'watch'] },
  ];
  await post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name } });
  await post(`${rbac}/clusterroles`, { metadata: { name }, rules });
  await post(`${rbac}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
  });
  const { status } = (await post(`/api/v1/namespaces/default/serviceaccounts/${name}/token`, {
    spec: { expirationSeconds: 3600 },
  })) as { status: { token: string } };
  return status.token;
}
