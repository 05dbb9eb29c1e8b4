import { mirrorOf, type ApplicationState } from '../domain/application-state';
import { deliveredContent } from './application-finish';
import { readWith, type ReadAnswer, type Reading } from './application-read';
import type { ApplicationRun } from './application-run';
import type { SyncOptions } from './application-delivery';
import { applying, asking } from './proxies';

/**
 * Reads a revision in order to sync to it. Where nothing stands in the way, the same activity may deliver it: most commits change no
 * workload, and then nothing is left for the workflow to decide.
 */
export async function readToSync(
  run: ApplicationRun,
  reading: Pick<Reading, 'revision' | 'pins'>,
  { isAsked, prune }: SyncOptions,
): Promise<ReadAnswer | undefined> {
  const cluster = run.state.cluster?.id ?? '';
  if (isAsked) return readWith(run, reading, asking(cluster));
  const content = deliveredContent(run);
  const extra = content === undefined ? {} : { delivered: content };
  if (!isClear(run)) return readWith(run, { ...reading, extra }, asking(cluster));
  const atOnce = { state: mirrorOf(run.state), prune };
  return readWith(run, { ...reading, extra: { ...extra, atOnce } }, applying(cluster));
}

/** Nothing of an earlier delivery is open: no hold, problem, pull request, failure or first deployment. */
function isClear({ state, blamed }: ApplicationRun): boolean {
  const open: readonly (keyof ApplicationState)[] = ['hold', 'proposals', 'unconfirmedFailure'];
  return (
    state.good !== undefined &&
    blamed === undefined &&
    state.problems.length === 0 &&
    open.every((each) => state[each] === undefined)
  );
}
