import { setHandler } from '@temporalio/workflow';
import { checkRelease } from '../domain/release/check';
import { takeHead } from '../domain/release/gather';
import type { ReleaseOutcome } from '../domain/release/releases-state';
import type { ReleaseSpec } from '../domain/release/spec';
import { describeProblem } from '../domain/problem';
import {
  restoreDelayedSignal,
  restoreEndedSignal,
  type Accepted,
  type Request,
} from '../messages/application';
import * as messages from '../messages/release';
import type { Asked, ReleasesRun } from './releases-run';

/** What members, releases and people may say to the entity of a release's name. Handlers only take note; validators say why not. */
export function listen(run: ReleasesRun): void {
  const news = (): void => {
    run.isNews = true;
  };
  setHandler(messages.releasesQuery, () => run.state);
  setHandler(messages.memberSignal, (head) => {
    run.state = takeHead(run.state, head, Date.now());
    news();
  });
  setHandler(messages.memberGoneSignal, ({ application }) => {
    const { [application]: _gone, ...members } = run.state.members;
    run.change({ members });
    news();
  });
  setHandler(messages.releaseEndedSignal, (ended) => {
    run.ended.push(ended);
    news();
  });
  setHandler(restoreEndedSignal, ({ requestId, result }) => void run.restored.set(requestId, result));
  setHandler(restoreDelayedSignal, ({ problem }) =>
    run.answer(`Git cannot be written now: ${describeProblem(problem)}; it is tried again`, true),
  );
  const ask = (asked: Asked, message: string): Accepted => {
    run.asked.push(asked);
    news();
    return { message };
  };
  setHandler(
    messages.declareUpdate,
    (file) => ask({ kind: 'declare', file }, `the release ${run.name} is declared by this file`),
    {
      validator: (file: ReleaseSpec) => mayDeclare(run, file),
      description: 'Take over a release file',
    },
  );
  setHandler(
    messages.dropUpdate,
    (request) => ask({ kind: 'drop', request }, `the file of ${run.name} counts no longer`),
    { validator: (_request) => mayDrop(run), description: 'Forget the release file' },
  );
  setHandler(
    messages.releaseNowUpdate,
    (request) => ask({ kind: 'start', request }, 'what is behind comes out'),
    { validator: (_request) => mayStart(run), description: 'Release now what Git says' },
  );
  setHandler(
    messages.retryReleaseUpdate,
    (request) => ask({ kind: 'retry', request }, 'the failed release is brought out again'),
    {
      validator: (_request) => mayRetry(run),
      description: 'Bring the failed release out again, in Git too where it was reverted',
    },
  );
  setHandler(
    messages.undoReleaseUpdate,
    (request: Request) => ask({ kind: 'undo', request }, 'Git goes back, and the members with it'),
    {
      validator: (_request) => mayUndo(run),
      description: 'Undo the last good release, in Git and in the cluster',
    },
  );
}

function mayDeclare(run: ReleasesRun, file: ReleaseSpec): void {
  refuseUnless(file.name === run.name, `this is the release ${run.name}, and the file names ${file.name}`);
  const problems = checkRelease(file);
  refuseUnless(problems.length === 0, problems.map(describeProblem).join('\n'));
}

function mayDrop({ state }: ReleasesRun): void {
  refuseUnless(
    state.file !== undefined,
    'it is declared by annotations of its members; there is no file to drop',
  );
  mayBegin(state.running);
}

function mayStart(run: ReleasesRun): void {
  const [problem] = run.review().ok ? [] : run.state.problems;
  refuseUnless(problem === undefined, problem === undefined ? '' : describeProblem(problem));
  const isBehind = Object.values(run.state.members).some((each) => each.isBehind);
  refuseUnless(isBehind, 'no member is behind: what Git says is delivered');
}

function mayRetry({ state: { failed, history, running } }: ReleasesRun): void {
  mayBegin(running);
  const isNewest = failed !== undefined && history[0]?.id === failed.id;
  refuseUnless(isNewest, 'the newest release did not fail, so there is nothing to retry');
}

function mayUndo({ state: { good, running } }: ReleasesRun): void {
  mayBegin(running);
  const why = whyNotUndone(good);
  refuseUnless(why === undefined, why ?? '');
}

function whyNotUndone(good: ReleaseOutcome | undefined): string | undefined {
  if (good === undefined) return 'no release has ended well yet, so there is nothing to undo';
  if (good.unwritable !== undefined) return `${good.id} cannot be undone: ${good.unwritable}`;
  return good.writes.length === 0 ? `${good.id} has changed nothing in Git` : undefined;
}

function mayBegin(running: ReleasesRun['state']['running']): void {
  refuseUnless(running === undefined, `${running?.id ?? ''} is under way; wait for it, or abort it`);
}

function refuseUnless(isAllowed: boolean, why: string): void {
  if (!isAllowed) throw new Error(why);
}
