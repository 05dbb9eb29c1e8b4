import {
  isOwnedBy,
  isReady,
  matches,
  type DeploymentObject,
  type ReplicaSetObject,
} from '../../src/domain/apps';
import { composeCanary } from '../../src/domain/compose';
import type { KubeObject, ObjectMeta } from '../../src/domain/kube-object';
import { podTemplateHash, revisionAnnotation } from '../../src/domain/marks';
import type { Action, PlanContext } from '../../src/domain/plans/plan';
import { viewWorkload, type RolloutView } from '../../src/domain/rollout-view';
import { deployment, pods, replicaSet, service, slice, statusOf, template, type Built } from './view-builder';

/** A namespace with `web` and the controllers of Deployments, ReplicaSets and endpoints, as far as plans can tell. */
export class Simulator {
  protected objects = new Map<string, KubeObject>();
  private version = 100;
  /** Whether a new pod is ready at once, or a round later. */
  protected readonly isQuick: boolean = true;
  private hashes = new Map<string, string>();
  /** Versions of pods that were started, in order. */
  readonly started: string[] = [];

  constructor(replicas: number) {
    for (const each of [
      deployment('web', replicas),
      service('web-stable'),
      service('web-preview'),
      service('web'),
    ])
      this.put(each.object);
    this.settle();
  }

  view(): RolloutView {
    return viewWorkload((kind) => this.all(kind), 'web');
  }

  /** What is left when versions, fences and other bookkeeping are not looked at. */
  summary(): unknown {
    const { stable, canary, replicaSets, pods: running, services } = this.view();
    return {
      web: [stable?.spec.replicas, stable?.spec.paused ?? false, versionOf(stable)],
      canary: canary === undefined ? undefined : [canary.spec.replicas, versionOf(canary)],
      sets: replicaSets.map((set) => [
        versionOf(set),
        set.spec.replicas,
        set.metadata.labels,
        isOwnedBy(set, stable),
      ]),
      pods: running.map((pod) => pod.metadata.labels?.[podTemplateHash]).sort(),
      services: services.map((each) => each.spec.selector),
    };
  }

  /** One action of a plan; false when its object has changed since the plan was made. */
  perform(action: Action, context: PlanContext): boolean {
    const stable = this.get('Deployment', 'web') as DeploymentObject;
    switch (action.kind) {
      case 'createCanary': {
        if (this.get('Deployment', 'web-canary') !== undefined) return false;
        const { rolloutId, fence } = context;
        this.put(composeCanary(stable, template(rolloutId), { application: 'shop', rolloutId, fence }));
        return true;
      }
      case 'applyStable': {
        if (stable.metadata.resourceVersion !== action.resourceVersion) return false;
        const { replicas, paused } = action;
        return this.change(stable, { spec: { replicas, paused, template: template(context.rolloutId) } });
      }
      case 'create':
        if (this.get(action.object.kind, action.object.metadata.name) !== undefined) return false;
        this.put(action.object);
        return true;
      case 'delete':
        return this.remove(action.uid, action.propagation);
      case 'patch': {
        const { resourceVersion } = (action.patch as { metadata: ObjectMeta }).metadata;
        const object = this.get(action.ref.kind, action.ref.name);
        if (object === undefined || object.metadata.resourceVersion !== resourceVersion) return false;
        return this.change(object, action.patch);
      }
    }
  }

  /** The controllers work until nothing is left to do, or so many times. */
  settle(times = 20): void {
    for (let round = 0; round < times; round++) {
      for (const each of this.pods((pod) => !isReady(pod))) this.change(each, { status: ready });
      for (const each of this.all('Deployment')) this.control(each as DeploymentObject);
      for (const set of this.all('ReplicaSet')) this.fill(set as ReplicaSetObject);
      for (const each of this.all('Service')) {
        const selector = (each['spec'] as { selector: Record<string, string> }).selector;
        const listed = this.pods((pod) => isReady(pod) && matches(selector, pod.metadata.labels));
        this.put(
          slice(
            each.metadata.name,
            listed.map((object) => ({ object }) as Built<KubeObject>),
          ).object,
        );
      }
    }
  }

