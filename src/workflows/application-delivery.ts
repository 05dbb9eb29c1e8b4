import type { RevisionPlan } from '../domain/revision-plan';
import type { RolloutsResult } from './rollout-ends';

export interface SyncOptions {
  readonly prune: boolean;
  /** A person asked: a hold ends. */
  readonly isAsked: boolean;
  /** Objects that ask for it by `Prune=confirm` may go. */
  readonly confirmed?: boolean;
}

/** How far a sync got; `refused`: a person must mend something, or something did not answer, and the problems are noted. */
export type Delivered = RolloutsResult | { readonly kind: 'refused' };

/** What an activity needs to find the revision. */
export function revisionOf({ revision, pins }: RevisionPlan): {
  readonly revision: string;
  readonly pins?: readonly string[];
} {
  return pins === undefined ? { revision } : { revision, pins };
}
