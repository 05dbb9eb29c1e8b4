/** What `belay worker` is told. */
export interface WorkerOptions {
  /** Contexts of the kubeconfig, the first one being the worker's own cluster; undefined: the pod's own cluster, inside one. */
  readonly context?: readonly string[];
  readonly kubeconfig?: string;
  /** Deliver to this namespace of those contexts only, and watch no other. */
  readonly namespace?: string;
  /** Serve the clusters that Argo CD's Secrets in the first cluster name, too. */
  readonly clusterSecrets?: boolean;
  /** Where those Secrets are; default `argocd`. */
  readonly argocdNamespace?: string;
  /** Take credentials of repositories from Argo CD's repository Secrets in the first cluster. */
  readonly repositorySecrets?: boolean;
  /** Chart repositories that applications may name: URL prefixes or hosts; undefined: all. */
  readonly allowCharts?: readonly string[];
  /** Repositories, or hosts, that kustomizations may take bases from. */
  readonly allowBases?: readonly string[];
  /** File with Argo CD's ConfigMap `argocd-cm`: its health scripts and ignored differences hold. */
  readonly argocdCm?: string;
  /** Directory of AppProjects: what applications may use. */
  readonly policy?: string;
  /** Directory of policies in Rego and CEL, which hold for every application. */
  readonly policies?: string;
  /** File or directory with users' own rules of health. */
  readonly healthScripts?: string;
  /** Where mirrors of repositories are kept; undefined: the cache directory of the user. */
  readonly dataDir?: string;
  /** How often Git is looked at; default 10 s. */
  readonly pollMs?: number;
  /** JSON file that names credentials for Git: `read`, `write`, `charts` and `forges` lists of variables and files, never secrets. */
  readonly gitCredentials?: string;
  /** File of the keys that payloads are encrypted with; undefined: what BELAY_PAYLOAD_KEYS_FILE names, else plain payloads. */
  readonly payloadKeys?: string;
  /** Temporal's deployment version of this worker; undefined: workers have no versions. */
  readonly version?: { readonly deploymentName: string; readonly buildId: string };
  /** Port of the health endpoint; undefined: none. */
  readonly healthPort?: number;
  /** Port for webhooks, with `webhookSecrets`; undefined: none. */
  readonly webhookPort?: number;
  /** JSON file that names the secrets of webhooks. */
  readonly webhookSecrets?: string;
  readonly logLevel: LogLevel;
}

/** What `belay dev` is told. */
export interface DevOptions {
  /** A context of the kubeconfig; undefined: a local cluster is started. */
  readonly context?: string;
  readonly kubeconfig?: string;
  /** Directory that gets `.belay/`; absolute. */
  readonly dir: string;
  /** How often Git is looked at. */
  readonly pollMs: number;
  readonly logLevel: LogLevel;
}

/** From silent to chatty. */
export type LogLevel = (typeof logLevels)[number];

/** The words of `--log-level`. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
