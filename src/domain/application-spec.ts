/** What a team asks for: one path of a Git repository delivered to one namespace of one cluster. */
export interface ApplicationSpec {
  readonly name: string;
  readonly project: string;
  readonly source: SourceSpec;
  readonly destination: Destination;
  /** Absent: syncs only when a person asks (as in Argo CD). */
  readonly automated?: AutomatedSync;
  /** `syncOptions: [CreateNamespace=true]`. */
  readonly createNamespace: boolean;
  /** Entries of history kept; Argo CD's default is 10. */
  readonly revisionHistoryLimit: number;
  /** What happens to Git after a failed rollout: annotation `belay.dev/write-back`, default `revert`. */
  readonly writeBack: WriteBackPolicy;
}

export interface SourceSpec {
  readonly repoUrl: string;
  /** Normalised: no leading or trailing slash, `.` for the repository's root. */
  readonly path: string;
  /** Branch, tag, full ref, SHA or `HEAD`. */
  readonly targetRevision: string;
  readonly recurse: boolean;
}

export interface Destination {
  /** URL of the API server; `https://kubernetes.default.svc` means the worker's own cluster. */
  readonly server?: string;
  /** Name of a cluster known to the worker; `in-cluster` means its own. */
  readonly name?: string;
  readonly namespace: string;
}

export interface AutomatedSync {
  readonly prune: boolean;
  readonly selfHeal: boolean;
  readonly allowEmpty: boolean;
}

export type WriteBackPolicy = 'revert' | 'hold' | 'off';
