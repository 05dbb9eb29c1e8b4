import { condition, uuid4 } from '@temporalio/workflow';
import { describeProblem } from '../domain/problem';
import type { ReleaseOutcome } from '../domain/release/releases-state';
import type { RestoreEnd, Request } from '../messages/application';
import { releasesId } from '../messages/release';
import { attempt } from './application-attempt';
import { arranging } from './proxies';
import { askedOf } from './release-request';
import type { ReleasesRun } from './releases-run';
import { start } from './releases-start';

const askAgainMs = 30_000;
/** How long members may take to tell the new commit. */
const headsMs = 60_000;

type Write = ReleaseOutcome['writes'][number];

/** Brings the failed release out again: where it was reverted, Git goes forward again first. */
export async function retry(run: ReleasesRun, request: Request): Promise<void> {
  const { failed } = run.state;
  if (failed === undefined) return;
  const writes = failed.writes.flatMap(({ revision, ...write }) =>
    revision === undefined
      ? []
      : [{ ...write, parts: write.parts.map(({ paths, bad }) => ({ paths, good: bad, bad: revision })) }],
  );
  const isDone = await writeAll(run, writes, {
    release: failed.id,
    subject: `Retry release ${run.name}`,
    body: `${request.requestedBy} asked to release again what was reverted with ${failed.id}${because(request)}.`,
    reason: 'Retry',
  });
  if (!isDone) return;
  run.drop('refused');
  await startBehind(run, failed.members, true);
}

/** Git goes back to what it was before the last good release, and the members follow as a release. */
export async function undo(run: ReleasesRun, request: Request): Promise<void> {
  const { good } = run.state;
  if (good === undefined) return;
  const isDone = await writeAll(run, good.writes, {
    release: good.id,
    subject: `Undo release ${run.name}`,
    body: `${request.requestedBy} asked to undo ${good.id}${because(request)}.`,
    reason: 'Undo',
  });
  if (isDone) await startBehind(run, good.members, false);
}

async function startBehind(run: ReleasesRun, members: readonly string[], isRetry: boolean): Promise<void> {
  const behind = members.filter((each) => run.state.members[each]?.isBehind === true);
  if (behind.length > 0) return start(run, behind, isRetry);
  run.answer('nothing comes out: no member is behind what Git says');
}

function because({ reason }: Request): string {
  return reason === undefined ? '' : `: ${reason}`;
}

interface Text {
  readonly release: string;
  readonly subject: string;
  readonly body: string;
  readonly reason: string;
}

/** One commit for each branch, one after the other; then it is waited until the members have told them. False: Git did not take one. */
async function writeAll(run: ReleasesRun, writes: readonly Write[], text: Text): Promise<boolean> {
  for (const write of writes) {
    const end = await askWriter(run, write, text);
    const why = whyNot(end);
    if (why !== undefined) {
      run.answer(`${text.subject}: ${write.repoUrl} ${why}`);
      return false;
    }
    const isTold = (): boolean =>
      end.kind === 'refused' || write.members.every((each) => hasTold(run, each, end.revision));
    await condition(isTold, headsMs, { summary: 'until the members have seen the commit' });
  }
  return true;
}

/** In one of its sources. A member that is not known any more holds nothing up. */
function hasTold({ state }: ReleasesRun, application: string, revision: string): boolean {
  const head = state.members[application];
  return head === undefined || head.head === revision || head.pins?.includes(revision) === true;
}

function whyNot(end: RestoreEnd): string | undefined {
  if (end.kind === 'refused') return `refused it: ${describeProblem(end.problem)}`;
  if (end.kind === 'proposed') return `waits for the pull request ${end.pullRequest.url}`;
  return end.kind === 'superseded'
    ? `has other changes there since, at ${end.revision.slice(0, 12)}; nothing was written`
    : undefined;
}

async function askWriter(run: ReleasesRun, write: Write, { subject, ...text }: Text): Promise<RestoreEnd> {
  const requestId = `${releasesId(run.name)}/${uuid4()}`;
  const { release, body, reason } = text;
  const asked = askedOf(write, {
    ...{ release, requestId, replyTo: releasesId(run.name), text: { subject, body }, reason },
  });
  for (;;) {
    await attempt(() => arranging.askWriter.executeWithOptions({ summary: subject }, [asked]));
    const isAnswered = (): boolean => run.restored.has(requestId);
    await condition(isAnswered, askAgainMs, { summary: 'for the writer of the branch' });
    const end = run.restored.get(requestId);
    run.restored.delete(requestId);
    if (end !== undefined) return end;
  }
}
