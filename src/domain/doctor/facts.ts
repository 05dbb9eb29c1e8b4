/** What `belay doctor` has seen; times are epoch milliseconds. */
export interface DoctorFacts {
  readonly now: number;
  /** Where it was looked: `127.0.0.1:7233, namespace default`. */
  readonly where: string;
  /** Search attributes of Belay that the namespace does not have. */
  readonly missingAttributes: readonly string[];
  readonly queues: readonly QueueFacts[];
  readonly workflows: readonly WorkflowFacts[];
  /** Those that are neither healthy nor on their way, and those that have a reason. */
  readonly applications: readonly ApplicationFacts[];
}

/** A task queue and who has asked it for work within the last minutes. */
export interface QueueFacts {
  readonly queue: string;
  readonly kind: 'workflows' | 'git' | 'observers' | 'cluster' | 'clusterObserver';
  /** What people call the cluster of the last two kinds. */
  readonly cluster?: string;
  readonly pollers: readonly PollerFacts[];
  /** `NAME:ID` of the deployment version that gets new work; absent: workers without a version. */
  readonly current?: string;
  /** When work of this queue was last heard of otherwise, such as by the heartbeat of a watcher. */
  readonly heardAt?: number;
  /** Nobody answered a question, though there may be somebody who has asked for work lately. */
  readonly isSilent?: boolean;
  /** Applications whose work goes through this queue. */
  readonly applications: readonly string[];
}

export interface PollerFacts {
  readonly identity: string;
  /** When it last asked; a poll that waits is asked anew within a minute. */
  readonly at: number;
  /** `NAME:ID` of a versioned worker. */
  readonly version?: string;
}

/** A running workflow. */
export interface WorkflowFacts {
  readonly id: string;
  readonly type: string;
  readonly application?: string;
  readonly since: number;
  readonly events: number;
  /** `NAME:ID` of the deployment version that alone may go on with it. */
  readonly pinnedTo?: string;
  /** The workflow task that is tried again and again. */
  readonly task?: AttemptFacts;
  readonly activities: readonly (AttemptFacts & { readonly type: string })[];
}

export interface AttemptFacts {
  readonly attempt: number;
  readonly since?: number;
  /** What the last attempt failed with, without secrets. */
  readonly why?: string;
}

export interface ApplicationFacts {
  readonly name: string;
  readonly state: 'held' | 'problem' | 'degraded' | 'unanswered';
  readonly why: string;
  readonly since?: number;
}
