import { defineSignal } from '@temporalio/workflow';
import { normaliseRepoUrl } from '../domain/repo-url';
import type { ProposalWanted } from '../domain/write-back/proposal';
import type { RestoreRequest } from '../ports/git';

/** Workflow type of the one writer of a branch. */
export const repositoryWorkflow = 'repository';

/** `repo/<normalised url>#<branch>`: all spellings of a repository share one writer. */
export function repositoryId(repoUrl: string, branch: string): string {
  return `repo/${normaliseRepoUrl(repoUrl)}#${branch.replace(/^refs\/heads\//, '')}`;
}

/** What a writer starts with; `queue` is there after a continue-as-new. */
export interface RepositoryInput {
  readonly queue?: readonly QueuedRestoreMessage[];
}

/** A request in the queue of a branch. */
export interface QueuedRestoreMessage {
  readonly requestId: string;
  readonly replyTo: string;
  readonly request: RestoreRequest;
  /** Absent: only a push, and where it is refused that is the answer. */
  readonly proposal?: ProposalWanted;
}

export const restoreSignal = defineSignal<[QueuedRestoreMessage]>('restore');
