/*
 * What a story has left behind, as it is seen from outside: the API server, Git and Temporal's histories are asked themselves, on lines
 * that the adversary does not touch.
 */

export interface SeenWorkload {
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly ready: number;
  readonly updated: number;
  readonly paused: boolean;
  /** It says that it is the new version of another one. */
  readonly isCanary: boolean;
}

export interface SeenReplicaSet {
  readonly name: string;
  readonly replicas: number;
  /** A promotion has taken it out of its Deployment and not given it back. */
  readonly isParked: boolean;
}

/** What was seen of the pods and of the users' Service while the story was told, without a gap. */
export interface SeenPods {
  /** Names of the pods that ran when the first version was out. */
  readonly first: readonly string[];
  /** Of those, the ones that are there now and ready. */
  readonly firstNow: readonly string[];
  /** How many pods of the new version ever existed. */
  readonly everNew: number;
  /** The lowest number of ready endpoints that the users' Service had. */
  readonly lowest: number;
  /** Restarts of containers of any pod of the first version. */
  readonly restarts: number;
}

export interface SeenCluster {
  readonly workloads: readonly SeenWorkload[];
  readonly replicaSets: readonly SeenReplicaSet[];
  /** Service → selector. */
  readonly selectors: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly ingresses: readonly string[];
}

export interface SeenCommit {
  readonly revision: string;
  /** Trailer `Belay-Bad-Revision`; undefined for a commit of people. */
  readonly bad?: string;
  readonly runs: readonly string[];
}

export interface SeenGit {
  /** Tree of the application's path at the head of the branch. */
  readonly tree: string;
  /** The same of the revision that must be in effect. */
  readonly wantedTree: string;
  /** What came after the last commit of people, oldest first. */
  readonly after: readonly SeenCommit[];
}

export interface SeenApplication {
  readonly sync: string;
  readonly health: string;
  readonly held: boolean;
  readonly isBusy: boolean;
  readonly message: string;
}

export interface SeenHistory {
  readonly workflowId: string;
  readonly runId: string;
  /** As Temporal names it: `RUNNING`, `COMPLETED`, `CONTINUED_AS_NEW`… */
  readonly status: string;
  readonly events: number;
  /** Bytes of the largest payload. */
  readonly largestPayload: number;
  /** Cause and message of each WorkflowTaskFailed. */
  readonly taskFailures: readonly string[];
}

export interface View {
  readonly cluster: SeenCluster;
  readonly pods: SeenPods;
  readonly git: SeenGit;
  readonly application: SeenApplication | undefined;
  readonly histories: readonly SeenHistory[];
}

/** How a story must have ended. */
export interface Expected {
  /** Tag of the image that users get. */
  readonly tag: 'v1' | 'v2';
  readonly replicas: number;
  /** The revision that had to be reverted, once; undefined: Belay has no reason to commit. */
  readonly bad?: string;
  /** The pods of the first version were not to be touched. */
  readonly keepsFirst: boolean;
  /** Pods of the new version that had to start, each once; undefined: any number. */
  readonly newPods?: number;
  /** Ready endpoints that the users' Service had to have at every moment. */
  readonly leastReady: number;
  /** Selectors of the Services in Git. */
  readonly selectors: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly ingresses: readonly string[];
}
