export { createHealthScripts } from './health-scripts';
export { loadHealthScripts } from './load-scripts';
