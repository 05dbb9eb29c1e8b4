import { setWorkflowOptions } from '@temporalio/workflow';
import { rollout } from './rollout';

/*
 * The workflows for workers with a deployment version (`belay worker --deployment`): a rollout is bound to the version that began it. A
 * bundle of its own, as a worker without a version must not say so (the server refuses its answer, and the workflow would stand
 * still), and nothing that a workflow is told of itself says reliably, when it is replayed, which kind of worker it runs on.
 */
export * from './index';

setWorkflowOptions({ versioningBehavior: 'PINNED' }, rollout);
