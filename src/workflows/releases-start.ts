import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { beginRelease } from '../domain/release/plan';
import type { MemberHead } from '../domain/release/releases-state';
import type { ReleaseState } from '../domain/release/state';
import { workflowTaskTimeout } from '../messages/queues';
import { releaseId } from '../messages/release';
import { BelayApp } from '../messages/search-attributes';
import { attempt } from './application-attempt';
import { arranging } from './proxies';
import { release } from './release';
import type { ReleasesRun } from './releases-run';

const startAgainMs = 30_000;

/** Starts a release of these members; where something is wrong with it, that is shown and nothing is started. */
export async function start(run: ReleasesRun, members: readonly string[], isRetry = false): Promise<void> {
  const unserved = await findUnserved(run, members);
  const read = unserved === undefined ? undefined : run.review(unserved);
  if (read?.ok !== true) {
    const [problem] = run.state.problems;
    run.startAgain = Date.now() + startAgainMs;
    return run.queue(problem?.message ?? 'which clusters have workers cannot be asked now');
  }
  run.startAgain = undefined;
  const heads = members.flatMap((each) => run.state.members[each] ?? []);
  if (heads.length === 0) return;
  for (;;) {
    run.change({ number: run.state.number + 1 });
    const id = releaseId(run.name, run.state.number);
    const state = beginRelease({ id, spec: read.value, heads, now: Date.now(), isRetry });
    if (await isStarted(run, state)) return run.change({ running: runningOf(id, heads) });
    const described = await attempt(() =>
      arranging.describeRelease.executeWithOptions({ summary: id }, [{ workflowId: id }]),
    );
    // A release that an earlier life of this entity has started: it goes on, and tells its end.
    if (described.ok && described.value === 'running') return run.change({ running: runningOf(id, []) });
  }
}

function runningOf(id: string, heads: readonly MemberHead[]) {
  const revisions = Object.fromEntries(heads.map(({ application, head }) => [application, head]));
  return { id, since: Date.now(), revisions };
}

/** False where there is, or was, one of that number. */
async function isStarted(run: ReleasesRun, state: ReleaseState): Promise<boolean> {
  const count = Object.keys(state.members).length;
  try {
    await startChild(release, {
      workflowId: state.id,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [{ state }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowTaskTimeout,
      staticSummary: `${run.name}: ${count === 1 ? '1 member' : `${count} members`}`,
      typedSearchAttributes: [{ key: BelayApp, value: run.name }],
      memo: { release: run.name },
    });
    return true;
  } catch (error: unknown) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}

/** Clusters of these members that have no worker; undefined when that cannot be asked now. */
async function findUnserved(
  run: ReleasesRun,
  members: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const clusters = [...new Set(members.flatMap((each) => run.state.members[each]?.cluster ?? []))];
  const asked = await attempt(() =>
    arranging.findUnserved.executeWithOptions({ summary: 'clusters without a worker' }, [{ clusters }]),
  );
  return asked.ok ? new Set(asked.value) : undefined;
}
