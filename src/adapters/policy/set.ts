import type { KubeObject } from '../../domain/kube-object';
import type { PolicyFinding, PolicyFlaw } from '../../domain/checks/findings';
import type { PolicyApplication, PolicyFile } from '../../ports/policies';

/**
 * Policies that are evaluated together. The worker's and the application's are two sets: rules of one neither see nor change those of
 * the other.
 */
export interface PolicySet {
  readonly isWorkers: boolean;
  readonly files: readonly PolicyFile[];
}

/** What rules are asked about. */
export interface Subject {
  readonly application: PolicyApplication;
  readonly revision: string;
  readonly objects: readonly KubeObject[];
}

/** What an engine says of one set; `isWorkers` is the set's. */
export interface EngineAnswer {
  readonly findings: readonly Omit<PolicyFinding, 'isWorkers'>[];
  readonly flaws: readonly Omit<PolicyFlaw, 'isWorkers'>[];
}
