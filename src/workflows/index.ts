export { application } from './application';
export { check } from './check';
export { diff } from './diff';
export { observer, repositoryObserver } from './observers';
export { preview } from './preview';
export { release } from './release';
export { releases } from './releases';
export { repository } from './repository';
export { rollout } from './rollout';