  /** The Deployment controller: lets go, adopts, scales, and numbers revisions; paused, it makes no ReplicaSet. */
  private control(deployment: DeploymentObject): void {
    const { selector, replicas = 1, paused = false } = deployment.spec;
    for (const set of this.sets()) {
      const fits = matches(selector.matchLabels, set.metadata.labels);
      if (isOwnedBy(set, deployment) && !fits) this.change(set, { metadata: { ownerReferences: undefined } });
      if (set.metadata.ownerReferences === undefined && fits)
        this.change(set, { metadata: { ownerReferences: ownerOf(deployment) } });
    }
    const own = this.sets().filter((set) => isOwnedBy(set, deployment));
    const version = versionOf(deployment);
    let newest = own.find((set) => versionOf(set) === version);
    if (newest === undefined && !paused) newest = this.makeSet(deployment, version);
    const active = own.filter((set) => (set.spec.replicas ?? 0) > 0);
    const latest = [...own].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
    const target = paused ? (active[0] ?? newest ?? latest) : newest;
    for (const set of paused ? [] : active) if (set !== target) this.change(set, { spec: { replicas: 0 } });
    if (target !== undefined && target.spec.replicas !== replicas)
      this.change(target, { spec: { replicas } });
    const revision = 1 + Math.max(0, ...own.filter((set) => set !== newest).map(revisionOf));
    if (newest !== undefined && revisionOf(newest) < revision)
      this.change(newest, { metadata: { annotations: { [revisionAnnotation]: String(revision) } } });
    const shown = newest === undefined ? undefined : this.get('ReplicaSet', newest.metadata.name);
    const count = this.pods((pod) => own.some((set) => isOwnedBy(pod, set))).length;
    const updated = newest === undefined ? 0 : this.pods((pod) => isOwnedBy(pod, newest)).length;
    const annotations = { [revisionAnnotation]: shown?.metadata.annotations?.[revisionAnnotation] };
    this.change(deployment, {
      ...(shown === undefined ? {} : { metadata: { annotations } }),
      status: {
        ...statusOf(count, this.pods((pod) => isReady(pod) && own.some((set) => isOwnedBy(pod, set))).length),
        updatedReplicas: updated,
        observedGeneration: deployment.metadata.generation,
      },
    });
  }

  private makeSet(owner: DeploymentObject, version: string): ReplicaSetObject {
    const hash = this.hashes.get(version) ?? `h${this.hashes.size}`;
    this.hashes.set(version, hash);
    const rolloutId = version === '' ? undefined : version;
    const name = `${owner.metadata.name}-${hash}`;
    this.put(
      replicaSet(hash, 0, rolloutId).meta({ name, uid: `uid-${name}`, ownerReferences: ownerOf(owner) })
        .object,
    );
    return this.get('ReplicaSet', name) as ReplicaSetObject;
  }

  private fill(set: ReplicaSetObject): void {
    const mine = this.pods((pod) => isOwnedBy(pod, set));
    const wanted = set.spec.replicas ?? 0;
    for (const pod of mine.slice(wanted)) this.objects.delete(`Pod/${pod.metadata.name}`);
    for (let count = mine.length; count < wanted; count++) {
      const [made] = pods({ object: set } as Built<ReplicaSetObject>, 1, this.isQuick);
      this.started.push(versionOf(set));
      if (made !== undefined)
        this.put(made.meta({ name: `pod-${++this.version}`, ownerReferences: ownerOf(set) }).object);
    }
    if (set.status?.replicas !== wanted) this.change(set, { status: statusOf(wanted) });
  }

  private remove(uid: string, propagation: 'Orphan' | 'Background'): boolean {
    const object = this.all('Deployment').find((each) => each.metadata.uid === uid);
    if (object === undefined) return true;
    this.objects.delete(`Deployment/${object.metadata.name}`);
    for (const set of this.sets().filter((each) => isOwnedBy(each, object))) {
      if (propagation === 'Orphan') this.change(set, { metadata: { ownerReferences: undefined } });
      else {
        for (const pod of this.pods((each) => isOwnedBy(each, set)))
          this.objects.delete(`Pod/${pod.metadata.name}`);
        this.objects.delete(`ReplicaSet/${set.metadata.name}`);
      }
    }
    return true;
  }

  protected change(object: KubeObject, patch: object): true {
    const merged = merge(this.get(object.kind, object.metadata.name) ?? object, patch) as KubeObject;
    const isNew = 'spec' in patch;
    const generation = (merged.metadata.generation ?? 0) + (isNew ? 1 : 0);
    this.put({ ...merged, metadata: { ...merged.metadata, generation } });
    return true;
  }

  protected put(object: KubeObject): void {
    const { name, uid = `uid-${name}-${++this.version}`, generation = 1 } = object.metadata;
    const metadata = { ...object.metadata, uid, generation, resourceVersion: String(++this.version) };
    this.objects.set(`${object.kind}/${name}`, { ...object, metadata });
  }

  protected get(kind: string, name: string): KubeObject | undefined {
    return this.objects.get(`${kind}/${name}`);
  }
  protected all(kind: string): KubeObject[] {
    return [...this.objects.values()].filter((each) => each.kind === kind);
  }
  private sets = (): ReplicaSetObject[] => this.all('ReplicaSet') as ReplicaSetObject[];
  protected pods = (fits: (pod: KubeObject) => boolean): KubeObject[] => this.all('Pod').filter(fits);
}

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

function versionOf(object: DeploymentObject | ReplicaSetObject | undefined): string {
  return object?.spec.template.metadata?.labels?.['belay.dev/rollout'] ?? '';
}
function revisionOf(set: ReplicaSetObject): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
}
function ownerOf({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject) {
  return [{ apiVersion, kind, name, uid, controller: true }];
}

/** A JSON merge patch; `undefined` removes as `null` does. */
function merge(target: unknown, patch: object): unknown {
  const result: Record<string, unknown> = { ...(target as object) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete result[key];
    else if (typeof value === 'object' && !Array.isArray(value))
      result[key] = merge(result[key] ?? {}, value as object);
    else result[key] = value;
  }
  return result;
}
