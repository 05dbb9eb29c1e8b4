import { deliver, type Permission, type Purpose } from './permission';
import { workloadPurposes } from './permission-workloads';

/** The worker's own: bound in the whole cluster whatever else is granted. */
export const identity: Permission = {
  group: '',
  resources: ['namespaces'],
  verbs: ['get'],
  names: ['kube-system'],
  why: 'A cluster is known by the UID of kube-system.',
};

/** Everything that a worker may need, by what it needs it for. `npm run rbac` writes deploy/kubernetes from it. */
export const purposes: readonly Purpose[] = [
  ...workloadPurposes,
  router('gateway', 'Gateway API.', [['gateway.networking.k8s.io', ['httproutes', 'grpcroutes']]]),
  router('istio', 'Istio.', [['networking.istio.io', ['virtualservices', 'destinationrules']]]),
  router('smi', 'Service Mesh Interface.', [['split.smi-spec.io', ['trafficsplits']]]),
  router('traefik', 'Traefik.', [['traefik.io', ['traefikservices']]]),
  {
    name: 'namespaces',
    about: 'CreateNamespace=true, and Namespaces in Git.',
    where: 'cluster',
    permissions: [
      {
        group: '',
        resources: ['namespaces'],
        verbs: ['get', 'create', 'patch'],
        why: 'Made before the dry run of what is in it. None is deleted.',
      },
    ],
  },
  {
    name: 'impersonation',
    about:
      "A project's destinationServiceAccounts: apply it in the account's namespace. Put the account's name in place of deployer.",
    where: 'namespace',
    permissions: [
      {
        group: '',
        resources: ['serviceaccounts'],
        verbs: ['impersonate'],
        names: ['deployer'],
        why: 'The worker acts as it in all that it does for the project, but for drift.',
      },
    ],
  },
  {
    name: 'argocd-secrets',
    about: '--cluster-secrets and --repository-secrets: apply it in the namespace of Argo CD.',
    where: 'namespace',
    permissions: [
      {
        group: '',
        resources: ['secrets'],
        verbs: ['get', 'list'],
        why: "Argo CD's Secrets of clusters and repositories.",
      },
    ],
  },
];

function router(
  name: string,
  about: string,
  kinds: readonly (readonly [group: string, resources: readonly string[]])[],
): Purpose {
  return {
    name,
    about: `${about} Routes, delivered and weighted.`,
    where: 'either',
    permissions: kinds.map(([group, resources]) => ({
      group,
      resources,
      verbs: deliver,
      why: 'Delivered; a rollout writes weights into them.',
    })),
  };
}

/** The purposes that grant a verb on a resource, such as `patch` on `deployments` of `apps`. */
export function grantedBy(verb: string, resource: string, group: string): readonly string[] {
  return purposes
    .filter(({ permissions }) =>
      permissions.some(
        (each) =>
          each.group === group && each.resources.includes(resource) && each.verbs.some((own) => own === verb),
      ),
    )
    .map(({ name }) => name);
}
