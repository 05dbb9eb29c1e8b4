import type { PollerFacts, QueueFacts } from '../domain/doctor/facts';
import { clusterObserverId, clusterObserverWorkflow, repositoryObserverWorkflow } from '../messages/observer';
import { clusterObserveQueue, clusterQueue, gitQueue, observeQueue, workflowQueue } from '../messages/queues';
import { ask, millisOf } from './doctor-ask';
import type { SeenWorkflow } from './doctor-workflows';
import { inParallel } from './in-parallel';
import type { Session } from './session';

const workflowTasks = 1;
const activityTasks = 2;
/** `WORKER_VERSIONING_MODE_VERSIONED`. */
const versioned = 2;
const questionsAtOnce = 16;

type Wanted = Omit<QueueFacts, 'pollers' | 'current' | 'applications'>;

/** The queues that this installation needs, and who asks them for work. */
export async function seeQueues(
  session: Session,
  workflows: readonly SeenWorkflow[],
): Promise<readonly QueueFacts[]> {
  const applications = workflows.flatMap(({ type, application }) =>
    type === 'application' && application !== undefined ? [application] : [],
  );
  return inParallel(wanted(workflows), questionsAtOnce, async (queue) => ({
    ...queue,
    ...(await ask(session, () => describe(session, queue))),
    applications,
  }));
}

/** Observers run for ever, so that they are the list of clusters. */
function wanted(workflows: readonly SeenWorkflow[]): readonly Wanted[] {
  const clusters = workflows.filter(({ type }) => type === clusterObserverWorkflow);
  const heard = workflows
    .filter(({ type }) => type === repositoryObserverWorkflow)
    .flatMap(({ heardAt }) => heardAt ?? []);
  return [
    { queue: workflowQueue, kind: 'workflows' },
    { queue: gitQueue, kind: 'git' },
    {
      queue: observeQueue,
      kind: 'observers',
      ...(heard.length === 0 ? {} : { heardAt: Math.max(...heard) }),
    },
    ...clusters.flatMap((observer): Wanted[] => {
      const id = observer.id.slice(clusterObserverId('').length);
      const cluster = observer.clusterNames?.find((name) => name !== 'in-cluster') ?? id;
      return [
        { queue: clusterQueue(id), kind: 'cluster', cluster },
        {
          ...{ queue: clusterObserveQueue(id), kind: 'clusterObserver', cluster },
          ...(observer.heardAt === undefined ? {} : { heardAt: observer.heardAt }),
        },
      ];
    }),
  ];
}

async function describe(
  { connection, temporal }: Session,
  { queue, kind }: Wanted,
): Promise<Pick<QueueFacts, 'pollers' | 'current'>> {
  const { pollers, versioningInfo } = await connection.workflowService.describeTaskQueue({
    namespace: temporal.options.namespace,
    taskQueue: { name: queue, kind: 1 },
    taskQueueType: kind === 'workflows' ? workflowTasks : activityTasks,
  });
  const current = versioningInfo?.currentDeploymentVersion;
  return {
    pollers: pollers.map(({ identity, lastAccessTime, deploymentOptions: options }): PollerFacts => ({
      identity: identity ?? '',
      at: millisOf(lastAccessTime) ?? 0,
      ...(options && Number(options.workerVersioningMode) === versioned
        ? { version: `${options.deploymentName}:${options.buildId}` }
        : {}),
    })),
    ...(current ? { current: `${current.deploymentName}:${current.buildId}` } : {}),
  };
}
