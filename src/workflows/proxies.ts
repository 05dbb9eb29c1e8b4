import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ClusterActivities, ControlActivities, GitActivities, ObserveActivities } from '../activities';
import { clusterObserveQueue, clusterQueue, gitQueue, observeQueue } from '../messages/queues';

/**
 * First tries follow quickly, and the pauses grow slowly: a worker that was frozen may swallow several tries before the server gives
 * up on its polls, and each costs its heartbeat timeout already.
 */
const soon = {
  initialInterval: '200 milliseconds',
  backoffCoefficient: 1.5,
  maximumInterval: '10 seconds',
} as const;

/**
 * Activities that write: a short heartbeat, so that a dead worker is noticed in 2 s, and WAIT_CANCELLATION_COMPLETED, so that a
 * rollback never overtakes a write in flight (the SDK's real default is TRY_CANCEL).
 */
export function writing(cluster: string) {
  return proxyActivities<ClusterActivities>({
    taskQueue: clusterQueue(cluster),
    startToCloseTimeout: '24 hours',
    heartbeatTimeout: '2 seconds',
    retry: soon,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

/** Activities that only look: given up at once when they are no longer wanted. */
export function reading(cluster: string) {
  return proxyActivities<ClusterActivities>({
    taskQueue: clusterQueue(cluster),
    startToCloseTimeout: '24 hours',
    heartbeatTimeout: '2 seconds',
    retry: soon,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });
}

/** Writes of a sync: repeated for about half a minute, then the obstacle is shown and the sync is tried again later. */
export function applying(cluster: string) {
  return proxyActivities<ClusterActivities>({
    taskQueue: clusterQueue(cluster),
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '2 seconds',
    retry: { ...soon, maximumAttempts: 8 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

/** Questions with an end: after this long the answer is "cannot be reached". */
export function asking(cluster: string) {
  return proxyActivities<ClusterActivities>({
    taskQueue: clusterQueue(cluster),
    startToCloseTimeout: '2 minutes',
    scheduleToCloseTimeout: '3 minutes',
    heartbeatTimeout: '3 seconds',
    retry: {
      initialInterval: '500 milliseconds',
      backoffCoefficient: 2,
      maximumInterval: '10 seconds',
      maximumAttempts: 4,
    },
  });
}

/** Writes to Git and to forges: a few tries, then whoever asked says what is in the way, and tries again later. */
export const gitTrying = proxyActivities<GitActivities>({
  taskQueue: gitQueue,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '2 seconds',
  retry: { ...soon, maximumAttempts: 6 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Questions to forges, and what is no harm when it is not done. */
export const gitAsking = proxyActivities<GitActivities>({
  taskQueue: gitQueue,
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '30 seconds',
  heartbeatTimeout: '3 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 3 },
});

const watching = {
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '3 seconds',
  retry: soon,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

export const observing = proxyActivities<ObserveActivities>({ taskQueue: observeQueue, ...watching });

/** The watcher of one cluster. */
export function observingIn(cluster: string) {
  return proxyActivities<ObserveActivities>({ taskQueue: clusterObserveQueue(cluster), ...watching });
}

/** What does not belong to one cluster: asked of any worker. */
export const arranging = proxyActivities<ControlActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '2 minutes',
  // Without it, an attempt that a frozen worker has swallowed is noticed after those 30 seconds only.
  heartbeatTimeout: '2 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});
