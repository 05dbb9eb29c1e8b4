import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { lookSignal, repositoryObserverId } from '../messages/observer';
import type { Look } from './looks';

/** Signals the observer of a repository. Its workflow id is the repository: nobody has to be asked which applications there are. */
export function signalLook(client: Client, withinMs: number): Look {
  return async (repoUrl, heard) => {
    try {
      await client.connection.withDeadline(Date.now() + withinMs, () =>
        client.workflow.getHandle(repositoryObserverId(repoUrl)).signal(lookSignal, heard),
      );
      return true;
    } catch (error: unknown) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };
}
