import type { Membership } from './release/spec';

/** What a team asks for: one path of a Git repository delivered to one namespace of one cluster. */
export interface ApplicationSpec {
  readonly name: string;
  readonly project: string;
  /** The source that Git write-back is about: the first one in a Git repository with a path, else the first one. */
  readonly source: SourceSpec;
  /** What else is delivered with it, in the order of `spec.sources`; no object may come from two of them. */
  readonly otherSources?: readonly SourceSpec[];
  readonly destination: Destination;
  /** Absent: syncs only when a person asks (as in Argo CD). */
  readonly automated?: AutomatedSync;
  /** `syncOptions: [CreateNamespace=true]`. */
  readonly createNamespace: boolean;
  /** `syncPolicy.managedNamespaceMetadata`: kept on the namespace that CreateNamespace makes. */
  readonly namespaceMetadata?: NamespaceMetadata;
  /** `syncOptions` besides CreateNamespace; an object's own annotation overrides them. */
  readonly syncOptions?: SyncOptions;
  /** `syncPolicy.retry`; absent: what cannot be reached is tried for ever, what fails is not tried again. */
  readonly retry?: SyncRetry;
  /** A sync that takes longer fails: annotation `belay.dev/sync-timeout`, milliseconds. */
  readonly syncTimeoutMs?: number;
  /** Folder of policies in the primary source's repository, from its root: annotation `belay.dev/policies`. */
  readonly policies?: string;
  /** It comes out with others: annotations `belay.dev/release` and `belay.dev/depends-on`. */
  readonly release?: Membership;
  readonly ignoreDifferences?: readonly IgnoreDifferences[];
  /** Annotation `argocd.argoproj.io/manifest-generate-paths`: only commits that touch these change anything. Relative to the repository's root. */
  readonly generatePaths?: readonly string[];
  /** The same of each source apart, the primary one first, where there are several: the paths of one mean nothing in another's repository. */
  readonly generatePathsBySource?: readonly (readonly string[])[];
  /** `resources-finalizer.argocd.argoproj.io` is written: deleting the application deletes its objects. */
  readonly cascade?: boolean;
  /** Entries of history kept; Argo CD's default is 10. */
  readonly revisionHistoryLimit: number;
  /** What happens to Git after a failed rollout: annotation `belay.dev/write-back`, default `pull-request-if-protected`. */
  readonly writeBack: WriteBackPolicy;
  /** What more there is to say about it; absent: the defaults. */
  readonly writeBackOptions?: WriteBackOptions;
}

/** Where manifests come from, and what makes them: a directory, Kustomize, a Helm chart in Git or one of a chart repository. */
export interface SourceSpec {
  readonly repoUrl: string;
  /** Normalised: no leading or trailing slash, `.` for the repository's root (and for a chart of a chart repository). */
  readonly path: string;
  /** Branch, tag, full ref, SHA or `HEAD`; a semver range of tags; of a chart: its version or a semver range. */
  readonly targetRevision: string;
  /** `directory.recurse`. */
  readonly recurse: boolean;
  /** A chart of this name in the chart repository `repoUrl` (https:// with an index.yaml, or oci://). */
  readonly chart?: string;
  /** Other sources write `$<ref>/file` in their Helm value files and mean this repository. */
  readonly ref?: string;
  /** True where `ref` is given without a path: this source is only referred to and delivers nothing itself. */
  readonly refOnly?: boolean;
  readonly directory?: DirectoryOptions;
  readonly kustomize?: KustomizeOptions;
  readonly helm?: HelmOptions;
}

/** Globs as Argo CD reads them (gobwas/glob: `*` crosses `/`, `{a,b}` are alternatives). */
export interface DirectoryOptions {
  readonly include?: string;
  readonly exclude?: string;
}

