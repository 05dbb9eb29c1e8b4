import { isReady } from '../../src/domain/apps';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster, NamespaceView } from '../../src/ports/cluster';
import { endpointsByService, watchView } from '../local/watched-view';
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
  const everNew = new Set<string>();
  let first: readonly string[] = [];
  let restarts = 0;
  let lowest = Infinity;

  const { live, stop } = await watchView(kube, namespace, (live) => {
    lowest = Math.min(lowest, endpointsOf(live));
    for (const pod of live.objects('Pod')) {
      if (first.includes(idOf(pod))) restarts = Math.max(restarts, restartsOf(pod));
      else everNew.add(idOf(pod));
    }
  });
  const readyPods = (): readonly string[] => live.objects('Pod').filter(isReady).map(idOf);
  return {
    endpoints: () => endpointsOf(live),
    mark: () => {
      first = readyPods();
      everNew.clear();
      lowest = endpointsOf(live);
    },
    seen: () => {
      const now = readyPods();
      const firstNow = first.filter((each) => now.includes(each));
      return { first, firstNow, everNew: everNew.size, lowest, restarts };
    },
    stop,
  };
}

function endpointsOf(live: NamespaceView): number {
  return endpointsByService(live).get(service)?.length ?? 0;
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
