import { marks } from '../../src/domain/marks';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';

/** The live ConfigMaps `settings` of all applications, by a watch. */
export interface LiveSettings {
  /** Resolves with the moment (`performance.now()`) at which the ConfigMap of this namespace has the value. */
  when(namespace: string, setting: string): Promise<number>;
  close(): void;
}

export function watchSettings(kube: Cluster): LiveSettings {
  const stop = new AbortController();
  const values = new Map<string, string>();
  const waiting = new Set<() => void>();
  const note = (object: KubeObject): void => {
    if (object.metadata.name !== 'settings') return;
    const data = object['data'] as { readonly setting?: string } | undefined;
    values.set(object.metadata.namespace ?? '', data?.setting ?? '');
    for (const look of waiting) look();
  };
  const watching = kube.observe(
    [{ apiVersion: 'v1', kind: 'ConfigMap' }],
    marks.application,
    (event) => 'object' in event && note(event.object),
    stop.signal,
  );
  watching.catch(() => undefined);
  return {
    when: (namespace, setting) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`ConfigMap ${namespace}/settings did not become ${setting} within ten minutes`));
        }, 600_000);
        const look = (): void => {
          if (values.get(namespace) !== setting) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(performance.now());
        };
        waiting.add(look);
        look();
      }),
    close: () => stop.abort(),
  };
}
