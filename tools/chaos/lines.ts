/*
 * Lines: real sockets between a worker and what it works with, which the adversary may watch, cut, slow down and bend. Nothing of the
 * worker knows of them: it is told another address.
 */

/** Where in an activity something is done. */
export type Moment =
  /** The task was handed out by Temporal and has not reached the worker. */
  | 'before'
  /** The worker has the task, and has sent its first request to the cluster or to Git since; without any, half of its usual time has gone. */
  | 'middle'
  /** The worker has done it, and its answer has not reached Temporal. */
  | 'after';

/** An activity of one worker at such a moment. */
export interface ActivityMoment {
  readonly moment: Moment;
  readonly activity: string;
  readonly workflowId: string;
  readonly attempt: number;
}

/** A line that can be closed for all traffic; open connections break, and new ones are refused until it is mended. */
export interface Cuttable {
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** One worker's line to Temporal: it passes gRPC on and sees which activity begins and ends. */
export interface TemporalLine extends Cuttable {
  /** `host:port`, for `TEMPORAL_ADDRESS`. */
  readonly address: string;
  /** Called at each moment; what passes the line waits for what it answers, so that a killed worker never gets the task, or never gives its answer. */
  onActivity(strike: (moment: ActivityMoment) => Promise<void> | void): void;
  /** The worker has spoken to the cluster or to Git: what it works on is in its middle. */
  touched(): void;
}

/** How the API server misbehaves. */
export type ApiFault =
  /** Answers writes (`writes`) or everything with this status, as the API server words it. */
  | { readonly kind: 'status'; readonly code: 409 | 429 | 500 | 503; readonly writes?: boolean }
  /** Breaks off every watch, and each new one after so many milliseconds. */
  | { readonly kind: 'drop-watches'; readonly afterMs: number }
  /** Answers lists and reads as they were when the fault began. */
  | { readonly kind: 'stale-lists' }
  | { readonly kind: 'slow'; readonly ms: number };

/** A worker's line to the API server of a local cluster. */
export interface ApiLine extends Cuttable {
  /** A kubeconfig file with the context `belay-local` that leads through the line. */
  readonly kubeconfig: string;
  /** Until it is called with nothing. */
  misbehave(fault?: ApiFault): void;
  /** Called at each request that is not a watch. */
  onRequest(listener: (request: { readonly method: string; readonly path: string }) => void): void;
}

export type GitFault =
  | { readonly kind: 'status'; readonly code: 500 | 503 }
  | { readonly kind: 'slow'; readonly ms: number }
  /** The push is received whole and takes effect; the answer never comes. */
  | { readonly kind: 'drop-after-receive' };

/** Serves bare repositories below a directory over HTTP, anonymously. */
export interface GitLine extends Cuttable {
  /** `http://…/`; a repository is `<url><name>.git`. */
  readonly url: string;
  misbehave(fault?: GitFault): void;
  onRequest(listener: () => void): void;
}
