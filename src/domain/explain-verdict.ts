import type { ApplicationStatus } from './application-status';
import type { HistoryEntry } from './application-state';
import type { ProblemCode } from './problem';

/** Where an application stands for somebody who waits: `failed` stays so until a person or a commit changes it. */
export type Verdict = 'healthy' | 'pending' | 'failed';

/** Problems that may pass by themselves. */
const passing: readonly ProblemCode[] = ['Unreachable', 'Conflict'];

/** Judges an application as it is now, whatever revision it runs. */
export function judgeApplication(status: ApplicationStatus): Verdict {
  if (status.operation !== undefined || status.rollouts.length > 0) return 'pending';
  if (status.held) return 'failed';
  if (status.state.problems.some((problem) => !passing.includes(problem.code))) return 'failed';
  if (status.health === 'Degraded') return 'failed';
  return status.sync === 'Synced' && status.health === 'Healthy' ? 'healthy' : 'pending';
}

/** Judges whether this very revision has arrived: a healthy application that went back from it is a failure. */
export function judgeRevision(status: ApplicationStatus, revision: string): Verdict {
  const ended = status.state.history.find((entry) => entry.revision.startsWith(revision));
  if (ended !== undefined) return verdictOf(ended, status);
  const bad = Object.values(status.state.quarantine).some((entry) => entry.revision.startsWith(revision));
  if (bad) return 'failed';
  const here = status.state.synced?.startsWith(revision) === true;
  const now = judgeApplication(status);
  return here || now === 'failed' ? now : 'pending';
}

function verdictOf({ result }: HistoryEntry, status: ApplicationStatus): Verdict {
  if (result === 'synced') return judgeApplication(status);
  return result === 'promoted' ? 'healthy' : 'failed';
}
