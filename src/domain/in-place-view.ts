import { isOwnedBy, isReady, type Labels, type PodTemplate } from './apps';
import type { KubeObject } from './kube-object';
import { marks } from './marks';
import { conditionOf, peekText } from './peek';
import type { IntOrPercent } from './strategy';
import type { WorkloadKind } from './workload';

/** Kinds whose pods are replaced in place. */
export type InPlaceKind = Exclude<WorkloadKind, 'Deployment'>;

/** How a StatefulSet or DaemonSet replaces its pods, as `apps/v1` writes it. */
export interface UpdateStrategy {
  readonly type?: string;
  readonly rollingUpdate?: {
    readonly partition?: number;
    readonly maxUnavailable?: IntOrPercent;
    readonly maxSurge?: IntOrPercent;
  };
}

/** How a workload is held for the time of a rollout; without one, it has Git's own updateStrategy. */
export type Hold =
  /** A StatefulSet gives the new template to ordinals from here on only. */
  | { readonly kind: 'partition'; readonly partition: number }
  /** A DaemonSet gives the new template to pods that are deleted. */
  | { readonly kind: 'onDelete' };

/** The parts of a StatefulSet or a DaemonSet that rollouts read. */
export interface InPlaceObject extends KubeObject {
  readonly spec: {
    /** StatefulSets only. */
    readonly replicas?: number;
    readonly ordinals?: { readonly start?: number };
    readonly selector: { readonly matchLabels?: Labels };
    readonly template: PodTemplate;
    readonly updateStrategy?: UpdateStrategy;
    readonly minReadySeconds?: number;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    /** StatefulSets only: the ControllerRevision of the newest template. */
    readonly updateRevision?: string;
    readonly currentRevision?: string;
    /** DaemonSets only: nodes that shall run a pod. */
    readonly desiredNumberScheduled?: number;
  };
}

/** What a plan for pods that are replaced in place looks at. */
export interface InPlaceView {
  readonly workload: InPlaceObject | undefined;
  /** ControllerRevisions of the workload. */
  readonly revisions: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  /** About the workload or a pod of the namespace. */
  readonly events: readonly KubeObject[];
}

/** Picks one workload's objects out of all objects of its namespace. */
export function viewInPlace(
  objects: (kind: InPlaceKind | 'ControllerRevision' | 'Pod' | 'Event') => readonly KubeObject[],
  kind: InPlaceKind,
  name: string,
): InPlaceView {
  const workload = objects(kind).find((each) => each.metadata.name === name) as InPlaceObject | undefined;
  return {
    workload,
    revisions: objects('ControllerRevision').filter((each) => isOwnedBy(each, workload)),
    pods: objects('Pod').filter((each) => isOwnedBy(each, workload)),
    events: objects('Event').filter((each) => concerns(each, kind, name)),
  };
}

function concerns(event: KubeObject, kind: InPlaceKind, name: string): boolean {
  const about = peekText(event, 'involvedObject', 'kind');
  return about === 'Pod' || (about === kind && peekText(event, 'involvedObject', 'name') === name);
}

/** The rollout whose version the template is; undefined for a first deployment's. */
export function rolloutOf(template: PodTemplate | undefined): string | undefined {
  return template?.metadata?.labels?.[marks.rollout];
}

/**
 * The ControllerRevision of the newest template; undefined until the controller has seen that template. A StatefulSet names it in its
 * status. For a DaemonSet it is the one with the highest number; as it comes by another watch than the DaemonSet, it counts only when
 * it carries the template's own rollout label: an older one would make old pods look new.
 */
export function newestRevision({ workload, revisions }: InPlaceView): KubeObject | undefined {
  const { metadata, spec, status, kind } = workload ?? {};
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return undefined;
  if (kind === 'StatefulSet') return revisions.find((each) => each.metadata.name === status?.updateRevision);
  const numberOf = (each: KubeObject): number => (each as { readonly revision?: number }).revision ?? 0;
  const newest = revisions.toSorted((a, b) => numberOf(b) - numberOf(a))[0];
  return rolloutOf(templateOf(newest)) === rolloutOf(spec?.template) ? newest : undefined;
}

function templateOf(revision: KubeObject | undefined): PodTemplate | undefined {
  const data = revision?.['data'] as { readonly spec?: { readonly template?: PodTemplate } } | undefined;
  return data?.spec?.template;
}

/** The label by which the controllers tell pods of different templates apart. */
const revisionHash = 'controller-revision-hash';

/** Whether a pod is of this version: StatefulSets label pods with the ControllerRevision's name, DaemonSets with its hash. */
export function isOf(pod: KubeObject, revision: KubeObject): boolean {
  const { name, labels } = revision.metadata;
  const hash = pod.metadata.labels?.[revisionHash];
  return hash === name || (hash !== undefined && hash === labels?.[revisionHash]);
}

/** The pods by version, without those that are being deleted. */
export function byVersion(
  view: InPlaceView,
  newest: KubeObject,
): { readonly fresh: readonly KubeObject[]; readonly old: readonly KubeObject[] } {
  const live = view.pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  return {
    fresh: live.filter((pod) => isOf(pod, newest)),
    old: live.filter((pod) => !isOf(pod, newest)),
  };
}

/** Ready for at least `minReadySeconds`, as the controllers count availability; `now` in epoch milliseconds. */
export function isAvailable(pod: KubeObject, { spec }: InPlaceObject, now: number): boolean {
  if (!isReady(pod)) return false;
  const { minReadySeconds = 0 } = spec;
  if (minReadySeconds === 0) return true;
  const since = Date.parse(peekText(conditionOf(pod, 'Ready'), 'lastTransitionTime') ?? '');
  return now - since >= minReadySeconds * 1000;
}
