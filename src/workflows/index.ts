export { application } from './application';
export { check } from './check';
export { diff } from './diff';
export { observer, repositoryObserver } from './observers';
export { repository } from './repository';
export { rollout } from './rollout';
