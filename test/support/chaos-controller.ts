import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../src/ports/cluster';
import { peekText } from '../../src/domain/peek';
import { isMap, valueAt } from '../../src/domain/read-json';
import { customKind } from './custom-kind';
import { until } from './until';

const podChaos = { apiVersion: 'chaos-mesh.org/v1alpha1', kind: 'PodChaos' };

/** What Chaos Mesh makes of the kind PodChaos in one namespace: pods that an experiment selects by annotations crash. */
export interface ChaosController {
  /** Experiments that were seen, by name, with their labels. */
  readonly seen: ReadonlyMap<string, unknown>;
  remaining(): Promise<number>;
  stop(): Promise<void>;
}

/** Makes the kind known to the cluster, and obeys experiments until it is stopped. */
export async function startChaosController(kube: Cluster, namespace: string): Promise<ChaosController> {
  await kube.apply(customKind('chaos-mesh.org', 'v1alpha1', 'PodChaos', 'podchaos'), { manager: 'tests' });
  const list = () => kube.list(podChaos, { namespace });
  await until(
    'the kind is served',
    () =>
      list().then(
        () => true,
        () => false,
      ),
    30_000,
  );
  const seen = new Map<string, unknown>();
  const stopped = new AbortController();
  const obey = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      for (const experiment of await list()) {
        seen.set(experiment.metadata.name, experiment.metadata.labels);
        await strike(kube, namespace, valueAt(experiment, 'spec', 'selector', 'annotationSelectors'));
      }
      await sleep(200);
    }
  };
  const obeying = obey();
  return {
    seen,
    remaining: async () => (await list()).length,
    async stop() {
      stopped.abort();
      await obeying;
    },
  };
}

async function strike(kube: Cluster, namespace: string, selector: unknown): Promise<void> {
  if (!isMap(selector)) throw new Error('the experiment selects nothing');
  const kind = { apiVersion: 'v1', kind: 'Pod' };
  for (const pod of await kube.list(kind, { namespace })) {
    const notes = pod.metadata.annotations;
    if (Object.entries(selector).some(([key, value]) => peekText(notes, key) !== value)) continue;
    const annotations = { 'sim.belay.dev/behavior': 'crash' };
    const ref = { ...kind, namespace, name: pod.metadata.name };
    await kube.patch(ref, { metadata: { annotations } }, { manager: 'tests' }).catch(() => undefined); // it may be gone
  }
}
