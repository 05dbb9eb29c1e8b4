import { KubeConfig } from '@kubernetes/client-node';
import { fixed } from '../../src/adapters/cluster/connection';
import { createRest } from '../../src/adapters/cluster/rest';
import { createWatcher } from '../../src/adapters/cluster/watcher';
import { asEndpointSlice, isReady, type EndpointSliceObject } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Lab } from './cluster-lab';
import { until } from './until';

/** Everything that happened to the pods and endpoints of a namespace, event by event. */
export interface Recorder {
  /** Every pod that was ever there. */
  pods(): readonly KubeObject[];
  /** Images of all pods that appeared since `mark`. */
  started(): readonly string[];
  /** Names of all pods that went since `mark`. */
  gone(): readonly string[];
  /** The same, once this watch has heard of at least so many: an activity's own watch may have heard earlier. */
  goneAtLeast(count: number): Promise<readonly string[]>;
  /** Ready endpoints of a Service now. */
  listed(service: string): number;
  /** Fewest and most ready endpoints of a Service since `mark`. */
  range(service: string): { readonly fewest: number; readonly most: number };
  /** Throws what happened since `mark` if a Service had fewer ready endpoints. */
  neverBelow(service: string, count: number): void;
  /** From here on it counts. */
  mark(): void;
}

/** Watches a namespace from now on until the lab is stopped. */
export async function record({ local, over }: Lab, namespace: string): Promise<Recorder> {
  const config = new KubeConfig();
  config.loadFromFile(local.kubeconfig);
  const rest = createRest(fixed(config));
  const watch = createWatcher(fixed(config));
  const pods = new Map<string, KubeObject>();
  const slices = new Map<string, EndpointSliceObject>();
  const ranges = new Map<string, { fewest: number; most: number }>();
  let seenBefore = new Set<string>();
  let gone: string[] = [];
  let trail: string[] = [];

  function count(service: string): void {
    const ready = readyOf([...slices.values()], service);
    const { fewest, most } = ranges.get(service) ?? { fewest: ready, most: ready };
    trail.push(`${Date.now()} Service ${service} lists ${ready}`);
    ranges.set(service, { fewest: Math.min(fewest, ready), most: Math.max(most, ready) });
  }
  const onSlice = (slice: KubeObject, isGone: boolean): void => {
    if (isGone) slices.delete(slice.metadata.name);
    else slices.set(slice.metadata.name, asEndpointSlice(slice));
    count(serviceOf(slice));
  };
  const follow = (path: string, kind: { apiVersion: string; kind: string }, on: typeof onSlice) =>
    new Promise<void>((listed) => {
      void watch(rest, {
        path,
        kind,
        signal: over,
        onList: (objects) => {
          for (const object of objects) on(object, false);
          listed();
        },
        onEvent: (type, object) => on(object, type === 'DELETED'),
      });
    });
  await Promise.all([
    follow(`/api/v1/namespaces/${namespace}/pods`, { apiVersion: 'v1', kind: 'Pod' }, (pod, isGone) => {
      pods.set(pod.metadata.name, pod);
      trail.push(describePod(pod, isGone));
      if (isGone) gone.push(pod.metadata.name);
    }),
    follow(
      `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
      { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
      onSlice,
    ),
  ]);
  return {
    pods: () => [...pods.values()],
    started: () => [...pods.values()].filter((pod) => !seenBefore.has(pod.metadata.name)).map(imageOf),
    gone: () => gone,
    goneAtLeast: async (count) => {
      await until(`${count} pods have gone`, () => gone.length >= count);
      return gone;
    },
    listed: (service) => readyOf([...slices.values()], service),
    range: (service) => ranges.get(service) ?? { fewest: 0, most: 0 },
    neverBelow(service, count) {
      const { fewest } = ranges.get(service) ?? { fewest: 0 };
      if (fewest < count) throw new Error(`Service ${service} had ${fewest} endpoints:\n${trail.join('\n')}`);
    },
    mark() {
      seenBefore = new Set(pods.keys());
      gone = [];
      trail = [];
      ranges.clear();
      for (const slice of slices.values()) count(serviceOf(slice));
    },
  };
}

/** The tag of a pod's first container. */
export function imageOf(pod: KubeObject): string {
  const { containers = [] } = (pod['spec'] ?? {}) as { containers?: { image: string }[] };
  return containers[0]?.image.split(':').at(-1) ?? '';
}

function describePod(pod: KubeObject, isGone: boolean): string {
  const state = isGone ? 'is gone' : pod.metadata.deletionTimestamp === undefined ? '' : 'is deleted,';
  return `${Date.now()} ${pod.metadata.name} ${state} ${isReady(pod) ? 'ready' : 'not ready'}`;
}

function serviceOf(slice: KubeObject): string {
  return slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
}

function readyOf(slices: readonly EndpointSliceObject[], service: string): number {
  return slices
    .filter((slice) => serviceOf(slice) === service)
    .flatMap((slice) => slice.endpoints ?? [])
    .filter((each) => each.conditions?.ready !== false).length;
}
