/** Labels and annotations that Belay writes. Everything it writes on objects is under `belay.dev/`. */
export const marks = {
  /** Label on every object of an application. */
  application: 'belay.dev/application',
  /** Label on the pods, the template and the canary objects of one rollout: a unique id, never a content hash. */
  rollout: 'belay.dev/rollout',
  /** Label on a canary Deployment: the name of the Deployment that it is the new version of. */
  canaryOf: 'belay.dev/canary-of',
  /** Label on a ReplicaSet that its Deployment has let go of for the time of a promotion: the Deployment's name. */
  parked: 'belay.dev/parked',
  /** Annotation: the highest fencing number that has written this object. */
  fence: 'belay.dev/fence',
  /** Annotation on a Deployment: the rollout that was ended by `belay abort --break-glass`, and who did it. */
  stoppedBy: 'belay.dev/stopped-by',
  /** Annotation on a parked ReplicaSet: the selector labels that were taken off it, as JSON. */
  parkedLabels: 'belay.dev/parked-labels',
  /** Annotation on a paused stable Deployment: the size that the workload had when its rollout began. */
  wanted: 'belay.dev/wanted-replicas',
  /** Annotation on an object of a traffic router: what a rollout has composed into it, as JSON. */
  route: 'belay.dev/route',
  /** Label on the objects of an experiment, its pods too: a unique id, which their selector is made of. */
  experiment: 'belay.dev/experiment',
  /** Label on an experiment's Deployment: the name of the Deployment that it is about. */
  experimentOf: 'belay.dev/experiment-of',
  /** Annotation on a Service that stands for no role: the rollout that keeps it off the pods of the other version. */
  standby: 'belay.dev/standby',
  /** Annotation on a hook of a sync: the sync that made it. */
  sync: 'belay.dev/sync',
  /** Annotation on a hook of a sync that a Job takes back: the revision that it is of. */
  hookRevision: 'belay.dev/hook-revision',
  /** Annotation on such a hook: it has been taken back. */
  undone: 'belay.dev/undone',
  /** Annotation by people: `"false"` for programs that reload; a change of configuration alone is no rollout then. */
  configRollout: 'belay.dev/config-rollout',
} as const;

/** The label that the Deployment controller gives to a ReplicaSet and its pods. */
export const podTemplateHash = 'pod-template-hash';
/** The annotation with which the Deployment controller numbers revisions, on the Deployment and its ReplicaSets. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** Field manager of what Git says (server-side apply). */
export const gitManager = 'belay';
/** Field manager of what a rollout sets for its time: paused, replicas, pins, fences. */
export const rolloutManager = 'belay-rollout';

/** Name of the Deployment that carries the new version during a rollout. */
export function canaryName(workload: string): string {
  return `${workload}-canary`;
}
