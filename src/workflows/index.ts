export { application } from './application';
export { observer, repositoryObserver } from './observers';
export { repository } from './repository';
export { rollout } from './rollout';
