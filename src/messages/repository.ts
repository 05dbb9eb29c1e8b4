import { defineSignal } from '@temporalio/workflow';
import { normaliseRepoUrl } from '../domain/repo-url';
import type { RestoreRequest } from '../ports/git';

/** Workflow type of the one writer of a branch. */
export const repositoryWorkflow = 'repository';

/** `repo/<normalised url>#<branch>`: all spellings of a repository share one writer. */
export function repositoryId(repoUrl: string, branch: string): string {
  return `repo/${normaliseRepoUrl(repoUrl)}#${branch.replace(/^refs\/heads\//, '')}`;
}

/** A request in the queue of a branch. */
export interface QueuedRestoreMessage {
  readonly requestId: string;
  readonly replyTo: string;
  readonly request: RestoreRequest;
}

export const restoreSignal = defineSignal<[QueuedRestoreMessage]>('restore');
