import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import { gather, newerCommit, queuedBehind } from '../domain/release/gather';
import { takeEnd, takeLoss } from '../domain/release/outcome';
import { abortReleaseSignal, type ReleasesInput } from '../messages/release';
import { attempt } from './application-attempt';
import { isHistoryLong } from './history-limit';
import { arranging } from './proxies';
import { retry, undo } from './releases-git';
import { takeFile, tellMissing } from './releases-join';
import { listen } from './releases-messages';
import { ReleasesRun } from './releases-run';
import { start } from './releases-start';

/** A release that was terminated tells nobody. */
const lookMs = 60_000;

/**
 * The one entity of a release's name: it knows the members and what Git says of each, and starts one release at a time.
 *
 * Operating principle: members tell their heads, releases tell their ends, people ask; handlers only take note, and the main function
 * does one piece of work at a time. What comes while a release is under way waits, with a reason. Idle, it holds no activity and no timer,
 * and it ends when no member and no file is left.
 */
export async function releases(input: ReleasesInput): Promise<void> {
  const run = new ReleasesRun(input);
  listen(run);
  await CancellationScope.nonCancellable(async () => {
    do {
      run.isNews = false;
      const wait = await work(run);
      run.show();
      if (isHistoryLong() && isQuiet(run)) await startAnew(run);
      await awaitNews(run, wait);
    } while (!isDeserted(run));
    await condition(allHandlersFinished);
  });
}

/** One look at everything; answers until when there is nothing to do without news. Epoch milliseconds. */
async function work(run: ReleasesRun): Promise<number> {
  for (const ended of run.ended.splice(0)) {
    if (run.state.running?.id === ended.id) run.gaveWay = undefined;
    run.state = takeEnd(run.state, ended);
  }
  await doAsked(run);
  await tellMissing(run);
  const joinAt = run.join?.at ?? Infinity;
  if (run.state.running !== undefined) {
    await lookAfter(run);
    return Math.min(joinAt, run.lookAt);
  }
  return Math.min(joinAt, await comeOut(run));
}

/** Releases wait for the one under way; a file counts at once, for the next one. */
async function doAsked(run: ReleasesRun): Promise<void> {
  for (const asked of run.asked.splice(0)) {
    if (asked.kind === 'declare') await takeFile(run, asked.file);
    else if (asked.kind === 'drop') await takeFile(run, undefined);
    else if (run.state.running !== undefined) run.asked.push(asked);
    else if (asked.kind === 'retry') await retry(run, asked.request);
    else if (asked.kind === 'undo') await undo(run, asked.request);
    else {
      const behind = Object.values(run.state.members).filter(({ isBehind }) => isBehind);
      await start(
        run,
        behind.map(({ application }) => application),
      );
    }
  }
}

/** What is behind comes out, if anything is and nothing is wrong. Answers when to look again. */
async function comeOut(run: ReleasesRun): Promise<number> {
  const read = run.review();
  const members = read.ok ? read.value.members : [];
  const gathered = gather(run.state, members, Date.now());
  if (gathered.kind === 'wait') return gathered.until;
  if (gathered.kind === 'nothing') {
    run.queue(gathered.why);
    return Infinity;
  }
  if (!read.ok) {
    run.queue(read.problems[0]?.message);
    return Infinity;
  }
  if (run.startAgain !== undefined && run.startAgain > Date.now()) return run.startAgain;
  await start(run, gathered.members);
  if (run.state.running === undefined) return run.startAgain ?? Infinity;
  run.queue(undefined);
  run.lookAt = Date.now() + lookMs;
  return run.lookAt;
}

/** What waits for the release under way, and whether it gives way to a newer commit; one whose workflow is gone is given up. */
async function lookAfter(run: ReleasesRun): Promise<void> {
  const { running, file } = run.state;
  if (running === undefined) return;
  run.queue(queuedBehind(run.state));
  const read = run.review();
  const policy = file ?? (read.ok ? read.value : undefined);
  const newer = policy?.options.newCommit === 'restart' ? newerCommit(run.state) : undefined;
  if (newer !== undefined && newer !== run.gaveWay) {
    run.gaveWay = newer;
    const request = { requestedBy: 'a newer commit', newer };
    await getExternalWorkflowHandle(running.id)
      .signal(abortReleaseSignal, request)
      .catch(() => undefined);
  }
  if (run.lookAt > Date.now()) return;
  run.lookAt = Date.now() + lookMs;
  const described = await attempt(() =>
    arranging.describeRelease.executeWithOptions({ summary: running.id }, [{ workflowId: running.id }]),
  );
  const isLost = described.ok && described.value !== 'running' && run.ended.length === 0;
  if (isLost && run.state.running?.id === running.id)
    run.state = takeLoss(run.state, described.value, Date.now());
}

async function awaitNews(run: ReleasesRun, until: number): Promise<void> {
  const isNews = (): boolean => run.isNews;
  if (until === Infinity) return condition(isNews);
  await condition(isNews, Math.max(1, until - Date.now()), { summary: 'before looking again' });
}

function isQuiet(run: ReleasesRun): boolean {
  return run.asked.length === 0 && run.ended.length === 0 && !run.isNews;
}

function isDeserted({ state, asked, ended }: ReleasesRun): boolean {
  const { members, file, running } = state;
  return (
    Object.keys(members).length === 0 &&
    file === undefined &&
    running === undefined &&
    asked.length === 0 &&
    ended.length === 0
  );
}

async function startAnew(run: ReleasesRun): Promise<void> {
  await condition(allHandlersFinished);
  const anew = makeContinueAsNewFunc<typeof releases>({ memo: workflowInfo().memo ?? {} });
  await anew({ name: run.name, state: run.state });
}
