import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { GitActivities } from '../activities';
import { gitQueue } from '../messages/queues';
import type { CommitStatus } from '../ports/forge';

/** A forge that is away for longer is not waited for: nothing depends on it. */
const { setCommitStatus } = proxyActivities<GitActivities>({
  taskQueue: gitQueue,
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '2 minutes',
  heartbeatTimeout: '3 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '20 seconds' },
});

/** Tells the forge how a commit stands, also when all else was called off; answers in words how that went, and never fails. */
export async function telling(status: CommitStatus): Promise<string> {
  const summary = `tell the forge: ${status.state}`;
  try {
    const told = await CancellationScope.nonCancellable(() =>
      setCommitStatus.executeWithOptions({ summary }, [status]),
    );
    switch (told.kind) {
      case 'set':
        return 'set';
      case 'unknown':
        return `not set: no forge is known for ${told.host}`;
      case 'none':
        return 'not set: the worker knows no forge';
    }
  } catch (error: unknown) {
    let cause: unknown = error;
    while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
    return `not set: ${cause instanceof Error ? cause.message : 'the forge did not answer'}`;
  }
}
