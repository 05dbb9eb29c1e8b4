import type { KubeObject } from '../../domain/kube-object';
import type { NamespaceView, ViewKind } from '../../ports/cluster';
import { isPortError } from '../../ports/port-error';
import { rootOf } from './discovery';
import { LiveKind } from './live-kind';
import type { Rest } from './rest';
import type { Watcher } from './watcher';

const paths: Readonly<Record<ViewKind, { apiVersion: string; plural: string }>> = {
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments' },
  ReplicaSet: { apiVersion: 'apps/v1', plural: 'replicasets' },
  StatefulSet: { apiVersion: 'apps/v1', plural: 'statefulsets' },
  DaemonSet: { apiVersion: 'apps/v1', plural: 'daemonsets' },
  ControllerRevision: { apiVersion: 'apps/v1', plural: 'controllerrevisions' },
  Pod: { apiVersion: 'v1', plural: 'pods' },
  Service: { apiVersion: 'v1', plural: 'services' },
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices' },
  Event: { apiVersion: 'v1', plural: 'events' },
};
/** What a canary of a Deployment looks at; other kinds are watched when somebody asks for them. */
const deploymentKinds: readonly ViewKind[] = [
  'Deployment',
  'ReplicaSet',
  'Pod',
  'Service',
  'EndpointSlice',
  'Event',
];
/** What belongs to a workload and has a name that begins with the workload's, as controllers make it. */
const namedAfterWorkloads: ReadonlySet<ViewKind> = new Set(['Deployment', 'ReplicaSet', 'Pod', 'Event']);
/** Longer names are cut when something is appended to them: no name is cut before this. */
const sureLength = 30;
const lingerMs = 30_000;

interface Watched {
  readonly live: LiveKind;
  readonly listed: Promise<void>;
}

interface Options {
  readonly namespace: string;
  readonly rest: Rest;
  readonly watch: Watcher;
  readonly onClosed: () => void;
}

/** One set of watches for a namespace, shared by all activities that look at it; it ends some seconds after its last user. */
export class LiveNamespace {
  private readonly kinds = new Map<ViewKind, Watched>();
  private readonly stop = new AbortController();
  /** Who waits for a change, with the beginning of the names that concern them. */
  private readonly waiting = new Map<() => void, string>();
  private users = 0;
  private linger: NodeJS.Timeout | undefined;

  constructor(private readonly options: Options) {}

  /** A handle for one more user, who looks at these kinds. */
  share(kinds: readonly ViewKind[] = deploymentKinds, about = ''): NamespaceView {
    const beginning = about.slice(0, sureLength);
    clearTimeout(this.linger);
    this.users += 1;
    let open = true;
    const listed = Promise.all(kinds.map((kind) => this.follow(kind).listed)).then(() => undefined);
    listed.catch(() => undefined); // whoever waits for `ready` is told
    return {
      ready: (signal) => raceSignal(listed, signal),
      objects: (kind) => this.kinds.get(kind)?.live.all() ?? [],
      note: (object: KubeObject) => this.kinds.get(object.kind as ViewKind)?.live.note(object),
      change: (ms, signal) => this.change(ms, beginning, signal),
      close: () => {
        if (!open) return;
        open = false;
        this.users -= 1;
        if (this.users === 0)
          this.linger = setTimeout(() => this.users === 0 && this.close(), lingerMs).unref();
      },
    };
  }

  /** The watch of a kind, begun by its first user. */
  private follow(kind: ViewKind): Watched {
    const known = this.kinds.get(kind);
    if (known !== undefined) return known;
    const { namespace, rest, watch } = this.options;
    const { apiVersion, plural } = paths[kind];
    const isNamedAfter = namedAfterWorkloads.has(kind);
    const live = new LiveKind((name) => this.wake(isNamedAfter ? name : undefined));
    const listed = new Promise<void>((resolve, reject) => {
      void watch(rest, {
        path: `${rootOf(apiVersion)}/namespaces/${namespace}/${plural}`,
        kind: { apiVersion, kind },
        signal: this.stop.signal,
        onList: (objects) => {
          live.replace(objects);
          resolve();
        },
        onEvent: (type, object) => live.event(type, object),
        onError: (error) => {
          if (isPortError(error, 'Forbidden', 'Unauthenticated')) reject(error);
        },
      });
    });
    listed.catch(() => this.close());
    const watched = { live, listed };
    this.kinds.set(kind, watched);
    return watched;
  }

  private change(ms: number, beginning: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.waiting.delete(finish);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.waiting.set(finish, beginning);
      signal?.addEventListener('abort', finish, { once: true });
      if (signal?.aborted === true) finish();
    });
  }

  /** Hundreds of rollouts in one namespace would else all look at everything whenever one pod of any of them changes. */
  private wake(name?: string): void {
    for (const [resume, beginning] of [...this.waiting])
      if (name === undefined || name.startsWith(beginning)) resume();
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
