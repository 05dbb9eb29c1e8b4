import { isReady } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster, NamespaceView } from '../../src/ports/cluster';
import { endpointsByService, watchView } from '../../tools/local/watched-view';

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
  const pods = new Map<string, KubeObject>();
  const low = new Map<string, number>();
  const high = new Map<string, number>();

  function look(live: NamespaceView): void {
    for (const pod of live.objects('Pod')) pods.set(pod.metadata.name, pod);
    for (const [service, { length }] of endpointsByService(live)) {
      low.set(service, Math.min(low.get(service) ?? Infinity, length));
      high.set(service, Math.max(high.get(service) ?? 0, length));
    }
  }
  const { live, stop } = await watchView(kube, namespace, look);
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
      look(live);
    },
    stop,
  };
}
