import { setTimeout as sleep } from 'node:timers/promises';
import { asEndpointSlice } from '../../src/domain/apps';
import type { Cluster, NamespaceView } from '../../src/ports/cluster';

/** A live view of a namespace that is looked at from the start to the end. */
export interface WatchedView {
  readonly live: NamespaceView;
  readonly stop: () => void;
}

/** Opens the live view and calls `look` at every change of it, so that no moment is missed. */
export async function watchView(
  kube: Cluster,
  namespace: string,
  look: (live: NamespaceView) => void,
): Promise<WatchedView> {
  const live = kube.view(namespace);
  await live.ready();
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      look(live);
      await live.change(500, stopped.signal);
    }
  };
  void run();
  await sleep(0);
  return {
    live,
    stop: () => {
      stopped.abort();
      live.close();
    },
  };
}

/** Names of the pods behind each Service that has EndpointSlices. */
export function endpointsByService(live: NamespaceView): ReadonlyMap<string, readonly string[]> {
  const ready = new Map<string, readonly string[]>();
  for (const slice of live.objects('EndpointSlice').map(asEndpointSlice)) {
    const service = slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
    const names = (slice.endpoints ?? [])
      .filter((each) => each.conditions?.ready !== false)
      .map((each) => each.targetRef?.name ?? '');
    ready.set(service, [...(ready.get(service) ?? []), ...names]);
  }
  return ready;
}
