/** Which cluster a worker delivers to. */
export interface ClusterChoice {
  /** A context of the kubeconfig; undefined: the pod's own cluster, inside one. */
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** What `belay worker` is told. */
export interface WorkerOptions extends ClusterChoice {
  /** Where mirrors of repositories are kept; undefined: the cache directory of the user. */
  readonly dataDir?: string;
  /** How often Git is looked at; default 10 s. */
  readonly pollMs?: number;
  /** JSON file that names credentials for Git: `read` and `write` lists of variables and files, never secrets. */
  readonly gitCredentials?: string;
  /** Port of the health endpoint; undefined: none. */
  readonly healthPort?: number;
  readonly logLevel: LogLevel;
}

/** What `belay dev` is told. */
export interface DevOptions extends ClusterChoice {
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
