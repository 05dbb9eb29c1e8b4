/** What RBAC calls the ways to use a resource (https://kubernetes.io/docs/reference/access-authn-authz/authorization/). */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'impersonate';

export interface Permission {
  /** Of the API group; empty: the core group. */
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  /** Only objects of these names. */
  readonly names?: readonly string[];
  /** What the worker does with it: a comment in the manifest. */
  readonly why: string;
}

export interface Purpose {
  /** Names the file, and with `belay-` before it the role. */
  readonly name: string;
  readonly about: string;
  /** Where it makes sense to grant it: in all namespaces, in some, or the one or the other. */
  readonly where: 'cluster' | 'namespace' | 'either';
  readonly permissions: readonly Permission[];
}

const look = ['get', 'list', 'watch'] as const;
/**
 * An object of Git is read, tried and applied (server-side apply is `patch`, and `create` where there is none), pruned, and watched
 * for drift and health. `update` is for `Replace=true`; it can do nothing that `patch` cannot.
 */
export const deliver = [...look, 'create', 'update', 'patch', 'delete'] as const;
