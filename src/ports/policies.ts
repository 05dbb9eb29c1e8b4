import type { KubeObject } from '../domain/kube-object';
import type { PolicyFinding, PolicyFlaw } from '../domain/checks/findings';

/** A file of policies: `*.rego`, `*.cel`, or a list of CEL rules in `*.yaml`. */
export interface PolicyFile {
  /** As a person finds it. */
  readonly path: string;
  readonly content: string;
}

/** What policies are asked about: one revision of one application. */
export interface PolicyQuestion {
  readonly application: PolicyApplication;
  readonly revision: string;
  /** As rendered; findings name them by their index. */
  readonly objects: readonly KubeObject[];
  /** Where the application keeps policies of its own; those of the worker hold in any case. */
  readonly folder?: PolicyFolder;
}

export interface PolicyFolder {
  readonly repoUrl: string;
  /** A commit. */
  readonly revision: string;
  /** From the root of the repository. */
  readonly path: string;
}

/** What rules see as `application`. */
export interface PolicyApplication {
  readonly name: string;
  readonly project: string;
  /** Of the destination. */
  readonly namespace: string;
  readonly repoUrl: string;
  readonly path: string;
}

export interface PolicyAnswer {
  readonly findings: readonly PolicyFinding[];
  /** Policies that could not be evaluated: with any of them, nothing may be written. */
  readonly flaws: readonly PolicyFlaw[];
}

/**
 * Policies over a whole revision. Values of Secrets are hidden from them. Throws PortError when Git
 * cannot be reached.
 */
export interface Policies {
  check(question: PolicyQuestion, signal: AbortSignal): Promise<PolicyAnswer>;
}
