import type { NativeConnection } from '@temporalio/worker';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  createClusterActivities,
  createControlActivities,
  createGitActivities,
  createObserveActivities,
} from '../activities';
import type { Ports } from '../activities/ports';
import { clusterQueue, gitQueue, observeQueue, workflowQueue } from '../messages/queues';

/** Made by the build, so that start-up does not bundle and every worker runs the same code. */
const bundlePath = join(__dirname, '..', '..', 'workflow-bundle.js');

const polls = 2;

export interface RunOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly ports: Ports;
}

/** Workers of all task queues in one process: workflows, this cluster's activities, Git writes, observers. */
export async function createWorkers({
  connection,
  namespace,
  ports,
}: RunOptions): Promise<readonly Worker[]> {
  const common: Partial<WorkerOptions> & Pick<WorkerOptions, 'connection' | 'namespace'> = {
    connection,
    namespace,
    stickyQueueScheduleToStartTimeout: '1s',
    // A frozen worker swallows one task for each of its open polls before the server gives up on it.
    maxConcurrentWorkflowTaskPolls: polls,
    maxConcurrentActivityTaskPolls: polls,
    shutdownGraceTime: '500ms',
    shutdownForceTime: '10s',
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  };
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: workflowQueue,
      ...workflowSource(),
      maxCachedWorkflows: 500,
      activities: createControlActivities(ports),
    }),
    Worker.create({
      ...common,
      taskQueue: clusterQueue(ports.cluster.id),
      activities: createClusterActivities(ports),
      maxConcurrentActivityTaskExecutions: 500,
    }),
    Worker.create({ ...common, taskQueue: gitQueue, activities: createGitActivities(ports) }),
    Worker.create({
      ...common,
      taskQueue: observeQueue,
      activities: createObserveActivities(ports),
      maxConcurrentActivityTaskExecutions: 1000,
    }),
  ]);
}

function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  if (existsSync(bundlePath)) return { workflowBundle: { codePath: bundlePath } };
  return { workflowsPath: require.resolve('../workflows') };
}

/** Runs until all have stopped; when one fails, the others are stopped and the failure is thrown. */
export async function runTogether(workers: readonly Worker[]): Promise<void> {
  const stopAll = (): void =>
    workers.filter((each) => each.getState() === 'RUNNING').forEach((each) => each.shutdown());
  const results = await Promise.allSettled(workers.map((each) => each.run().finally(stopAll)));
  const failed = results.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
