import type { DataConverter, WorkerDeploymentVersion } from '@temporalio/common';
import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions,
} from '@temporalio/worker';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  createControlActivities,
  createGitActivities,
  createObserveActivities,
  createWatchActivities,
} from '../activities';
import { createActivitiesForProjects } from '../activities/for-project';
import { KnownLive } from '../activities/known-live';
import type { Ports } from '../activities/ports';
import { clusterObserveQueue, clusterQueue, gitQueue, observeQueue, workflowQueue } from '../messages/queues';
import { bundling } from './bundling';

/**
 * Made by the build (tools/bundle.ts), so that start-up does not bundle and every worker runs the same code: `-versioned` lets
 * entities move on from the worker's version, failures of `-encoded` carry their messages where the codec encrypts them.
 */
const bundlePath = join(__dirname, '..', '..', 'workflow-bundle');

const polls = 2;

export interface RunOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** The worker's version; absent: it has none. */
  readonly version?: WorkerDeploymentVersion;
  /** Absent: payloads as they are. */
  readonly dataConverter?: DataConverter;
}

/** Workers of the task queues that belong to no cluster: workflows, Git writes, observers of repositories. */
export function createSharedWorkers(
  options: RunOptions,
  ports: Omit<Ports, 'cluster'>,
): Promise<readonly Worker[]> {
  const common = commonOptions(options);
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: workflowQueue,
      ...workflowSource(options),
      maxCachedWorkflows: 1_500,
      activities: createControlActivities(ports),
    }),
    Worker.create({ ...common, taskQueue: gitQueue, activities: createGitActivities(ports) }),
    Worker.create({
      ...common,
      taskQueue: observeQueue,
      activities: createObserveActivities(ports),
      maxConcurrentActivityTaskExecutions: 1000,
      // What ends a turn of an observer comes with the answer to a heartbeat.
      maxHeartbeatThrottleInterval: '200ms',
      defaultHeartbeatThrottleInterval: '200ms',
    }),
  ]);
}

/** Workers of one cluster's task queues: its activities, held to the policy, and its observer. */
export function createClusterWorkers(options: RunOptions, given: Ports): Promise<readonly Worker[]> {
  const ports = { ...given, knownLive: new KnownLive() };
  const common = commonOptions(options);
  const { id } = ports.cluster;
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: clusterQueue(id),
      activities: createActivitiesForProjects(ports),
      maxConcurrentActivityTaskExecutions: 500,
    }),
    Worker.create({
      ...common,
      taskQueue: clusterObserveQueue(id),
      activities: createWatchActivities(ports),
      maxConcurrentActivityTaskExecutions: 10,
    }),
  ]);
}

function commonOptions({ connection, namespace, dataConverter, version }: RunOptions) {
  return {
    connection,
    namespace,
    ...(dataConverter === undefined ? {} : { dataConverter }),
    ...(version === undefined ? {} : { workerDeploymentOptions: versioned(version) }),
    stickyQueueScheduleToStartTimeout: '1s',
    // A frozen worker swallows one task for each of its open polls before the server gives up on it.
    maxConcurrentWorkflowTaskPolls: polls,
    maxConcurrentActivityTaskPolls: polls,
    shutdownGraceTime: '500ms',
    shutdownForceTime: '10s',
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  } satisfies Partial<WorkerOptions>;
}

/** A rollout is bound to the version that began it; entities say themselves that they move on (workflows/versioned.ts). */
function versioned(version: WorkerDeploymentVersion): WorkerDeploymentOptions {
  return { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' };
}

function workflowSource({
  dataConverter,
  version,
}: RunOptions): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'bundlerOptions'> {
  const versions = version === undefined ? '' : '-versioned';
  const encoding = dataConverter?.failureConverterPath === undefined ? '' : '-encoded';
  const codePath = `${bundlePath}${versions}${encoding}.js`;
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  const entry = require.resolve(version === undefined ? '../workflows' : '../workflows/versioned');
  const { workflowsPath, preloadModules } = bundling(entry);
  return { workflowsPath, bundlerOptions: { preloadModules } };
}
