import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../domain/kube-object';
import { isPortError } from '../../ports/port-error';
import type { Rest } from './rest';
import type { Stream } from './watcher';

export interface ListThenWatch {
  readonly path: string;
  readonly kind: { readonly apiVersion: string; readonly kind: string };
  readonly labelSelector?: string;
  readonly signal: AbortSignal;
  /** The whole list, at the start and after every gap. */
  readonly onList: (objects: readonly KubeObject[]) => void;
  readonly onEvent: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void;
  /** Called when the server cannot be reached or refuses; it goes on trying. */
  readonly onError?: (error: unknown) => void;
}

/** Lists, then watches from the list's resourceVersion, and lists again whenever continuity was lost (410 Gone, errors). */
export async function listThenWatch(rest: Rest, options: ListThenWatch, stream: Stream): Promise<void> {
  const { path, kind, labelSelector, signal, onList, onEvent, onError } = options;
  const selector = labelSelector === undefined ? {} : { labelSelector };
  const named = (object: KubeObject): KubeObject => ({
    ...object,
    apiVersion: kind.apiVersion,
    kind: kind.kind,
  });
  let failures = 0;
  while (!signal.aborted) {
    try {
      const query = new URLSearchParams({ ...selector }).toString();
      const list = await rest<{ metadata: { resourceVersion: string }; items: KubeObject[] }>({
        method: 'GET',
        path: query === '' ? path : `${path}?${query}`,
        what: `list ${kind.kind}s`,
        signal,
      });
      onList(list.items.map(named));
      let version = list.metadata.resourceVersion;
      for (let end = 'ended'; end === 'ended' && !signal.aborted;) {
        const asked = { ...selector, resourceVersion: version, allowWatchBookmarks: 'true' };
        end = await stream(
          path,
          asked,
          (type, object) => {
            version = object.metadata.resourceVersion ?? version;
            failures = 0;
            if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') onEvent(type, named(object));
          },
          signal,
        );
      }
    } catch (error: unknown) {
      if (signal.aborted) return;
      onError?.(error);
      failures += 1;
      const base = isPortError(error, 'Forbidden', 'Unauthenticated') ? 5_000 : 200;
      const pause = Math.min(5_000, base * 2 ** Math.min(failures, 5)) * (0.5 + Math.random() / 2);
      const asked = isPortError(error, 'Throttled') ? (error.afterMs ?? 0) : 0;
      await sleep(Math.max(pause, Math.min(asked, 60_000)), undefined, { signal }).catch(() => undefined);
    }
  }
}
