import type { CommitStatus, StatusSet } from '../ports/forge';
import { beating } from './beating';
import type { Ports } from './ports';

export type StatusAnswer = StatusSet | { readonly kind: 'none' };

/** Tells forges how commits stand: on the queue whose workers hold credentials for Git. */
export function createCommitStatus({ forge }: Pick<Ports, 'forge'>) {
  return {
    /** `none`: this worker knows no forge at all. Told twice is told once. */
    setCommitStatus: beating(async (status: CommitStatus, { signal }): Promise<StatusAnswer> => {
      if (forge === undefined) return { kind: 'none' };
      return forge.setStatus(status, signal);
    }),
  };
}
