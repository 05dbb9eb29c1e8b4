import type { Permission, Purpose } from '../../src/adapters/cluster/permission';
import { identity, purposes } from '../../src/adapters/cluster/permissions';

/** Relative path below deploy/kubernetes, and its text. */
export type Manifests = ReadonlyMap<string, string>;

/** The account of a worker and its rights as people apply them, from the table in src/adapters/cluster/permissions.ts. */
export function rbacManifests(): Manifests {
  const files: [string, string][] = [['account.yaml', account()]];
  for (const purpose of purposes) {
    if (purpose.where !== 'namespace') files.push([`cluster/${purpose.name}.yaml`, inCluster(purpose)]);
    if (purpose.where !== 'cluster') files.push([`namespace/${purpose.name}.yaml`, inNamespace(purpose)]);
  }
  return new Map(files);
}

const written = '# Written by `npm run rbac` from src/adapters/cluster/permissions.ts.';

function account(): string {
  return `# The account of a worker. What it may do is in cluster/ (in all namespaces) and namespace/ (in one of them).
${written}
apiVersion: v1
kind: Namespace
metadata:
  name: belay
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: belay
  namespace: belay
---
${role('ClusterRole', 'belay-identity', [identity])}---
${binding('ClusterRole', 'belay-identity')}`;
}

function inCluster({ name, about, permissions }: Purpose): string {
  return `# ${about}
# In all namespaces: kubectl apply -f account.yaml -f cluster/${name}.yaml
${written}
${role('ClusterRole', `belay-${name}`, permissions)}---
${binding('ClusterRole', `belay-${name}`)}`;
}

function inNamespace({ name, about, permissions }: Purpose): string {
  return `# ${about}
# In one namespace: kubectl apply --namespace NAME -f namespace/${name}.yaml
${written}
${role('Role', `belay-${name}`, permissions)}---
${binding('Role', `belay-${name}`)}`;
}

type RoleKind = 'Role' | 'ClusterRole';

function role(kind: RoleKind, name: string, permissions: readonly Permission[]): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata:
  name: ${name}
rules:
${permissions.map(rule).join('')}`;
}

function rule({ group, resources, verbs, names, why }: Permission): string {
  return `  # ${why}
  - apiGroups: ['${group}']
    resources: [${resources.join(', ')}]
${names === undefined ? '' : `    resourceNames: [${names.join(', ')}]\n`}    verbs: [${verbs.join(', ')}]
`;
}

function binding(kind: RoleKind, name: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}Binding
metadata:
  name: ${name}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${kind}
  name: ${name}
subjects:
  - kind: ServiceAccount
    name: belay
    namespace: belay
`;
}
