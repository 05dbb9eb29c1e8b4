import {
  asDeployment,
  asEndpointSlice,
  asReplicaSet,
  asService,
  isOwnedBy,
  matches,
  type DeploymentObject,
  type EndpointSliceObject,
  type Labels,
  type ReplicaSetObject,
  type ServiceObject,
} from './apps';
import { fenceOn } from './fence';
import type { KubeObject } from './kube-object';
import { canaryName, marks, podTemplateHash, revisionAnnotation } from './marks';

/** Everything a plan looks at: one workload in one namespace, as it is now. */
export interface RolloutView {
  readonly stable: DeploymentObject | undefined;
  readonly canary: DeploymentObject | undefined;
  readonly replicaSets: readonly ReplicaSetObject[];
  readonly pods: readonly KubeObject[];
  readonly services: readonly ServiceObject[];
  /** Those of them that select pods of other workloads too, by name. */
  readonly shared: readonly string[];
  readonly endpointSlices: readonly EndpointSliceObject[];
  readonly events: readonly KubeObject[];
  /** Routes, Ingresses and other objects that carry the weights, as they were read last. */
  readonly routes?: readonly KubeObject[];
  /** The team's objects that some of those are made from. */
  readonly routeSources?: readonly KubeObject[];
}

/** Picks one workload's objects out of all objects of its namespace. */
export function viewWorkload(
  objects: (kind: ViewedKind) => readonly KubeObject[],
  name: string,
): RolloutView {
  const deployments = objects('Deployment').map(asDeployment);
  const stable = deployments.find((each) => each.metadata.name === name);
  const canary = deployments.find((each) => each.metadata.name === canaryName(name));
  const selector = stable?.spec.selector.matchLabels;
  // Pods of an experiment have the workload's labels, and are of no version that moves.
  const isOurs = (labels: Labels | undefined): boolean =>
    matches(selector, labels) && labels?.[marks.experiment] === undefined;
  const pods = objects('Pod').filter((pod) => isOurs(pod.metadata.labels));
  const services = objects('Service')
    .map(asService)
    .filter((service) => concerns(service, selector, pods));
  const foreign = [
    ...objects('Pod').map((pod) => pod.metadata.labels),
    ...deployments.map((each) => each.spec.template.metadata?.labels),
  ].filter((labels) => !matches(selector, labels));
  return {
    stable,
    canary,
    replicaSets: objects('ReplicaSet')
      .map(asReplicaSet)
      .filter((set) => isOurs(set.spec.template.metadata?.labels)),
    pods,
    services,
    shared: services
      .filter((service) => foreign.some((labels) => matches(ownSelector(service), labels)))
      .map(({ metadata: { name } }) => name),
    endpointSlices: objects('EndpointSlice').map(asEndpointSlice),
    events: objects('Event'),
  };
}

export type ViewedKind = 'Deployment' | 'ReplicaSet' | 'Pod' | 'Service' | 'EndpointSlice' | 'Event';

function concerns(
  service: ServiceObject,
  selector: Readonly<Record<string, string>> | undefined,
  pods: readonly KubeObject[],
): boolean {
  const own = ownSelector(service);
  return matches(own, selector) || pods.some((pod) => matches(own, pod.metadata.labels));
}

/** What a Service selects but for the ReplicaSet that it is pinned to. */
function ownSelector({ spec }: ServiceObject): Labels {
  const { [podTemplateHash]: _pin, ...own } = spec.selector ?? {};
  return own;
}

/** The ReplicaSet that `deployment` runs now: its own, with the deployment's revision number. */
export function currentReplicaSet(
  view: RolloutView,
  deployment: DeploymentObject | undefined,
): ReplicaSetObject | undefined {
  const revision = deployment?.metadata.annotations?.[revisionAnnotation];
  return view.replicaSets.find(
    (set) => isOwnedBy(set, deployment) && set.metadata.annotations?.[revisionAnnotation] === revision,
  );
}

/** The ReplicaSet of the rollout with this id, whoever owns it. */
export function replicaSetOf(view: RolloutView, rolloutId: string): ReplicaSetObject | undefined {
  return view.replicaSets.find((set) => set.spec.template.metadata?.labels?.[marks.rollout] === rolloutId);
}

/** The `pod-template-hash` of a ReplicaSet. */
export function hashOf(set: ReplicaSetObject): string {
  return set.spec.selector.matchLabels?.[podTemplateHash] ?? '';
}

/** Pods of one ReplicaSet that are not being deleted. */
export function podsOf(view: RolloutView, set: ReplicaSetObject | undefined): readonly KubeObject[] {
  return view.pods.filter((pod) => isOwnedBy(pod, set) && pod.metadata.deletionTimestamp === undefined);
}

/** Names of the pods that a Service's EndpointSlices list as ready. */
export function readyEndpoints(view: RolloutView, service: string): ReadonlySet<string> {
  const slices = view.endpointSlices.filter(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service,
  );
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  return new Set(
    endpoints.filter((each) => each.conditions?.ready !== false).map((each) => each.targetRef?.name ?? ''),
  );
}

/**
 * What the endpoints lack of a ReplicaSet's available pods, by Service that selects them. Deployments, pods and endpoints are watched
 * apart: a Deployment may count a pod as available before the pod is known as ready here, so the count is what is compared.
 */
export function lackingEndpoints(
  view: RolloutView,
  set: ReplicaSetObject | undefined,
  available: number,
): readonly string[] {
  if (set === undefined) return [];
  const { labels } = set.spec.template.metadata ?? {};
  const names = podsOf(view, set).map((pod) => pod.metadata.name);
  return view.services
    .filter((service) => matches(service.spec.selector, labels))
    .flatMap(({ metadata: { name } }) => {
      const listed = readyEndpoints(view, name);
      const count = names.filter((each) => listed.has(each)).length;
      return count < available
        ? [`${available} pods of ${set.metadata.name} in Service ${name} (${count} are)`]
        : [];
    });
}

/** The highest fencing number on the workload's objects. */
export function fenceOf(view: RolloutView): number {
  const objects: readonly (KubeObject | undefined)[] = [
    view.stable,
    view.canary,
    ...view.services,
    ...(view.routes ?? []),
  ];
  return Math.max(0, ...objects.map(fenceOn));
}
