/**
 * An Argo CD `AppProject`: what applications of it may use. Patterns are globs (`../glob.ts`); where it is said, a pattern that begins
 * with `!` denies.
 */
export interface Project {
  readonly name: string;
  /** Patterns and denials of repository URLs; `*` does not cross a slash, but alone it is every repository. */
  readonly sourceRepos: readonly string[];
  readonly destinations: readonly DestinationRule[];
  /** Cluster-scoped kinds that are allowed: none but these. */
  readonly clusterAllowed: readonly KindRule[];
  readonly clusterDenied: readonly KindRule[];
  /** Namespaced kinds that are allowed; absent: all. */
  readonly namespacedAllowed?: readonly KindRule[];
  readonly namespacedDenied: readonly KindRule[];
  /** Whom the worker acts as; the first that fits. Empty: as itself. */
  readonly accounts: readonly AccountRule[];
  readonly windows: readonly SyncWindow[];
  /** Fields that are read and have no effect here, with the reason. */
  readonly notes: readonly string[];
}

/** One entry of `destinations`: the server or the name must fit, and the namespace. Each may be a denial. */
export interface DestinationRule {
  readonly server: string;
  readonly name: string;
  readonly namespace: string;
}

export interface KindRule {
  readonly group: string;
  readonly kind: string;
  /** Only objects of this name; only in lists of cluster-scoped kinds. */
  readonly name?: string;
}

/** One entry of `destinationServiceAccounts`. `account` is `name` (in the destination's namespace) or `namespace:name`. */
export interface AccountRule {
  readonly server: string;
  readonly namespace: string;
  readonly account: string;
}

/** One entry of `syncWindows`. */
export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  /** Five fields of cron, or `@daily` and the like. */
  readonly schedule: string;
  readonly durationMs: number;
  /** IANA name; default UTC. */
  readonly timeZone: string;
  readonly applications: readonly string[];
  readonly namespaces: readonly string[];
  readonly clusters: readonly string[];
  /** True: every list that is given must fit; else any. */
  readonly all: boolean;
  /** A person may sync although the window forbids it. */
  readonly manualSync: boolean;
  /** A sync that began when it was allowed may go on. */
  readonly syncOverrun: boolean;
}

/** A cluster as rules of a project name it. */
export interface Target {
  /** Every URL that it is known by, such as `https://kubernetes.default.svc` for the worker's own. */
  readonly servers: readonly string[];
  readonly names: readonly string[];
  /** Set for a cluster that only one project may use. */
  readonly project?: string;
  /** Only these namespaces may be delivered to; absent: all. */
  readonly namespaces?: readonly string[];
  /** With `namespaces`: whether cluster-scoped objects may be delivered, too. */
  readonly clusterResources?: boolean;
}

const everything: KindRule = { group: '*', kind: '*' };

/** The project `default` of a worker without a policy: it allows everything. */
export function openProject(name: string): Project {
  return {
    name,
    sourceRepos: ['*'],
    destinations: [{ server: '*', name: '*', namespace: '*' }],
    clusterAllowed: [everything],
    clusterDenied: [],
    namespacedDenied: [],
    accounts: [],
    windows: [],
    notes: [],
  };
}
