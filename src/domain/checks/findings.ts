/** Where a rule is written. */
export interface RulePlace {
  readonly rule: string;
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** Of the worker's own folder, not of the application's repository. */
  readonly isWorkers: boolean;
}

/** What a policy has found. */
export interface PolicyFinding extends RulePlace {
  /** `deny` refuses the revision. */
  readonly severity: 'deny' | 'warn';
  /** Index of the object; absent: about the whole revision. */
  readonly object?: number;
  readonly message: string;
  /** Such as `spec.replicas`. */
  readonly field?: string;
}

/** A policy that cannot be compiled, fails, or does not end. */
export interface PolicyFlaw {
  /** Absent: it is about all of them. */
  readonly file?: string;
  readonly line?: number;
  readonly isWorkers: boolean;
  /** Index of the object that it failed on. */
  readonly object?: number;
  readonly message: string;
}
