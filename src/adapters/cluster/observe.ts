import type { Kind, WatchEvent } from '../../ports/cluster';
import type { Discovery } from './discovery';
import type { Rest } from './rest';
import type { Watcher } from './watcher';

interface Observation {
  readonly rest: Rest;
  readonly watch: Watcher;
  readonly discovery: Discovery;
  readonly kinds: readonly Kind[];
  readonly labelSelector: string;
  readonly onEvent: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
}

/** Watches several kinds in all namespaces at once; every (re)list is reported object by object and closed by `SYNCED`. */
export async function observeKinds({
  rest,
  watch,
  discovery,
  kinds,
  labelSelector,
  onEvent,
  signal,
}: Observation): Promise<void> {
  // All paths first: a kind that is not there must not leave the watches of the others behind.
  const paths = await Promise.all(kinds.map((kind) => discovery.path(kind, undefined)));
  await Promise.all(
    kinds.map((kind, index) =>
      watch(rest, {
        path: paths[index] ?? '',
        kind,
        labelSelector,
        signal,
        onList: (objects) => {
          for (const object of objects) onEvent({ type: 'LISTED', object });
          onEvent({ type: 'SYNCED' });
        },
        onEvent: (type, object) => onEvent({ type, object }),
      }),
    ),
  );
}
