import { setWorkflowOptions } from '@temporalio/workflow';
import { application } from './application';
import { observer, repositoryObserver } from './observers';
import { release } from './release';
import { releases } from './releases';
import { repository } from './repository';

/*
 * The workflows for workers with a deployment version (`belay worker --deployment`). These workers bind every workflow to the version
 * that began it; entities, which never end, say here that they move on. It is that way round because the SDK answers a task that has
 * nothing for the workflow, such as the late end of an activity that was called off, by itself and with the worker's default: a rollout
 * that had to say that it is bound would be set free by it. An application
 * that has called off a wait of a sync can be bound by it until its next task; `belay doctor` names one that is left so.
 *
 * A bundle of its own, as a worker without a version must not say any of this: the server refuses its answer, and the workflow would
 * stand still.
 */
export * from './index';

setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, application);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, observer);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, repositoryObserver);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, release);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, releases);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, repository);
