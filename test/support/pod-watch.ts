import { setTimeout as sleep } from 'node:timers/promises';
import { asEndpointSlice, isReady } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';

/** What was seen of a namespace while it was watched: every pod that ever existed, and the ready endpoints of each Service. */
export interface PodWatch {
  /** Pod names in the order in which they appeared, with their image. */
  readonly pods: ReadonlyMap<string, KubeObject>;
  /** Names of ready pods now. */
  readyPods(): readonly string[];
  /** The lowest number of ready endpoints since the last `mark`. */
  lowest(service: string): number;
  highest(service: string): number;
  mark(): void;
  stop(): void;
}

/** Watches pods and endpoints by the live view, so that no moment is missed. */
export async function watchPods(kube: Cluster, namespace: string): Promise<PodWatch> {
  const live = kube.view(namespace);
  await live.ready();
  const pods = new Map<string, KubeObject>();
  const low = new Map<string, number>();
  const high = new Map<string, number>();
  const stopped = new AbortController();

  function look(): void {
    for (const pod of live.objects('Pod')) pods.set(pod.metadata.name, pod);
    const counts = new Map<string, number>();
    for (const slice of live.objects('EndpointSlice').map(asEndpointSlice)) {
      const service = slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
      const ready = (slice.endpoints ?? []).filter((each) => each.conditions?.ready !== false).length;
      counts.set(service, (counts.get(service) ?? 0) + ready);
    }
    for (const [service, count] of counts) {
      low.set(service, Math.min(low.get(service) ?? Infinity, count));
      high.set(service, Math.max(high.get(service) ?? 0, count));
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      look();
      await live.change(500, stopped.signal);
    }
  }
  const running = run();
  await sleep(0);
  return {
    pods,
    readyPods: () =>
      live
        .objects('Pod')
        .filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined)
        .map((pod) => pod.metadata.name),
    lowest: (service) => low.get(service) ?? 0,
    highest: (service) => high.get(service) ?? 0,
    mark: () => {
      low.clear();
      high.clear();
      look();
    },
    stop: () => {
      stopped.abort();
      live.close();
      void running;
    },
  };
}
