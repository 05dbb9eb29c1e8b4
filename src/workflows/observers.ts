import {
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { forgetSignal, type RepositoryObserverInput, type Watched, watchSignal } from '../messages/observer';
import { observing } from './proxies';

/** Watches one cluster for drift: one leased, heartbeating activity, nothing else. It owns nothing and only signals. */
export async function observer(input: { readonly cluster: string }): Promise<void> {
  setCurrentDetails(`watching cluster ${input.cluster} for changes of Belay's objects`);
  while (!workflowInfo().continueAsNewSuggested) {
    await observing.observeCluster.executeWithOptions({ summary: `watch cluster ${input.cluster}` }, [input]);
  }
  await continueAsNew<typeof observer>(input);
}

/**
 * Watches the refs of one repository for all its applications. The list of applications is its state; whenever it changes the
 * activity is started anew, and tells every application what its ref names. With nobody left it ends.
 */
export async function repositoryObserver({
  repoUrl,
  watched: first,
}: RepositoryObserverInput): Promise<void> {
  let watched: readonly Watched[] = first;
  let version = 0;
  setHandler(watchSignal, (added) => {
    watched = [...watched.filter((each) => each.application !== added.application), added];
    version += 1;
  });
  setHandler(forgetSignal, ({ application }) => {
    watched = watched.filter((each) => each.application !== application);
    version += 1;
  });
  await condition(() => watched.length > 0, '1 minute', { summary: 'for the first application' });
  while (watched.length > 0 && !workflowInfo().continueAsNewSuggested) {
    const seen = version;
    setCurrentDetails(
      `asking ${repoUrl} for ${watched.map((each) => `${each.targetRevision} (${each.application})`).join(', ')}`,
    );
    await watchUntil(() => version !== seen, { repoUrl, watched });
  }
  if (watched.length > 0) await continueAsNew<typeof repositoryObserver>({ repoUrl, watched });
}

async function watchUntil(isOutdated: () => boolean, input: RepositoryObserverInput): Promise<void> {
  const scope = new CancellationScope();
  const watching = scope.run(() =>
    observing.observeRepository.executeWithOptions({ summary: `ls-remote ${input.repoUrl}` }, [input]),
  );
  const ended = watching.then(
    () => true,
    (error: unknown) => {
      if (!isCancellation(error)) throw error;
      return true;
    },
  );
  let isOver = false;
  void ended.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  await condition(() => isOutdated() || isOver);
  scope.cancel();
  await ended;
  if (!isOutdated()) await sleep(1_000, { summary: 'before watching again' });
}
