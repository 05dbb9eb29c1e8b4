import type { KubeObject } from '../../domain/kube-object';
import type { NamespaceView, ViewKind } from '../../ports/cluster';
import { isPortError } from '../../ports/port-error';
import { LiveKind } from './live-kind';
import type { Rest } from './rest';
import type { Watcher } from './watcher';

const paths: Readonly<Record<ViewKind, { apiVersion: string; plural: string }>> = {
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments' },
  ReplicaSet: { apiVersion: 'apps/v1', plural: 'replicasets' },
  Pod: { apiVersion: 'v1', plural: 'pods' },
  Service: { apiVersion: 'v1', plural: 'services' },
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices' },
  Event: { apiVersion: 'v1', plural: 'events' },
};
const lingerMs = 30_000;

interface Options {
  readonly namespace: string;
  readonly rest: Rest;
  readonly watch: Watcher;
  readonly onClosed: () => void;
}

/** One set of watches for a namespace, shared by all activities that look at it; it ends some seconds after its last user. */
export class LiveNamespace {
  private readonly kinds: ReadonlyMap<ViewKind, LiveKind>;
  private readonly stop = new AbortController();
  private readonly waiting = new Set<() => void>();
  private readonly listed: Promise<void>;
  private users = 0;
  private linger: NodeJS.Timeout | undefined;

  constructor(private readonly options: Options) {
    const { namespace, rest, watch } = options;
    this.kinds = new Map(
      (Object.keys(paths) as ViewKind[]).map((kind) => [kind, new LiveKind(() => this.wake())]),
    );
    this.listed = new Promise((resolve, reject) => {
      const missing = new Set(this.kinds.keys());
      for (const [kind, live] of this.kinds) {
        const { apiVersion, plural } = paths[kind];
        const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        void watch(rest, {
          path: `${root}/namespaces/${namespace}/${plural}`,
          kind: { apiVersion, kind },
          signal: this.stop.signal,
          onList: (objects) => {
            live.replace(objects);
            missing.delete(kind);
            if (missing.size === 0) resolve();
          },
          onEvent: (type, object) => live.event(type, object),
          onError: (error) => {
            if (isPortError(error, 'Forbidden', 'Unauthenticated')) reject(error);
          },
        });
      }
    });
    this.listed.catch(() => this.close());
  }

  /** A handle for one more user. */
  share(): NamespaceView {
    clearTimeout(this.linger);
    this.users += 1;
    let open = true;
    return {
      ready: (signal) => raceSignal(this.listed, signal),
      objects: (kind) => this.kinds.get(kind)?.all() ?? [],
      note: (object: KubeObject) => this.kinds.get(object.kind as ViewKind)?.note(object),
      change: (ms, signal) => this.change(ms, signal),
      close: () => {
        if (!open) return;
        open = false;
        this.users -= 1;
        if (this.users === 0)
          this.linger = setTimeout(() => this.users === 0 && this.close(), lingerMs).unref();
      },
    };
  }

  private change(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.waiting.delete(finish);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.waiting.add(finish);
      signal?.addEventListener('abort', finish, { once: true });
      if (signal?.aborted === true) finish();
    });
  }

  private wake(): void {
    for (const resume of [...this.waiting]) resume();
  }

  /** Ends its watches, whoever still looks. */
  close(): void {
    clearTimeout(this.linger);
    if (this.stop.signal.aborted) return;
    this.stop.abort();
    this.options.onClosed();
  }
}

function raceSignal(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
    promise.then(resolve, reject);
  });
}
