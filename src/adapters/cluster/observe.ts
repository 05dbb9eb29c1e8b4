import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind, WatchEvent } from '../../ports/cluster';
import { isPortError, PortError } from '../../ports/port-error';
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
  /** Undefined: all namespaces. Kinds without a namespace are watched as they are. */
  readonly onlyIn: string | undefined;
}

const firstPauseMs = 5_000;
const longestPauseMs = 60_000;

/**
 * Watches several kinds at once, in all namespaces or one; every (re)list is reported object by object and closed by `SYNCED`. What goes wrong
 * is reported as `FAILED` and repeated: a kind that is not there, or not allowed, ever more rarely, up to a minute.
 */
export async function observeKinds(observation: Observation): Promise<void> {
  await Promise.all(observation.kinds.map((kind) => observeKind(kind, observation)));
}

async function observeKind(kind: Kind, observation: Observation): Promise<void> {
  const { onEvent, signal } = observation;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    await watchUntilRefused(kind, {
      ...observation,
      onEvent: (event) => {
        if (event.type === 'SYNCED') pauseMs = firstPauseMs;
        onEvent(event);
      },
    });
    if (signal.aborted) return;
    await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}

/** Ends when the server does not know or forbids the kind, or when it cannot be asked whether it knows it. */
async function watchUntilRefused(
  kind: Kind,
  { rest, watch, discovery, labelSelector, onEvent, signal, onlyIn }: Observation,
): Promise<void> {
  const refused = new AbortController();
  const onError = (error: unknown): void => {
    if (!(error instanceof PortError)) return; // a connection that broke off: the next list tells what was missed
    onEvent({ type: 'FAILED', kind, error });
    if (isPortError(error, 'KindNotFound', 'NotFound', 'Forbidden')) refused.abort();
  };
  try {
    await watch(rest, {
      path: await discovery.path(kind, onlyIn),
      kind,
      labelSelector,
      signal: AbortSignal.any([signal, refused.signal]),
      onList: (objects) => {
        for (const object of objects) onEvent({ type: 'LISTED', object });
        onEvent({ type: 'SYNCED', kind });
      },
      onEvent: (type, object) => onEvent({ type, object }),
      onError,
    });
  } catch (error: unknown) {
    if (!(error instanceof PortError)) throw error;
    onError(error);
  }
}
