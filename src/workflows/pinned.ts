import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';

/**
 * Binds each run of a workflow to the deployment version that began it, where workers have versions (`belay worker --deployment`). A
 * worker without a version must not say so: the server refuses its answer, and the workflow would stand still.
 */
export function pinToVersion<A extends unknown[], R>(workflow: (...args: A) => Promise<R>): void {
  setWorkflowOptions(() => {
    const name = workflowInfo().currentDeploymentVersion?.deploymentName ?? '';
    return name === '' ? {} : { versioningBehavior: 'PINNED' };
  }, workflow);
}
