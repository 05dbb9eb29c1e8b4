import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import { healDelay } from '../domain/heal-delay';
import { isPinned } from '../domain/revision-source';
import type { ApplicationInput, SyncRequest } from '../messages/application';
import { abortRollouts } from './application-rollouts';
import { endInterrupted, isInterrupted } from './application-interrupted';
import { listen } from './application-messages';
import { ApplicationRun } from './application-run';
import { lookAtProposals, nextProposalLook } from './application-proposals';
import { beginDelivery, endDelivery, retry, undo } from './application-requests';
import { heal } from './application-heal';
import { actAsMember, memberWork } from './application-member';
import { lookAtRelease, nextReleaseLook } from './application-member-look';
import { isMember } from './application-member-name';
import { tellReleases } from './application-member-tell';
import { nextRestart, restart } from './application-restart';
import { syncSelected } from './application-selected';
import { syncTo } from './application-sync';
import { isHistoryLong } from './history-limit';

/**
 * One application: the single owner of its sync, self-heal, rollouts, history, hold and quarantine.
 *
 * Operating principle: one piece of work at a time, taken from what people asked, what Git says and what the observer has seen;
 * messages only note what is wanted. Everything an activity does can be repeated, so a crash at any point repeats the piece of work
 * that was under way. Idle, it holds no activity and no timer. It continues as new between pieces of work, when its history is
 * long and nothing is pending; rollouts are started with ABANDON and answer to the workflow id. Cancelling it aborts its rollouts.
 */
export async function application(input: ApplicationInput): Promise<void> {
  const run = new ApplicationRun(input);
  listen(run);
  const root = CancellationScope.current();
  await CancellationScope.nonCancellable(async () => {
    root.cancelRequested.catch(() => abortRollouts(run, 'cancellation of the application'));
    void tellReleases(run);
    await beginDelivery(run);
    while (await takeWork(run)) {
      if (isHistoryLong() && isIdle(run)) return startAnew(run);
    }
    await condition(allHandlersFinished);
  });
}

function isIdle(run: ApplicationRun): boolean {
  const isCalm = run.asked.length === 0 && run.rollouts.size === 0 && run.hints.size === 0;
  return isCalm && !run.member.isTelling && memberWork(run) === undefined;
}

/** When to try again is not carried over: the next life does at once. */
async function startAnew(run: ApplicationRun): Promise<void> {
  if (run.retry !== undefined) run.forgetCompared();
  await condition(allHandlersFinished);
  const anew = makeContinueAsNewFunc<typeof application>({ memo: workflowInfo().memo ?? {} });
  const { spec, state, delivered } = run;
  await anew({ spec, state, ...(nextRestart(run) === undefined ? {} : { delivered }) });
}

/** Waits for the next piece of work and does it; false when the application has been deleted. */
async function takeWork(run: ApplicationRun): Promise<boolean> {
  const isWanted = (): boolean =>
    isInterrupted(run) ||
    run.asked.length > 0 ||
    memberWork(run) !== undefined ||
    isBehind(run) ||
    run.hints.size > 0 ||
    (isHistoryLong() && isIdle(run));
  const own = ownWork(run, isWanted);
  if (own === undefined) await condition(isWanted);
  else if (!(await condition(isWanted, Math.max(1, own.at - Date.now()), { summary: own.summary }))) {
    await own.begin();
    return true;
  }
  if (isInterrupted(run)) {
    await endInterrupted(run);
    return true;
  }
  const asked = run.asked.shift();
  switch (asked?.kind) {
    case 'configure':
      run.configure(asked.spec);
      await beginDelivery(run);
      return true;
    case 'delete':
      return !(await endDelivery(run, asked.request));
    case 'retry':
      await retry(run, asked.request);
      return true;
    case 'undo':
      await undo(run, asked.request);
      return true;
    case 'sync':
      await syncAsAsked(run, asked.request);
      return true;
    case undefined:
      break;
  }
  const act = memberWork(run);
  if (act !== undefined) await actAsMember(run, act);
  else if (isBehind(run))
    await syncTo(run, run.state.head ?? '', { prune: run.spec.automated?.prune === true, isAsked: false });
  else if (run.hints.size > 0) await healInTime(run);
  return true;
}

async function syncAsAsked(run: ApplicationRun, request: SyncRequest): Promise<void> {
  const { revision = run.state.head, prune = false, confirmPrune = false, resources } = request;
  if (revision === undefined) return;
  if (resources === undefined) await syncTo(run, revision, { prune, isAsked: true, confirmed: confirmPrune });
  else await syncSelected(run, revision, resources);
}

/** What comes by itself. */
interface OwnWork {
  readonly at: number;
  readonly summary: string;
  readonly begin: () => Promise<void>;
}

/** What comes first of that when nothing else is wanted until then. */
function ownWork(run: ApplicationRun, isWanted: () => boolean): OwnWork | undefined {
  const works: readonly (OwnWork | undefined)[] = [
    ownAt(run.retry?.at, 'before trying again', () => tryAgain(run)),
    ownAt(nextRestart(run), 'until pods are restarted', () => restart(run, isWanted)),
    ownAt(nextReleaseLook(run), 'a slow look whether the release still runs', () => lookAtRelease(run)),
    ownAt(nextProposalLook(run), 'before looking at the pull request', () => lookAtProposals(run)),
  ];
  return works.reduce(
    (first, each) => (first === undefined || (each !== undefined && each.at < first.at) ? each : first),
    undefined,
  );
}

function ownAt(at: number | undefined, summary: string, begin: () => Promise<void>): OwnWork | undefined {
  return at === undefined ? undefined : { at, summary, begin };
}

/** Something did not answer: from the start, and the head is looked at again. */
async function tryAgain(run: ApplicationRun): Promise<void> {
  run.forgetCompared();
  await beginDelivery(run);
}

/** Automated sync looks at every new head once; of a member its release decides. */
function isBehind(run: ApplicationRun): boolean {
  const { state, spec } = run;
  return (
    spec.automated !== undefined &&
    !isMember(run) &&
    state.cluster !== undefined &&
    state.head !== undefined &&
    isPinned(spec, state.pins) &&
    !run.isCompared(state.head)
  );
}

/** Self-heal backs off while drift keeps coming back; anything else that is wanted comes first. */
async function healInTime(run: ApplicationRun): Promise<void> {
  const delay = healDelay(run.state.heals, Date.now());
  if (delay > 0) {
    const isWanted = (): boolean => run.asked.length > 0 || memberWork(run) !== undefined || isBehind(run);
    const isInterrupted = await condition(isWanted, delay, { summary: 'self-heal backoff' });
    if (isInterrupted) return;
  }
  await heal(run, {});
}
