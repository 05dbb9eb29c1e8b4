import type { ApplicationSpec } from '../domain/application-spec';
import type { ApplicationState } from '../domain/application-state';

/** Where mirrors are looked for. */
export interface MirrorOptions {
  /** Contexts of the kubeconfig; `in-cluster` inside a pod. */
  readonly contexts: readonly string[];
  readonly kubeconfig?: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Absent: all applications. */
  readonly names?: readonly string[];
}

/** A mirror that was found. */
export type FoundApplication = {
  readonly name: string;
  readonly namespace: string;
  readonly context: string;
} & (
  | {
      readonly kind: 'readable';
      readonly spec: ApplicationSpec;
      /** The one to go on from. */
      readonly state: ApplicationState;
      /** Workloads whose rollout was in the middle. */
      readonly interrupted: readonly string[];
    }
  | { readonly kind: 'broken'; readonly message: string; readonly remedy?: string }
);

/** What `belay abort --break-glass` is told. */
export interface BreakGlassOptions {
  readonly application: string;
  /** A context of the kubeconfig, which the user has named. */
  readonly context: string;
  readonly kubeconfig?: string;
  /** Where the application's mirror is; absent: wherever there is one. */
  readonly namespace?: string;
  /** Who asks: a claim. */
  readonly by: string;
  readonly reason?: string;
  readonly timeoutMs: number;
  /** Says a thing that was done, or what is waited for. */
  readonly say: (line: string) => void;
}

/** What became of each rollout that was in progress. */
export interface BrokenRollout {
  readonly workload: string;
  /** `timedOut`: fenced, and not yet as it should be; the same command goes on. */
  readonly kind: 'back' | 'refused' | 'timedOut';
  /** Why, for `refused` and `timedOut`. */
  readonly message?: string;
}
