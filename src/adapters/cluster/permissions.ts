/** What RBAC calls the ways to use a resource (https://kubernetes.io/docs/reference/access-authn-authz/authorization/). */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'impersonate';

export interface Permission {
  /** Of the API group; empty: the core group. */
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  /** Only objects of these names. */
  readonly names?: readonly string[];
  /** What the worker does with it: a comment in the manifest. */
  readonly why: string;
}

export interface Purpose {
  /** Names the file, and with `belay-` before it the role. */
  readonly name: string;
  readonly about: string;
  /** Where it makes sense to grant it: in all namespaces, in some, or the one or the other. */
  readonly where: 'cluster' | 'namespace' | 'either';
  readonly permissions: readonly Permission[];
}

const look = ['get', 'list', 'watch'] as const;
/**
 * An object of Git is read, tried and applied (server-side apply is `patch`, and `create` where there is none), pruned, and watched
 * for drift and health. `update` is for `Replace=true`; it can do nothing that `patch` cannot.
 */
const deliver = [...look, 'create', 'update', 'patch', 'delete'] as const;

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
  {
    name: 'base',
    about: 'Applications of Deployments: sync, self-heal, prune, canary, blue-green.',
    where: 'either',
    permissions: [
      {
        group: 'apps',
        resources: ['deployments'],
        verbs: deliver,
        why: 'Delivered; a canary is a Deployment beside the stable one, and is deleted by name.',
      },
      {
        group: 'apps',
        resources: ['replicasets'],
        verbs: ['list', 'watch', 'patch'],
        why: 'Counted; the old ones are parked and given back by a label.',
      },
      {
        group: '',
        resources: ['pods', 'events'],
        verbs: ['list', 'watch'],
        why: 'What the pods of a version do, and why they do not start.',
      },
      {
        group: 'discovery.k8s.io',
        resources: ['endpointslices'],
        verbs: ['list', 'watch'],
        why: 'A weight is reached when the Services list the pods.',
      },
      {
        group: '',
        resources: ['configmaps', 'secrets', 'services', 'serviceaccounts'],
        verbs: deliver,
        why: 'Delivered. The ConfigMap belay-NAME remembers an application; configuration of a version is copied; analyses read their Secrets.',
      },
      {
        group: 'networking.k8s.io',
        resources: ['ingresses'],
        verbs: deliver,
        why: 'Delivered; a canary by nginx has an Ingress of its own.',
      },
      {
        group: 'policy',
        resources: ['poddisruptionbudgets'],
        verbs: deliver,
        why: 'Delivered.',
      },
      {
        group: 'autoscaling',
        resources: ['horizontalpodautoscalers'],
        verbs: deliver,
        why: 'Delivered.',
      },
      {
        group: 'apps',
        resources: ['statefulsets', 'daemonsets'],
        verbs: ['list', 'watch'],
        why: 'Watched in every cluster; in-place.yaml is for delivering them.',
      },
    ],
  },
  {
    name: 'in-place',
    about: 'StatefulSets and DaemonSets, with or without a rollout.',
    where: 'either',
    permissions: [
      {
        group: 'apps',
        resources: ['statefulsets', 'daemonsets'],
        verbs: deliver,
        why: 'Delivered; a rollout holds the pods by updateStrategy.',
      },
      {
        group: 'apps',
        resources: ['controllerrevisions'],
        verbs: ['list', 'watch'],
        why: 'Which pods have which version.',
      },
      {
        group: '',
        resources: ['pods'],
        verbs: ['get', 'delete'],
        why: 'The pods of a DaemonSet are replaced by deleting them, and a StatefulSet waits for a broken pod for ever.',
      },
    ],
  },
  {
    name: 'jobs',
    about: 'Jobs: delivered ones, hooks of syncs and rollouts, analyses and checks by a Job.',
    where: 'either',
    permissions: [{ group: 'batch', resources: ['jobs'], verbs: deliver, why: 'Run and taken away.' }],
  },
  {
    name: 'pods',
    about: 'Rollouts that do something to pods: spec.restartAt, canaryMetadata and stableMetadata.',
    where: 'either',
    permissions: [
      {
        group: '',
        resources: ['pods'],
        verbs: ['get', 'patch'],
        why: 'Labels and annotations of a role; whether a pod that was evicted has gone.',
      },
      {
        group: '',
        resources: ['pods/eviction'],
        verbs: ['create'],
        why: 'A restart goes by evictions, so that PodDisruptionBudgets hold.',
      },
    ],
  },
  {
    name: 'scrape',
    about: 'Sequential analyses with scrape: the counters that pods show.',
    where: 'either',
    permissions: [
      { group: '', resources: ['pods/proxy'], verbs: ['get'], why: 'One page of each pod of both versions.' },
    ],
  },
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
