export { cleanUp, cleanUpExperiment } from './clean-up';
export { newDrillId } from './drill-id';
export { runDrill } from './run-drill';
