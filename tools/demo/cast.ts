import { setTimeout as sleep } from 'node:timers/promises';
import { asDeployment, isReady } from '../../src/domain/apps';
import type { ApplicationStatus } from '../../src/domain/application-status';
import type { KubeObject } from '../../src/domain/kube-object';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import type { NamespaceView } from '../../src/ports/cluster';
import { endpointsByService, watchView } from '../local/watched-view';
import type { Stage } from './stage';

/** What the demo looks at: the namespace by a live view, the application and its rollout by queries. */
export interface Cast {
  readonly everSeen: ReadonlyMap<string, KubeObject>;
  readyPods(): readonly string[];
  deployments(): readonly string[];
  /** The lowest number of ready endpoints since the last call of `mark`. */
  lowest(): number;
  mark(): void;
  until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>>;
  app(): Promise<ApplicationStatus>;
  rollout(): Promise<RolloutStatus | undefined>;
  leave(): void;
}

const patienceMs = 60_000;
const service = 'web';

/** Opens the view of the demo's namespace. */
export async function openCast({ kube, client }: Stage): Promise<Cast> {
  const everSeen = new Map<string, KubeObject>();
  let lowest = Infinity;
  const { live, stop } = await watchView(kube, 'shop', (live) => {
    for (const pod of live.objects('Pod')) everSeen.set(pod.metadata.name, pod);
    lowest = Math.min(lowest, endpointsOf(live));
  });

  return {
    everSeen,
    readyPods: () =>
      live
        .objects('Pod')
        // A pod that is being deleted is no endpoint any more.
        .filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined)
        .map((pod) => pod.metadata.name)
        .sort(),
    deployments: () =>
      live
        .objects('Deployment')
        .map(asDeployment)
        .map((each) => each.metadata.name)
        .sort(),
    lowest: () => lowest,
    mark: () => {
      lowest = endpointsOf(live);
    },
    async until(what, look) {
      const end = Date.now() + patienceMs;
      for (;;) {
        const seen = await look();
        if (seen !== undefined && seen !== null && seen !== false) return seen;
        if (Date.now() > end)
          throw new Error(
            `gave up after ${patienceMs / 1000} s waiting until ${what}; the application says: ${(await client.applicationStatus('shop')).message}`,
          );
        await sleep(40);
      }
    },
    app: () => client.applicationStatus('shop'),
    rollout: () => client.rolloutStatus('shop').catch(() => undefined),
    leave: stop,
  };
}

function endpointsOf(live: NamespaceView): number {
  return endpointsByService(live).get(service)?.length ?? 0;
}
