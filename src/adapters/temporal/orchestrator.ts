import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { mergeKinds } from '../../domain/watched-kinds';
import { applicationId } from '../../messages/application';
import * as observer from '../../messages/observer';
import { workflowQueue, workflowTaskTimeout } from '../../messages/queues';
import { repositoryId, repositoryWorkflow, restoreSignal } from '../../messages/repository';
import { memberSignal, releasesId, releasesWorkflow } from '../../messages/release';
import type { Kind } from '../../ports/cluster';
import type { Orchestrator } from '../../ports/orchestrator';
import { gathering } from './gathering';

/** Messages between workflows that need a client: a workflow cannot start another one by a signal itself. */
export function createOrchestrator(client: Client): Orchestrator {
  const { workflow } = client;
  const watchForAll = gathering(async (repoUrl: string, watched: readonly observer.Watched[]) => {
    await workflow.signalWithStart(observer.repositoryObserverWorkflow, {
      workflowId: observer.repositoryObserverId(repoUrl),
      taskQueue: workflowQueue,
      workflowTaskTimeout,
      args: [{ repoUrl, watched: [] }],
      signal: observer.watchSignal,
      signalArgs: [watched],
    });
  });
  const watchKinds = gathering(async (cluster: string, told: readonly (readonly Kind[])[]) => {
    await workflow.signalWithStart(observer.clusterObserverWorkflow, {
      workflowId: observer.clusterObserverId(cluster),
      taskQueue: workflowQueue,
      workflowTaskTimeout,
      args: [{ cluster }],
      signal: observer.watchKindsSignal,
      signalArgs: [told.reduce(mergeKinds, [])],
    });
  });
  return {
    async requestRestore(asked) {
      const { request } = asked;
      await workflow.signalWithStart(repositoryWorkflow, {
        workflowId: repositoryId(request.repoUrl, request.branch),
        taskQueue: workflowQueue,
        workflowTaskTimeout,
        signal: restoreSignal,
        signalArgs: [asked],
      });
    },
    watchRepository: ({ repoUrl, ...watched }) => watchForAll(repoUrl, watched),
    async forgetRepository({ application, repoUrl }) {
      const handle = workflow.getHandle(observer.repositoryObserverId(repoUrl));
      await ignoreMissing(handle.signal(observer.forgetSignal, { application }));
    },
    watchCluster: (cluster, kinds = []) => watchKinds(cluster, kinds),
    async signalApplication(name, signal, payload) {
      await ignoreMissing(workflow.getHandle(applicationId(name)).signal(signal, payload));
    },
    async tellReleases(name, member) {
      await workflow.signalWithStart(releasesWorkflow, {
        workflowId: releasesId(name),
        taskQueue: workflowQueue,
        workflowTaskTimeout,
        args: [{ name }],
        signal: memberSignal,
        signalArgs: [member],
      });
    },
    async describe(workflowId) {
      try {
        const { status } = await workflow.getHandle(workflowId).describe();
        switch (status.name) {
          case 'RUNNING':
          case 'CONTINUED_AS_NEW':
            return 'running';
          case 'COMPLETED':
            return 'completed';
          case 'TERMINATED':
            return 'terminated';
          default:
            return 'failed';
        }
      } catch (error: unknown) {
        if (error instanceof WorkflowNotFoundError) return 'missing';
        throw error;
      }
    },
  };
}

async function ignoreMissing(sent: Promise<void>): Promise<void> {
  try {
    await sent;
  } catch (error: unknown) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
