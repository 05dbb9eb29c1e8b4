import { nameOf, refOf, type KubeObject, type ObjectRef } from '../../domain/kube-object';
import type {
  Cluster,
  Deletion,
  Kind,
  ListOptions,
  NamespaceView,
  ViewKind,
  Write,
} from '../../ports/cluster';
import { isPortError } from '../../ports/port-error';
import { ServedKinds } from './capabilities';
import type { Connection } from './connection';
import { Discovery } from './discovery';
import { evictPod } from './evict';
import { LiveNamespace } from './live-namespace';
import { observeKinds } from './observe';
import { readPod } from './read-pod';
import { createRest, serverOf, type Call } from './rest';
import { createWatcher } from './watcher';

const definesKinds: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'APIService']);

interface Parts {
  readonly connection: Connection;
  readonly id: string;
  /** Watch for drift and health in this namespace only. */
  readonly onlyIn?: string;
}

/** The API server behind a connection as a Cluster. What it serves is the same for all, and asked by nobody but the worker itself. */
export function createCluster({ connection, id, ...more }: Parts): Cluster {
  const rest = createRest(connection);
  const discovery = new Discovery(rest);
  const served = new ServedKinds(rest);
  const others = new Map<string, Cluster>();

  function as(user: string): Cluster {
    const known = others.get(user) ?? clusterFor({ connection, id, ...more, user, discovery, served, as });
    others.set(user, known);
    return known;
  }

  const own = clusterFor({ connection, id, ...more, discovery, served, as });
  return { ...own, close: () => [own, ...others.values()].forEach((each) => each.close()) };
}

interface UserParts extends Parts {
  /** Undefined: the worker itself. */
  readonly user?: string;
  readonly discovery: Discovery;
  readonly served: ServedKinds;
  readonly as: (user: string) => Cluster;
}

function clusterFor({ connection, id, onlyIn, user, discovery, served, as }: UserParts): Cluster {
  const rest = createRest(connection, user);
  const watch = createWatcher(connection, user);
  const views = new Map<string, LiveNamespace>();

  function view(namespace: string, kinds?: readonly ViewKind[], about?: string): NamespaceView {
    const shared =
      views.get(namespace) ??
      new LiveNamespace({ namespace, rest, watch, onClosed: () => views.delete(namespace) });
    views.set(namespace, shared);
    return shared.share(kinds, about);
  }

  /** Does a write, and takes note when it changes what the server serves. */
  async function write<T>({ kind }: Kind, dryRun: boolean | undefined, call: Call): Promise<T> {
    const done = await rest<T>(call);
    if (dryRun !== true && definesKinds.has(kind)) served.forget();
    return done;
  }

  return {
    id,
    server: serverOf(connection.config()),
    as,
    view,
    capabilities: () => served.ask(),
    close: () => views.forEach((each) => each.close()),
    evict: (pod, uid, signal) => evictPod(rest, { pod, uid, signal }),
    readPod: (request, signal) => readPod(rest, request, signal),
    isNamespaced: async (kind: Kind) => (await discovery.resource(kind)).namespaced,
    observe: (kinds, labelSelector, onEvent, signal) =>
      observeKinds({ rest, watch, discovery, kinds, labelSelector, onEvent, signal, onlyIn }),

    async get(ref: ObjectRef, signal?: AbortSignal) {
      try {
        return await rest<KubeObject>({
          method: 'GET',
          path: await discovery.pathOf(ref),
          what: `read ${nameOf(ref)}`,
          signal,
        });
      } catch (error: unknown) {
        if (isPortError(error, 'NotFound')) return undefined;
        throw error;
      }
    },

    async list(kind: Kind, { namespace, labelSelector, signal }: ListOptions = {}) {
      const path = await discovery.path(kind, namespace);
      const query = queryText({ labelSelector });
      const list = await rest<{ items: KubeObject[] }>({
        method: 'GET',
        path: path + query,
        what: `list ${kind.kind}s`,
        signal,
      });
      return list.items.map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind }));
    },

    async create(object: KubeObject, { manager, dryRun, validate, signal }: Write) {
      const ref = refOf(object);
      const path = await discovery.path(ref, ref.namespace);
      const query = queryText({ fieldManager: manager, dryRun, ...validation(validate) });
      return write<KubeObject>(ref, dryRun, {
        method: 'POST',
        path: path + query,
        body: object,
        what: `create ${nameOf(ref)}`,
        signal,
      });
    },

    async replace(object: KubeObject, { manager, dryRun, validate, signal }: Write) {
      const ref = refOf(object);
      return write<KubeObject>(ref, dryRun, {
        method: 'PUT',
        path:
          (await discovery.pathOf(ref)) +
          queryText({ fieldManager: manager, dryRun, ...validation(validate) }),
        body: object,
        what: `replace ${nameOf(ref)}`,
        signal,
      });
    },

    async apply(object: KubeObject, { manager, dryRun, validate, signal }: Write) {
      const ref = refOf(object);
      const query = queryText({ fieldManager: manager, force: true, dryRun, ...validation(validate) });
      return write<KubeObject>(ref, dryRun, {
        method: 'PATCH',
        path: (await discovery.pathOf(ref)) + query,
        body: object,
        contentType: 'application/apply-patch+yaml',
        what: `apply ${nameOf(ref)}`,
        signal,
      });
    },

    async patch(ref: ObjectRef, patch: object, { manager, dryRun, signal }: Write) {
      const query = queryText({ fieldManager: manager, dryRun });
      return write<KubeObject>(ref, dryRun, {
        method: 'PATCH',
        path: (await discovery.pathOf(ref)) + query,
        body: patch,
        contentType: 'application/merge-patch+json',
        what: `patch ${nameOf(ref)}`,
        signal,
      });
    },

    async remove(ref: ObjectRef, { propagation, uid, signal }: Deletion) {
      const body = {
        propagationPolicy: propagation,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      try {
        await write(ref, false, {
          method: 'DELETE',
          path: await discovery.pathOf(ref),
          body,
          what: `delete ${nameOf(ref)}`,
          signal,
        });
        return true;
      } catch (error: unknown) {
        if (isPortError(error, 'NotFound') || (uid !== undefined && isPortError(error, 'Conflict')))
          return false;
        throw error;
      }
    },
  };
}

function validation(validate = true): { readonly fieldValidation: string } {
  return { fieldValidation: validate ? 'Strict' : 'Ignore' };
}

function queryText(values: Readonly<Record<string, string | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === false) continue;
    query.set(key, key === 'dryRun' ? 'All' : String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
