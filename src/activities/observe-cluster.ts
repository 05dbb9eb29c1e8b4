import { driftKey, isForeignChange } from '../domain/hints';
import { keyOf, nameOf, refOf, type KubeObject } from '../domain/kube-object';
import { marks } from '../domain/marks';
import type { WatchEvent } from '../ports/cluster';
import { beating } from './beating';
import type { Ports } from './ports';

/** The kinds that are watched for drift so far. */
const kinds = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
];
const debounceMs = 200;
const mostNames = 20;

/**
 * One set of watches for all applications of a cluster, by their label. It only hints, debounced and level-triggered: on start
 * everything is listed and each application with a foreign change is told once.
 */
export function createObserveCluster({ cluster, orchestrator }: Ports) {
  return {
    observeCluster: beating(async (_input: { readonly cluster: string }, beat): Promise<void> => {
      const seen = new Map<string, string>();
      const pending = new Map<string, Set<string>>();
      let timer: NodeJS.Timeout | undefined;

      async function flush(): Promise<void> {
        timer = undefined;
        const hints = [...pending];
        pending.clear();
        await Promise.all(
          hints.map(async ([application, objects]) => {
            const payload = { objects: [...objects].slice(0, mostNames) };
            await orchestrator
              .signalApplication(application, 'clusterChanged', payload)
              .catch(() => hint(application, [...objects]));
          }),
        );
      }

      function hint(application: string, objects: readonly string[]): void {
        pending.set(application, new Set([...(pending.get(application) ?? []), ...objects]));
        timer ??= setTimeout(() => void flush(), debounceMs);
      }

      function onEvent({ type, object }: WatchEvent): void {
        if (object === undefined) return;
        const application = object.metadata.labels?.[marks.application] ?? '';
        if (isWorthAHint(seen, type, object)) hint(application, [nameOf(refOf(object))]);
      }

      beat.note(`watching ${kinds.length} kinds`);
      await cluster.observe(kinds, marks.application, onEvent, beat.signal);
      clearTimeout(timer);
    }),
  };
}

function isWorthAHint(seen: Map<string, string>, type: WatchEvent['type'], object: KubeObject): boolean {
  const key = keyOf(refOf(object));
  const state = driftKey(object);
  const known = seen.get(key);
  if (type === 'DELETED') {
    seen.delete(key);
    return object.metadata.labels?.[marks.canaryOf] === undefined;
  }
  seen.set(key, state);
  if (known === state) return false;
  return isForeignChange(object);
}
