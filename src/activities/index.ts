import { createAnalysing } from './analyse';
import { createBookkeeping } from './bookkeeping';
import { createCanaryBack } from './canary-back';
import { createCanaryForward } from './canary-forward';
import { createChecks } from './check-jobs';
import { createChildren } from './children';
import { createCommitStatus } from './check-status';
import { createDiff } from './diff';
import { createResolving } from './destination';
import { createExperiments } from './experiments';
import { createGitWriting } from './git-writing';
import { createHooks } from './hooks';
import { createInPlace } from './in-place';
import { createLoader, type LoadRevision } from './load';
import { createObserveCluster } from './observe-cluster';
import { createObserveRepository } from './observe-repository';
import { createPlanRevision } from './plan-revision';
import type { Ports } from './ports';
import { createReleaseQuestions } from './release-questions';
import { createRestart } from './restart';
import { createRolling } from './rolling';
import { createStandby } from './standby';
import { createApplier, createSync } from './sync';
import { createSyncHooks } from './sync-hooks';
import { createSyncWait } from './sync-wait';
import { createTellReleases } from './tell-releases';
import { createUndoSyncHooks } from './undo-sync-hooks';

/** Activities of one cluster's queue. */
export function createClusterActivities(ports: Ports, load: LoadRevision = createLoader(ports)) {
  const tools = { ports, load };
  const apply = createApplier(ports, load);
  return {
    ...createPlanRevision(ports, load, apply),
    ...createSync(ports, apply),
    ...createSyncHooks(ports, load),
    ...createUndoSyncHooks(ports, load),
    ...createSyncWait(ports, load),
    ...createDiff(ports, load),
    ...createChecks(ports, load),
    ...createChildren(ports),
    ...createBookkeeping(ports),
    ...createTellReleases(ports),
    ...createCanaryForward(tools),
    ...createCanaryBack(tools),
    ...createStandby(tools),
    ...createRolling(tools),
    ...createInPlace(tools),
    ...createAnalysing(tools),
    ...createHooks(tools),
    ...createExperiments(tools),
    ...createRestart(ports),
  };
}

/** Activities that any worker can do: they belong to no cluster. */
export function createControlActivities(ports: Omit<Ports, 'cluster'>) {
  return { ...createResolving(ports), ...createReleaseQuestions(ports) };
}

/** Activities of the Git write queue. */
export function createGitActivities(ports: Omit<Ports, 'cluster'>) {
  return { ...createGitWriting(ports), ...createCommitStatus(ports) };
}

/** Activities of a cluster's observer queue. */
export function createWatchActivities(ports: Ports) {
  return createObserveCluster(ports);
}

/** Activities of the queue of the observers of repositories. */
export function createObserveActivities(ports: Omit<Ports, 'cluster'>) {
  return createObserveRepository(ports);
}

export type ClusterActivities = ReturnType<typeof createClusterActivities>;
export type ControlActivities = ReturnType<typeof createControlActivities>;
export type GitActivities = ReturnType<typeof createGitActivities>;
export type ObserveActivities = ReturnType<typeof createObserveActivities> &
  ReturnType<typeof createWatchActivities>;
