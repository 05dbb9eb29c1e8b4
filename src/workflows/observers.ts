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
import { fewNames } from '../domain/few';
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
import { isHistoryLong } from './history-limit';
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
  for (let turn = 0; !isHistoryLong(); turn += 1) {
    const watched = kinds;
    setCurrentDetails(
      `watching cluster ${cluster} for changes of Belay's objects: ${watched.map(({ kind }) => kind).join(', ')}`,
    );
    await watchUntil(
      () => kinds !== watched || isHistoryLong(),
      () =>
        observingIn(cluster).observeCluster.executeWithOptions({ summary: `watch cluster ${cluster}` }, [
          { cluster, kinds: watched, turn },
        ]),
    );
  }
  const anew = makeContinueAsNewFunc<typeof observer>({ memo: workflowInfo().memo ?? {} });
  await anew({ cluster, kinds });
}

/** However many hints and registrations come: so long a repository is left alone after it was asked. In milliseconds. */
const betweenLooks = 1_000;

/**
 * Watches the refs of one repository for all its applications. The list of applications is its state; whenever it changes the
 * activity is started anew, and tells every application what its ref names. The same at a hint that some ref in use has changed:
 * at once, but no more than once a second, so that hundreds that register together cost a few turns. With nobody left it ends.
 */
export async function repositoryObserver({
  repoUrl,
  watched: first,
}: RepositoryObserverInput): Promise<void> {
  let watched: readonly Watched[] = first;
  let changes = 0;
  let turn = 0;
  setHandler(watchSignal, (added) => {
    const again = new Set(added.map(idOf));
    const fresh = added.map((each) => ({ ...each, freshIn: turn + 1 }));
    watched = [...watched.filter((each) => !again.has(idOf(each))), ...fresh];
    changes += 1;
  });
  setHandler(lookSignal, (heard) => {
    // A hint that concerns nobody starts nothing anew, but is in the history as well.
    if (watched.some((each) => mayConcern(each, heard))) changes += 1;
  });
  setHandler(forgetSignal, ({ application }) => {
    watched = watched.filter((each) => each.application !== application);
    changes += 1;
  });
  await condition(() => watched.length > 0, '1 minute', { summary: 'for the first application' });
  while (watched.length > 0 && !isHistoryLong()) {
    turn += 1;
    const [seen, askedAt, input] = [changes, Date.now(), { repoUrl, watched, turn }];
    setCurrentDetails(`asking ${repoUrl} for ${namesOf(watched)}`);
    await watchUntil(
      () => changes !== seen || isHistoryLong(),
      () => observing.observeRepository.executeWithOptions({ summary: `ls-remote ${repoUrl}` }, [input]),
      async (isNews) => {
        await condition(isNews);
        const rest = askedAt + betweenLooks - Date.now();
        if (rest > 0)
          await condition(() => watched.length === 0, rest, { summary: 'it was asked only just now' });
      },
    );
  }
  if (watched.length === 0) return;
  const kept = watched.map(({ freshIn: _freshIn, ...each }) => each);
  await continueAsNew<typeof repositoryObserver>({ repoUrl, watched: kept });
}

const idOf = ({ application, source }: Watched): string => `${application} ${source ?? ''}`;

function namesOf(watched: readonly Watched[]): string {
  return fewNames(watched.map((each) => `${each.targetRevision} (${each.application})`)).join(', ');
}

/** A hint without refs concerns everybody; a chart of a registry may be named by its digest, so that its tags say too little. */
function mayConcern({ targetRevision, chart }: Watched, heard: Heard | undefined): boolean {
  return heard === undefined || chart !== undefined || concerns(heard, targetRevision);
}

/** Runs a watching activity until it is outdated; one that ends by itself is started anew by the caller, a second later. */
async function watchUntil(
  isOutdated: () => boolean,
  watch: () => Promise<void>,
  wait?: (isNews: () => boolean) => Promise<unknown>,
): Promise<void> {
  await callOff(watch, isOutdated, wait);
  if (!isOutdated()) await sleep(1_000, { summary: 'before watching again' });
}
