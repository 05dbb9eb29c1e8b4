import { deliver, type Purpose } from './permission';

/** Rights for applications and what their rollouts do to workloads and pods. */
export const workloadPurposes: readonly Purpose[] = [
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
];
