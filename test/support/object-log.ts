import { keyOf, refOf, type KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import type { Cluster, Kind } from '../../src/ports/cluster';
import { until } from './until';

/** What applications' objects have gone through while they were watched. All numbers are revisions of the API server's one store, so they order all objects. */
export interface ObjectLog {
  /** `Kind name` of a namespace in the order in which they were made. */
  created(namespace: string): readonly string[];
  /** The same in the order in which they were deleted. */
  deleted(namespace: string): readonly string[];
  /** How often an object of this name was made: with each it got another uid. */
  times(namespace: string, kind: string, name: string): number;
  stop(): Promise<void>;
}

interface Entry {
  readonly object: KubeObject;
  readonly made: number;
  gone?: number;
}

/** Watches the objects of all applications; resolves when every kind is watched. */
export async function watchObjects(kube: Cluster, kinds: readonly Kind[]): Promise<ObjectLog> {
  const entries = new Map<string, Entry>();
  const stopped = new AbortController();
  const open = new Set(kinds.map(({ kind }) => kind));
  const idOf = (object: KubeObject): string => `${keyOf(refOf(object))} ${object.metadata.uid ?? ''}`;
  const running = kube.observe(
    kinds,
    marks.application,
    (event) => {
      if (event.type === 'SYNCED') open.delete(event.kind.kind);
      if (event.type === 'SYNCED' || event.type === 'FAILED') return;
      const at = Number(event.object.metadata.resourceVersion);
      const known = entries.get(idOf(event.object));
      if (event.type === 'DELETED') {
        if (known !== undefined) known.gone = at;
      } else if (known === undefined) entries.set(idOf(event.object), { object: event.object, made: at });
    },
    stopped.signal,
  );
  await until('all kinds are watched', () => open.size === 0);
  const within = (namespace: string): readonly Entry[] =>
    [...entries.values()].filter(
      ({ object }) => object.metadata.namespace === namespace && !object.metadata.name.startsWith('belay-'),
    );
  const names = (found: readonly Entry[]): readonly string[] =>
    found.map(({ object }) => `${object.kind} ${object.metadata.name}`);
  return {
    created: (namespace) => names([...within(namespace)].sort((a, b) => a.made - b.made)),
    deleted: (namespace) =>
      names(
        within(namespace)
          .filter(({ gone }) => gone !== undefined)
          .sort((a, b) => (a.gone ?? 0) - (b.gone ?? 0)),
      ),
    times: (namespace, kind, name) =>
      within(namespace).filter(({ object }) => object.kind === kind && object.metadata.name === name).length,
    async stop() {
      stopped.abort();
      await running.catch(() => undefined);
    },
  };
}
