import { asDeployment, asService, type DeploymentObject, type PodTemplate } from './apps';
import { canaryName, marks, podTemplateHash } from './marks';
import type { Hold, InPlaceObject, UpdateStrategy } from './in-place-view';
import type { KubeObject } from './kube-object';
import { keepApart } from './anti-affinity';
import type { AntiAffinity } from './strategy';
import { renameConfig } from './version-key';

/** What a rollout lays over Git's object (DESIGN 4.5): applied together, so that drift is live against the composition. */
export interface Overlay {
  readonly application: string;
  readonly namespace: string;
  /** Undefined: a first deployment, which carries no label and plain configuration names. */
  readonly rolloutId?: string | undefined;
  /** `ConfigMap/name` or `Secret/name` → the content-hashed name that this version uses. */
  readonly configNames: Readonly<Record<string, string>>;
  /** Undefined: Git's own count, or nobody's when Git omits it. */
  readonly replicas?: number | undefined;
  readonly paused: boolean;
  /** The new version's pods keep away from nodes with pods of other versions. */
  readonly antiAffinity?: AntiAffinity | undefined;
}

/** Git's Deployment with the overlay of its newest rollout: the object that is applied as `belay`. */
export function composeDeployment(git: KubeObject, overlay: Overlay): DeploymentObject {
  const { spec, metadata } = asDeployment(git);
  const replicas = overlay.replicas ?? spec.replicas;
  return {
    apiVersion: git.apiVersion,
    kind: git.kind,
    metadata: ownMeta(git, overlay, metadata.name),
    spec: {
      ...spec,
      paused: overlay.paused,
      ...(replicas === undefined ? {} : { replicas }),
      template: composeTemplate(spec.template, spec.selector, overlay),
    },
  };
}

/** As `composeDeployment`, for a StatefulSet or DaemonSet; `hold`: how a rollout bounds which pods get the template. */
export function composeInPlace(
  git: KubeObject,
  overlay: Omit<Overlay, 'paused'> & { readonly hold?: Hold | undefined },
): InPlaceObject {
  const { spec, metadata } = git as InPlaceObject;
  const updateStrategy = holdBack(spec.updateStrategy, overlay.hold);
  const replicas = git.kind === 'StatefulSet' ? (overlay.replicas ?? spec.replicas) : undefined;
  return {
    apiVersion: git.apiVersion,
    kind: git.kind,
    metadata: ownMeta(git, overlay, metadata.name),
    spec: {
      ...spec,
      ...(replicas === undefined ? {} : { replicas }),
      ...(updateStrategy === undefined ? {} : { updateStrategy }),
      template: composeTemplate(spec.template, spec.selector, overlay),
    },
  };
}

function holdBack(git: UpdateStrategy | undefined, hold: Hold | undefined): UpdateStrategy | undefined {
  switch (hold?.kind) {
    case undefined:
      return git;
    case 'partition':
      return { type: 'RollingUpdate', rollingUpdate: { ...git?.rollingUpdate, partition: hold.partition } };
    case 'onDelete':
      return { ...git, type: 'OnDelete' };
  }
}

function composeTemplate(
  template: PodTemplate,
  selector: DeploymentObject['spec']['selector'],
  { rolloutId, configNames, antiAffinity }: Pick<Overlay, 'rolloutId' | 'configNames' | 'antiAffinity'>,
): PodTemplate {
  if (rolloutId === undefined) return template;
  const labels = { ...template.metadata?.labels, [marks.rollout]: rolloutId };
  const spec = renameConfig(template.spec, configNames);
  return {
    ...template,
    metadata: { ...template.metadata, labels },
    spec: antiAffinity === undefined ? spec : keepApart(spec, antiAffinity, { selector, rolloutId }),
  };
}

/** Any other object of an application as it is applied: in its namespace, marked as the application's. */
export function composeObject(
  git: KubeObject,
  owner: { readonly application: string; readonly namespace?: string | undefined },
): KubeObject {
  return { ...git, metadata: ownMeta(git, owner, git.metadata.name) };
}

function ownMeta(
  git: KubeObject,
  { application, namespace }: { readonly application: string; readonly namespace?: string | undefined },
  name: string,
): KubeObject['metadata'] {
  const { namespace: _own, ...metadata } = git.metadata;
  return {
    ...metadata,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...metadata.labels, [marks.application]: application },
  };
}

/**
 * The Deployment that carries the new version beside `stable` (DESIGN 4.1). It starts with no pods: only a write that is fenced
 * by its resourceVersion gives it some. It has no labels of other tools, so that nobody takes it for theirs.
 */
export function composeCanary(
  stable: DeploymentObject,
  template: PodTemplate,
  { application, rolloutId, fence }: CanaryMarks,
): KubeObject {
  const { selector, minReadySeconds, progressDeadlineSeconds } = stable.spec;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: canaryName(stable.metadata.name),
      ...(stable.metadata.namespace === undefined ? {} : { namespace: stable.metadata.namespace }),
      labels: {
        [marks.application]: application,
        [marks.canaryOf]: stable.metadata.name,
        [marks.rollout]: rolloutId,
      },
      annotations: { [marks.fence]: String(fence) },
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [marks.rollout]: rolloutId } },
      template,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
      revisionHistoryLimit: 0,
    },
  };
}

interface CanaryMarks {
  readonly application: string;
  readonly rolloutId: string;
  readonly fence: number;
}

/**
 * The object with the live count where Git gives none. Server-side apply takes a field away that its owner no longer applies, and
 * a Deployment or StatefulSet without `replicas` gets 1 (DESIGN 4.6). The write is sent with the resourceVersion of `live`, so a
 * count that an autoscaler changes meanwhile is never overwritten.
 */
export function keepReplicas(object: KubeObject, live: KubeObject | undefined): KubeObject {
  if (!['Deployment', 'StatefulSet'].includes(object.kind) || live === undefined) return object;
  const { spec } = asDeployment(object);
  const { replicas } = asDeployment(live).spec;
  return spec.replicas !== undefined || replicas === undefined
    ? object
    : { ...object, spec: { ...spec, replicas } };
}

/** A Service that is kept off the pods of one version for the time of a rollout keeps its pin: that is no drift. */
export function keepPin(object: KubeObject, live: KubeObject | undefined): KubeObject {
  if (object.kind !== 'Service' || live?.metadata.annotations?.[marks.standby] === undefined) return object;
  const pin = asService(live).spec.selector?.[podTemplateHash];
  if (pin === undefined) return object;
  const { spec } = asService(object);
  return { ...object, spec: { ...spec, selector: { ...spec.selector, [podTemplateHash]: pin } } };
}
