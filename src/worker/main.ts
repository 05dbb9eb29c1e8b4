export { runDev } from './dev';
export { runWorker } from './worker';
