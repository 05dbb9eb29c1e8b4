import type {
  DeploymentObject,
  EndpointSliceObject,
  PodTemplate,
  ReplicaSetObject,
  ServiceObject,
} from '../../src/domain/apps';
import type { KubeObject, ObjectMeta } from '../../src/domain/kube-object';
import { marks, podTemplateHash, revisionAnnotation } from '../../src/domain/marks';
import type { PlanContext } from '../../src/domain/plans/plan';
import { viewWorkload, type RolloutView } from '../../src/domain/rollout-view';

/** Objects of a workload `web` in the namespace `shop`, built field by field; a builder never changes, it makes another one. */
export interface Built<T extends KubeObject> {
  readonly object: T;
  meta(more: Partial<ObjectMeta>): Built<T>;
  labels(more: Readonly<Record<string, string>>): Built<T>;
  annotations(more: Readonly<Record<string, string>>): Built<T>;
  fence(value: number): Built<T>;
  /** It is being deleted. */
  going(): Built<T>;
  ownedBy(owner: Built<KubeObject>): Built<T>;
  spec(more: object): Built<T>;
  status(more: object): Built<T>;
}

function build<T extends KubeObject>(object: T): Built<T> {
  const meta = (more: Partial<ObjectMeta>): Built<T> =>
    build({ ...object, metadata: { ...object.metadata, ...more } });
  const part = (name: 'spec' | 'status', more: object): Built<T> =>
    build({ ...object, [name]: { ...(object[name] as object | undefined), ...more } });
  const { metadata } = object;
  return {
    object,
    meta,
    labels: (more) => meta({ labels: { ...metadata.labels, ...more } }),
    annotations: (more) => meta({ annotations: { ...metadata.annotations, ...more } }),
    fence: (value) => meta({ annotations: { ...metadata.annotations, [marks.fence]: String(value) } }),
    going: () => meta({ deletionTimestamp: '2026-03-01T03:00:00Z' }),
    ownedBy: ({ object: { apiVersion, kind, metadata: owner } }) =>
      meta({
        ownerReferences: [{ apiVersion, kind, name: owner.name, uid: owner.uid ?? '', controller: true }],
      }),
    spec: (more) => part('spec', more),
    status: (more) => part('status', more),
  };
}

function head(name: string): ObjectMeta {
  return { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '10', generation: 1 };
}

/** The pod template of a version; `rolloutId` is the label of the rollout that brought it. */
export function template(rolloutId?: string): PodTemplate {
  const labels = { app: 'web', ...(rolloutId === undefined ? {} : { [marks.rollout]: rolloutId }) };
  return { metadata: { labels }, spec: { containers: [{ name: 'web', image: `web:${rolloutId ?? 'v1'}` }] } };
}

/** A Deployment that its controller has seen, with all its pods available. */
export function deployment(name: string, replicas: number, rolloutId?: string): Built<DeploymentObject> {
  return build<DeploymentObject>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...head(name), annotations: { [revisionAnnotation]: '1' } },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template(rolloutId) },
  }).status(statusOf(replicas));
}

/** What the controllers say of so many pods that run. */
export function statusOf(replicas: number, available = replicas): object {
  return { observedGeneration: 1, replicas, updatedReplicas: replicas, availableReplicas: available };
}

/** `web-canary`, made by the rollout `rolloutId`. */
export function canary(replicas: number, rolloutId = 'r2'): Built<DeploymentObject> {
  return deployment('web-canary', replicas, rolloutId)
    .labels({ [marks.canaryOf]: 'web', [marks.rollout]: rolloutId })
    .spec({ selector: { matchLabels: { app: 'web', [marks.rollout]: rolloutId } } });
}

/** A ReplicaSet; its name ends in its hash. */
export function replicaSet(hash: string, replicas: number, rolloutId?: string): Built<ReplicaSetObject> {
  const own = template(rolloutId);
  const labels = { ...own.metadata?.labels, [podTemplateHash]: hash };
  return build<ReplicaSetObject>({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...head(`web-${hash}`), labels, annotations: { [revisionAnnotation]: '1' } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { ...own, metadata: { ...own.metadata, labels } },
    },
  }).status(statusOf(replicas));
}

/** A ready pod of a ReplicaSet. */
export function pod(set: Built<ReplicaSetObject>, name: string, ready = true): Built<KubeObject> {
  return build<KubeObject>({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...head(name), labels: set.object.spec.template.metadata?.labels ?? {} },
  })
    .ownedBy(set)
    .status({ conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] });
}

/** Ready pods `a-1`, `a-2` … of a ReplicaSet whose hash is `a`. */
export function pods(set: Built<ReplicaSetObject>, count: number, ready = true): Built<KubeObject>[] {
  const hash = set.object.spec.selector.matchLabels?.[podTemplateHash] ?? '';
  return Array.from({ length: count }, (_, index) => pod(set, `${hash}-${index + 1}`, ready));
}

/** A Service of `app: web`, pinned to a ReplicaSet's hash if one is given. */
export function service(name: string, pin?: string): Built<ServiceObject> {
  return build<ServiceObject>({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: head(name),
    spec: { selector: { app: 'web', ...(pin === undefined ? {} : { [podTemplateHash]: pin }) } },
  });
}

/** An EndpointSlice of a Service that lists these pods as ready. */
export function slice(name: string, listed: readonly Built<KubeObject>[]): Built<EndpointSliceObject> {
  return build<EndpointSliceObject>({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...head(`${name}-x`), labels: { 'kubernetes.io/service-name': name } },
    endpoints: listed.map(({ object }) => ({
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name: object.metadata.name },
    })),
  });
}

/** What a plan sees when these objects are all there are in the namespace. */
export function view(...built: readonly Built<KubeObject>[]): RolloutView {
  return viewWorkload(
    (kind) => built.map(({ object }) => object).filter((object) => object.kind === kind),
    'web',
  );
}

/** The rollout `r2` of `web`, 4 pods, with no Services of its own. */
export function context(more: Partial<PlanContext> = {}): PlanContext {
  return {
    workload: 'web',
    application: 'shop',
    namespace: 'shop',
    rolloutId: 'r2',
    fence: 20_001,
    replicas: 4,
    ...more,
  };
}

/** The same with a Service for either role. */
export const withRoles = { stableService: 'web-stable', canaryService: 'web-preview' };
