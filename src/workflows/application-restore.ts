import { condition, uuid4, workflowInfo } from '@temporalio/workflow';
import { describeProblem, type Problem } from '../domain/problem';
import { cannotWriteNow } from '../domain/write-back/delayed';
import { gitNow } from '../domain/write-back/plan-undo';
import {
  type Pinned,
  type PlannedRestore,
  revisionAt,
  withRevision,
} from '../domain/write-back/planned-restores';
import { proposalFor } from '../domain/write-back/proposal';
import { applicationId, type RestoreEnd } from '../messages/application';
import type { RestoreRequest } from '../ports/git';
import { attempt } from './application-attempt';
import type { ApplicationRun } from './application-run';
import { asking, gitTrying } from './proxies';

const askAgainMs = 30_000;

/** What is wanted of Git, for all sources that have to go back. */
export interface Wanted {
  readonly restores: readonly PlannedRestore[];
  readonly text: { readonly subject: string; readonly body: string };
  /** `Belay-Reason`: one word. */
  readonly reason: string;
}

/** A restore with what came of it. */
export interface Restored {
  readonly restore: PlannedRestore;
  readonly end: RestoreEnd;
}

/** Asks the writers of all branches, one after the other; a refusal or somebody's fix on top ends it. */
export async function restoreAll(run: ApplicationRun, wanted: Wanted): Promise<readonly Restored[]> {
  const done: Restored[] = [];
  for (const restore of wanted.restores) {
    const end = await askWriter(run, restore, wanted);
    done.push({ restore, end });
    if (end.kind === 'refused' || end.kind === 'superseded') break;
  }
  return done;
}

/** Waits for the writer's answer; asked again, it finds its own commit by the trailer. */
async function askWriter(
  run: ApplicationRun,
  restore: PlannedRestore,
  { text, reason }: Wanted,
): Promise<RestoreEnd> {
  const { repoUrl, branch, paths, good, bad } = restore;
  const { spec, state } = run;
  const requestId = `${workflowInfo().workflowId}/${uuid4()}`;
  const request: RestoreRequest = {
    ...{ repoUrl, branch, paths, goodRevision: good, badRevision: bad, ...text },
    ...(spec.writeBackOptions?.otherCommits === 'pull-request' ? { others: 'refuse' as const } : {}),
    trailers: {
      'Belay-Application': spec.name,
      'Belay-Run': requestId,
      'Belay-Bad-Revision': bad,
      'Belay-Good-Revision': good,
      'Belay-Reason': reason,
    },
  };
  const proposal = proposalFor(spec, restore, text);
  const asked = {
    requestId,
    replyTo: applicationId(spec.name),
    request,
    ...(proposal === undefined ? {} : { proposal }),
  };
  for (;;) {
    await attempt(() =>
      asking(state.cluster?.id ?? '').requestRestore.executeWithOptions({ summary: text.subject }, [asked]),
    );
    const isNews = (): boolean => run.restored.has(requestId) || run.delayed.has(requestId);
    await condition(isNews, askAgainMs, { summary: 'for the writer of the branch' });
    const result = run.restored.get(requestId);
    sayDelay(run, run.delayed.get(requestId));
    run.delayed.delete(requestId);
    run.restored.delete(requestId);
    if (result !== undefined) return result;
  }
}

/** Git does not take it now: people see that, and why, while the writer tries again. */
function sayDelay(run: ApplicationRun, problem: Problem | undefined): void {
  const { operation } = run;
  if (problem === undefined || operation === undefined) return;
  const why = describeProblem(problem);
  const [message] = operation.message.split(waiting);
  run.operation = { ...operation, message: `${message ?? ''}${waiting}${why}` };
  run.tell(`Git cannot be written now: ${why}; it is tried again`);
}

const waiting = `; ${cannotWriteNow}: `;

/**
 * The revisions of all sources after the writes. Where the branch was seen to move meanwhile it is asked what it names now: the
 * observer tells each change once, and that one must not be lost.
 */
export async function revisionsAfter(
  run: ApplicationRun,
  before: Pinned,
  done: readonly Restored[],
): Promise<Pinned> {
  let after = before;
  for (const { restore, end } of done) {
    if (end.kind === 'refused' || end.kind === 'proposed') continue;
    const [source = 0] = restore.sources;
    const seen = revisionAt(current(run), source);
    const hasMoved = seen !== revisionAt(before, source) && seen !== end.revision;
    const revision = hasMoved ? await headOf(restore, end.revision) : end.revision;
    after = withRevision(after, restore.sources, revision);
  }
  return after;
}

/** What Git says now, as far as it was told. */
export function current({ spec, state }: ApplicationRun): Pinned {
  return gitNow(spec, state);
}

async function headOf({ repoUrl, branch }: PlannedRestore, known: string): Promise<string> {
  const asked = await attempt(() =>
    gitTrying.resolveBranch.executeWithOptions({ summary: `where ${branch} is now` }, [{ repoUrl, branch }]),
  );
  return asked.ok ? asked.value : known;
}
