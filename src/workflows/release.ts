import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import { decide, wakeAt } from '../domain/release/decide';
import { hasEnded } from '../domain/release/progress';
import type { ReleaseState } from '../domain/release/state';
import { aborted } from '../domain/release/steer';
import { releaseEndedSignal, releasesId, type ReleaseInput } from '../messages/release';
import { isHistoryLong } from './history-limit';
import { askWriters, nextAsking } from './release-git';
import { listen } from './release-messages';
import { ReleaseRun } from './release-run';
import { grantWeights, nextTelling, tellMembers } from './release-tell';

/**
 * One release: several applications that come out and go back together. It alone decides about its members.
 *
 * Operating principle: wait for news, decide, act. All that it knows is one small state; `decide` says purely what follows from it, and
 * members, rollouts and the writers of Git are told by signals that may be repeated, so a crash at any point loses nothing, and it
 * continues as new whenever its history is long. No member's stable version is touched before all members are good; when one fails,
 * users' traffic of all goes back first, told in one task, then objects in reverse order, then Git, one commit for each branch.
 * Cancelling it aborts it.
 */
export async function release({ state }: ReleaseInput): Promise<ReleaseState['phase']> {
  const run = new ReleaseRun(state);
  listen(run);
  const root = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    root.cancelRequested.catch(() =>
      run.change(aborted(run.state, { requestedBy: 'cancellation of the workflow' }, Date.now())),
    );
    for (act(run); !hasEnded(run.state); act(run)) {
      if (isHistoryLong()) await startAnew(run);
      await awaitNews(run);
    }
    await condition(() => run.sending === 0);
    await tellEnd(run.state);
    await condition(allHandlersFinished);
    return run.state.phase;
  });
}

/** Decides what follows from what was said, and says it. */
function act(run: ReleaseRun): void {
  run.state = decide(run.state, Date.now());
  run.isNews = false;
  run.show();
  tellMembers(run);
  grantWeights(run);
  askWriters(run);
}

async function awaitNews(run: ReleaseRun): Promise<void> {
  run.wakeBy(Math.min(wakeAt(run.state) ?? Infinity, nextTelling(run), nextAsking(run)));
  await condition(() => run.isNews);
}

async function startAnew(run: ReleaseRun): Promise<void> {
  await condition(() => run.sending === 0 && allHandlersFinished());
  const anew = makeContinueAsNewFunc<typeof release>({ memo: workflowInfo().memo ?? {} });
  await anew({ state: run.state });
}

async function tellEnd(state: ReleaseState): Promise<void> {
  const { name } = state.spec;
  try {
    await getExternalWorkflowHandle(releasesId(name)).signal(releaseEndedSignal, state);
  } catch (error: unknown) {
    log.warn(`nobody is there to be told the end of ${state.id}`, { error });
  }
}