/** `source.kustomize`: edits made to a copy of the kustomization before it is built (`kustomize edit`), as Argo CD does. */
export interface KustomizeOptions {
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  /** `name`, `name=newName`, `name:tag`, `name@digest` and their combinations. */
  readonly images?: readonly string[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly labelWithoutSelector?: boolean;
  readonly labelIncludeTemplates?: boolean;
  readonly forceCommonLabels?: boolean;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly commonAnnotationsEnvsubst?: boolean;
  readonly forceCommonAnnotations?: boolean;
  /** Each as written: `{target?, patch?, path?, options?}`. */
  readonly patches?: readonly Readonly<Record<string, unknown>>[];
  readonly components?: readonly string[];
  readonly ignoreMissingComponents?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

export interface HelmOptions {
  /** Default: the application's name. */
  readonly releaseName?: string;
  /** Relative to the chart, `/…` from the repository's root, `$ref/…` from another source. Later ones win. */
  readonly valueFiles?: readonly string[];
  readonly ignoreMissingValueFiles?: boolean;
  /** YAML text of `values`, or of `valuesObject`, which wins over it. Applied after the value files. */
  readonly values?: string;
  /** `--set`, or `--set-string` with `forceString`. Applied last. */
  readonly parameters?: readonly {
    readonly name: string;
    readonly value: string;
    readonly forceString?: boolean;
  }[];
  /** `--set-file`. */
  readonly fileParameters?: readonly { readonly name: string; readonly path: string }[];
  readonly skipCrds?: boolean;
  readonly skipTests?: boolean;
  readonly skipSchemaValidation?: boolean;
  /** Default: the destination's namespace. */
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

export interface NamespaceMetadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Argo CD's sync options, of an application or (by annotation `argocd.argoproj.io/sync-options`) of one object. Absent: not said. */
export interface SyncOptions {
  readonly validate?: boolean;
  readonly skipDryRunOnMissingResource?: boolean;
  readonly pruneLast?: boolean;
  readonly replace?: boolean;
  readonly force?: boolean;
  readonly serverSideApply?: boolean;
  readonly applyOutOfSyncOnly?: boolean;
  readonly prune?: boolean | 'confirm';
  readonly delete?: boolean | 'confirm';
  readonly clientSideApplyMigration?: boolean;
  readonly prunePropagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly respectIgnoreDifferences?: boolean;
  readonly failOnSharedResource?: boolean;
}

/** How often and how soon a failed sync is tried again; durations in milliseconds (Argo CD's defaults: 5, 5 s, 2, 3 min). */
export interface SyncRetry {
  /** Negative: for ever. */
  readonly limit: number;
  readonly durationMs: number;
  readonly factor: number;
  readonly maxDurationMs: number;
  /** Take the newest revision at each try. */
  readonly refresh: boolean;
}

/** One entry of `spec.ignoreDifferences`: which objects, and which of their fields. */
export interface IgnoreDifferences {
  readonly group: string;
  /** `*` matches every kind. */
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers: readonly string[];
  readonly jqPathExpressions: readonly string[];
  readonly managedFieldsManagers: readonly string[];
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

/**
 * `revert`: push a commit; where that is refused, hold. `pull-request`: open one and hold until it is merged or closed.
 * `pull-request-if-protected`: push, and where the branch is protected, or a hook or a rule of signatures refuses, open a pull request.
 * `hold`: write nothing, hold and say so. `off`: the same, for teams that never want Belay to write.
 */
export type WriteBackPolicy = 'revert' | 'pull-request' | 'pull-request-if-protected' | 'hold' | 'off';

export interface WriteBackOptions {
  /**
   * `belay.dev/write-back-confirm`, milliseconds: traffic goes back at once, and Git waits this long for a person's `retry` or a fix; a
   * second failure within it confirms the first.
   */
  readonly confirmMs?: number;
  /** `belay.dev/write-back-other-commits`: where the revert takes back other commits of the path too. Default `include`. */
  readonly otherCommits?: 'include' | 'pull-request';
  /** `belay.dev/pull-request-labels` and `-reviewers`, comma-separated; `belay.dev/pull-request-auto-merge: "true"`. */
  readonly labels?: readonly string[];
  readonly reviewers?: readonly string[];
  readonly autoMerge?: boolean;
}
