import {
  condition,
  continueAsNew,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { baseKinds, mergeKinds } from '../domain/watched-kinds';
import { concerns, type Heard } from '../domain/webhooks/concerns';
import {
  announceSignal,
  type ClusterObserverInput,
  forgetSignal,
  lookSignal,
  type RepositoryObserverInput,
  type Watched,
  watchKindsSignal,
  watchSignal,
} from '../messages/observer';
import { callOff } from './call-off';
import { observing, observingIn } from './proxies';

/**
 * Watches one cluster for drift and health: one leased, heartbeating activity, nothing else. It owns nothing and only signals. Its state
 * is the set of kinds to watch, which grows as applications tell theirs; whenever it has grown the activity is started anew and lists
 * everything again.
 */
export async function observer({ cluster, kinds: told = [] }: ClusterObserverInput): Promise<void> {
  let kinds = mergeKinds(baseKinds, told);
  setHandler(announceSignal, (announced) => upsertMemo({ announced }));
  setHandler(watchKindsSignal, (added) => void (kinds = mergeKinds(kinds, added)));
  for (let turn = 0; !workflowInfo().continueAsNewSuggested; turn += 1) {
    const watched = kinds;
    setCurrentDetails(
      `watching cluster ${cluster} for changes of Belay's objects: ${watched.map(({ kind }) => kind).join(', ')}`,
    );
    await watchUntil(
      () => kinds !== watched || workflowInfo().continueAsNewSuggested,
      () =>
        observingIn(cluster).observeCluster.executeWithOptions({ summary: `watch cluster ${cluster}` }, [
          { cluster, kinds: watched, turn },
        ]),
    );
  }
  const anew = makeContinueAsNewFunc<typeof observer>({ memo: workflowInfo().memo ?? {} });
  await anew({ cluster, kinds });
}

/** However many hints come: so long a repository is left alone after it was asked. In milliseconds. */
const betweenLooks = 1_000;

/**
 * Watches the refs of one repository for all its applications. The list of applications is its state; whenever it changes the
 * activity is started anew, and tells every application what its ref names. The same at a hint that some ref in use has changed:
 * at once, but no more than once a second. With nobody left it ends.
 */
export async function repositoryObserver({
  repoUrl,
  watched: first,
}: RepositoryObserverInput): Promise<void> {
  let watched: readonly Watched[] = first;
  let version = 0;
  let fresh: readonly Watched[] = [];
  setHandler(watchSignal, (added) => {
    fresh = [...fresh, added];
    const isOther = (each: Watched): boolean =>
      each.application !== added.application || each.source !== added.source;
    watched = [...watched.filter(isOther), added];
    version += 1;
  });
  let hints = 0;
  setHandler(lookSignal, (heard) => {
    if (watched.some((each) => mayConcern(each, heard))) hints += 1;
  });
  setHandler(forgetSignal, ({ application }) => {
    watched = watched.filter((each) => each.application !== application);
    version += 1;
  });
  await condition(() => watched.length > 0, '1 minute', { summary: 'for the first application' });
  for (let turn = 0; watched.length > 0 && !workflowInfo().continueAsNewSuggested; turn += 1) {
    const [seen, heard, askedAt] = [version, hints, Date.now()];
    const input = { repoUrl, watched, turn, fresh };
    fresh = [];
    // A hint that concerns nobody starts nothing anew, but is in the history as well.
    const isOutdated = (): boolean => version !== seen || workflowInfo().continueAsNewSuggested;
    setCurrentDetails(
      `asking ${repoUrl} for ${watched.map((each) => `${each.targetRevision} (${each.application})`).join(', ')}`,
    );
    await watchUntil(
      () => isOutdated() || hints !== heard,
      () => observing.observeRepository.executeWithOptions({ summary: `ls-remote ${repoUrl}` }, [input]),
    );
    const rest = askedAt + betweenLooks - Date.now();
    if (!isOutdated() && hints !== heard && rest > 0)
      await condition(isOutdated, rest, { summary: 'hints come faster than it is asked' });
  }
  if (watched.length > 0) await continueAsNew<typeof repositoryObserver>({ repoUrl, watched });
}

/** A hint without refs concerns everybody; a chart of a registry may be named by its digest, so that its tags say too little. */
function mayConcern({ targetRevision, chart }: Watched, heard: Heard | undefined): boolean {
  return heard === undefined || chart !== undefined || concerns(heard, targetRevision);
}

/** Runs a watching activity until it is outdated; one that ends by itself is started anew by the caller, a second later. */
async function watchUntil(isOutdated: () => boolean, watch: () => Promise<void>): Promise<void> {
  await callOff(watch, isOutdated);
  if (!isOutdated()) await sleep(1_000, { summary: 'before watching again' });
}
