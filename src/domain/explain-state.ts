import type { ApplicationStatus, Operation } from './application-status';

const words: Readonly<Record<Operation['kind'], string>> = {
  sync: 'Syncing',
  rollout: 'Rolling out',
  rollback: 'Rolling back',
  heal: 'Healing',
  restore: 'Reverting Git',
  restart: 'Restarting pods',
  delete: 'Deleting',
};

/** One or two words for what an application does: `Held`, `Rolling out`, `Idle`. */
export function stateWords({ held, operation, rollouts }: ApplicationStatus): string {
  if (held) return 'Held';
  if (operation !== undefined) return words[operation.kind];
  return rollouts.length > 0 ? 'Rolling out' : 'Idle';
}
