import { applicationId } from '../messages/application';
import { ClientError } from './client-error';
import type { Subject } from './failures';

/** The application of this name. */
export function applicationSubject(name: string): Subject {
  return { workflowId: applicationId(name), missing: () => noApplication(name) };
}

/** The rollout of this workflow id, which a person knows as `target`. */
export function rolloutSubject(workflowId: string, target: string): Subject {
  const missing = () => (target === workflowId ? noRolloutOfId(workflowId) : noRollout(target));
  return { workflowId, missing };
}

/** The error for a name that no application has. */
export function noApplication(name: string): ClientError {
  const remedy = '`belay app list` shows the applications; `belay app create -f FILE` adds one';
  return new ClientError('ApplicationNotFound', `there is no application ${name}`, { remedy });
}

/** The error for an application that rolls nothing out now. */
export function noRollout(target: string): ClientError {
  const application = target.split('/')[0] ?? target;
  const remedy = `\`belay why ${application}\` says what it does now`;
  return new ClientError('NoRollout', `${target} has no rollout in progress`, { remedy });
}

function noRolloutOfId(workflowId: string): ClientError {
  const remedy = 'name the application instead: `belay app list`';
  return new ClientError('RolloutNotFound', `there is no ${workflowId} in progress`, { remedy });
}
