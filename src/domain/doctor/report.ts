/** What `belay doctor` looks at, in the order in which one thing stands on another. */
export const doctorChecks = [
  'temporal',
  'searchAttributes',
  'queues',
  'versions',
  'workflowTasks',
  'activities',
  'histories',
  'applications',
] as const;

export type DoctorCheck = (typeof doctorChecks)[number];

/** One thing that is not as it should be. */
export interface Finding {
  readonly check: DoctorCheck;
  readonly what: string;
  readonly why: string;
  /** Epoch milliseconds; absent where nobody knows. */
  readonly since?: number;
  readonly remedy: string;
  /** Applications, or ids of workflows that belong to none, that do not go on because of it. */
  readonly affects: readonly string[];
}

/** What was looked at and what was found; with no findings all is well. */
export interface DoctorReport {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly where: string;
  readonly isWell: boolean;
  /** Each check that was made, with what it looked at: `5 of 6 have a worker`. */
  readonly checks: readonly {
    readonly check: DoctorCheck;
    readonly looked: string;
    readonly findings: number;
  }[];
  readonly findings: readonly Finding[];
}
