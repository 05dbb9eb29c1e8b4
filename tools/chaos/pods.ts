import { setTimeout as sleep } from 'node:timers/promises';
import { asEndpointSlice, isReady } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';
import type { SeenPods } from './view';

/** The users' Service of every story. */
const service = 'web';

/** Watches the pods and the users' endpoints of one namespace the whole time, on a line that is never disturbed. */
export interface PodWatch {
  /** Ready endpoints of the users' Service now. */
  endpoints(): number;
  /** The first version is out: from here its pods are counted, and endpoints must not be fewer. */
  mark(): void;
  seen(): SeenPods;
  stop(): void;
}

export async function watchPods(kube: Cluster, namespace: string): Promise<PodWatch> {
  const live = kube.view(namespace);
  await live.ready();
  const stopped = new AbortController();
  const everNew = new Set<string>();
  let first: readonly string[] = [];
  let restarts = 0;
  let lowest = Infinity;

  const endpoints = (): number =>
    live
      .objects('EndpointSlice')
      .map(asEndpointSlice)
      .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service)
      .flatMap((slice) => slice.endpoints ?? [])
      .filter((each) => each.conditions?.ready !== false).length;
  const look = (): void => {
    lowest = Math.min(lowest, endpoints());
    for (const pod of live.objects('Pod')) {
      if (first.includes(idOf(pod))) restarts = Math.max(restarts, restartsOf(pod));
      else everNew.add(idOf(pod));
    }
  };
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      look();
      await live.change(500, stopped.signal);
    }
  };
  const watching = watch();
  await sleep(0);
  const readyPods = (): readonly string[] => live.objects('Pod').filter(isReady).map(idOf);
  return {
    endpoints,
    mark: () => {
      first = readyPods();
      everNew.clear();
      lowest = endpoints();
    },
    seen: () => {
      const now = readyPods();
      const firstNow = first.filter((each) => now.includes(each));
      return { first, firstNow, everNew: everNew.size, lowest, restarts };
    },
    stop: () => {
      stopped.abort();
      live.close();
      void watching;
    },
  };
}

/** Names may come again, uids do not. */
function idOf({ metadata }: KubeObject): string {
  return `${metadata.name} (${metadata.uid ?? ''})`;
}

function restartsOf(pod: KubeObject): number {
  const status = pod['status'] as
    { readonly containerStatuses?: readonly { readonly restartCount?: number }[] } | undefined;
  return (status?.containerStatuses ?? []).reduce((sum, each) => sum + (each.restartCount ?? 0), 0);
}
