import type { ApplicationSpec } from './application-spec';
import type { ApplicationState } from './application-state';

export type SyncWord = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthWord = 'Healthy' | 'Progressing' | 'Suspended' | 'Missing' | 'Degraded' | 'Unknown';

/** What `app get` shows: the answer of the `status` query. Times are epoch milliseconds. */
export interface ApplicationStatus {
  readonly spec: ApplicationSpec;
  readonly state: ApplicationState;
  readonly sync: SyncWord;
  readonly health: HealthWord;
  /** True while the application waits for a person. */
  readonly held: boolean;
  /** What it does right now, or undefined when idle. */
  readonly operation?: Operation;
  /** One sentence: what happened or what is waited for. */
  readonly message: string;
  readonly since: number;
  /** Workflow ids of the rollouts in progress. */
  readonly rollouts: readonly string[];
}

export interface Operation {
  readonly kind: 'sync' | 'rollout' | 'rollback' | 'heal' | 'restore' | 'restart' | 'delete';
  readonly revision?: string;
  readonly message: string;
  readonly since: number;
}
