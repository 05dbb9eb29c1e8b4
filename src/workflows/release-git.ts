import { shortHash } from '../domain/fit-name';
import { describeProblem } from '../domain/problem';
import { logged } from '../domain/release/progress';
import type { ReleaseWrite } from '../domain/release/revert';
import { openWrites, written } from '../domain/release/roll-back';
import type { ReleaseRevert, ReleaseState } from '../domain/release/state';
import { reasonOf, sentenceOf } from '../domain/release/verdict';
import { releaseRevertMessage } from '../domain/write-back/release-revert-message';
import type { RestoreDelayed, RestoreEnd, RestoreEnded } from '../messages/application';
import type { QueuedRestore } from '../ports/orchestrator';
import { attempt } from './application-attempt';
import { arranging } from './proxies';
import { askedOf } from './release-request';
import type { ReleaseRun } from './release-run';

const askAgainMs = 30_000;

/** Asks the writer of each branch for its one commit; asked again, it finds its own by the trailer. */
export function askWriters(run: ReleaseRun): void {
  for (const write of openWrites(run.state)) {
    const asked = revertOf(run.state, write);
    if ((run.asked.get(asked.requestId) ?? -Infinity) + askAgainMs > Date.now()) continue;
    run.asked.set(asked.requestId, Date.now());
    const { subject } = asked.request;
    void attempt(() => arranging.askWriter.executeWithOptions({ summary: subject }, [asked]));
  }
}

/** When a writer that has not answered is asked again. */
export function nextAsking(run: ReleaseRun): number {
  const ids = openWrites(run.state).map((write) => requestIdOf(run.state, write));
  return Math.min(...ids.map((id) => (run.asked.get(id) ?? Date.now()) + askAgainMs));
}

/** The same for each life of the release, and for no other release of its name. */
function requestIdOf({ id, startedAt }: ReleaseState, { repoUrl, branch }: ReleaseWrite): string {
  return `${id}/${startedAt.toString(36)}/${shortHash(`${repoUrl}#${branch}`)}`;
}

function revertOf(state: ReleaseState, write: ReleaseWrite): QueuedRestore {
  const { verdict, spec } = state;
  const isAbort = verdict?.kind === 'aborted';
  const failed = verdict?.kind === 'failed' || verdict?.kind === 'memberGone' ? verdict.member : undefined;
  const sentence =
    verdict === undefined ? '' : verdict.kind === 'failed' ? verdict.sentence : sentenceOf(verdict);
  const text = releaseRevertMessage({
    release: spec.name,
    members: write.members,
    failed,
    sentence,
    isAbort,
  });
  const code = (member: string): string | undefined => state.members[member]?.failure?.code;
  return askedOf(write, {
    release: state.id,
    requestId: requestIdOf(state, write),
    replyTo: state.id,
    text,
    reason: verdict === undefined ? 'Release' : reasonOf(verdict, code),
  });
}

/** Takes in a writer's answer; one that nobody waits for is ignored. */
export function takeEnd(run: ReleaseRun, { requestId, result }: RestoreEnded): void {
  const write = openWrites(run.state).find((each) => requestIdOf(run.state, each) === requestId);
  if (write !== undefined) run.change(written(run.state, answerOf(write, result), Date.now()));
}

function answerOf({ repoUrl, branch, members }: ReleaseWrite, end: RestoreEnd): ReleaseRevert {
  const place = { repoUrl, branch, members, result: end.kind };
  if (end.kind === 'refused') return { ...place, why: describeProblem(end.problem) };
  const { revision } = end;
  return end.kind === 'proposed' ? { ...place, revision, why: end.pullRequest.url } : { ...place, revision };
}

/** People see why Git takes so long. */
export function takeDelay(run: ReleaseRun, { problem }: RestoreDelayed): void {
  const text = `Git cannot be written now: ${describeProblem(problem)}; it is tried again`;
  run.change(logged(run.state, Date.now(), text));
}
