import type { Cluster } from '../../src/ports/cluster';

const manager = 'test';
const rbac = 'rbac.authorization.k8s.io/v1';

/** A ServiceAccount `deployer` that may do what the ClusterRole `admin` may, in its own namespace; gives its user name. */
export async function addDeployer(kube: Cluster, namespace: string): Promise<string> {
  const metadata = { name: 'deployer', namespace };
  await kube.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata }, { manager });
  await kube.create(
    {
      apiVersion: rbac,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace }],
    },
    { manager },
  );
  return `system:serviceaccount:${namespace}:deployer`;
}
