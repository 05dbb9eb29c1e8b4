import type { Proposal } from '../domain/application-state';
import type { RevisionPlan } from '../domain/revision-plan';
import { nextLookAt } from '../domain/write-back/next-look';
import { attempt } from './application-attempt';
import type { Restored } from './application-restore';
import type { ApplicationRun } from './application-run';
import { gitAsking } from './proxies';

/** Holds the application for the pull requests among what the writers have done; false where there are none. */
export function awaitProposals(
  run: ApplicationRun,
  done: readonly Restored[],
  { bad, good }: { readonly bad: string; readonly good: string },
): boolean {
  const now = Date.now();
  const proposals = done.flatMap(({ restore, end }): Proposal[] => {
    if (end.kind !== 'proposed') return [];
    const { number, url, remarks } = end.pullRequest;
    const why = end.why === undefined ? '' : `: ${end.why}`;
    run.tell([`opened pull request ${url}${why}`, ...remarks].join('; '));
    return [{ restore, number, url, bad, good, since: now, nextLook: nextLookAt(now, now) }];
  });
  if (proposals.length === 0) return false;
  run.change({ proposals });
  run.hold({
    code: 'AwaitingPullRequest',
    reason: `Git goes back when ${proposals.map(({ url }) => url).join(' and ')} is merged`,
    remedy: 'merge it, or push a fix; closing it keeps Git as it is',
  });
  return true;
}

/** When an open pull request is looked at next, in epoch milliseconds. */
export function nextProposalLook({ state }: ApplicationRun): number | undefined {
  const looks = (state.proposals ?? []).flatMap(({ nextLook }) => nextLook ?? []);
  return looks.length === 0 ? undefined : Math.min(...looks);
}

/** Looks whether the pull requests that are due were merged or closed. What is merged comes back by the observer of the repository. */
export async function lookAtProposals(run: ApplicationRun): Promise<void> {
  const looked = await Promise.all((run.state.proposals ?? []).map((each) => lookAt(run, each)));
  const left = looked.filter((each) => each !== undefined);
  const isClosed = left.length < looked.length;
  run.change({ proposals: left });
  if (left.length === 0) run.drop('proposals');
  if (isClosed && left.length === 0 && run.state.hold?.code === 'AwaitingPullRequest')
    run.hold({
      code: 'PullRequestClosed',
      reason: 'the pull request that brings Git back was closed without a merge',
      remedy: 'push a fix, revert in Git yourself, or `belay retry` to try the failed version again',
    });
}

/** Undefined: it was closed. */
async function lookAt(run: ApplicationRun, proposal: Proposal): Promise<Proposal | undefined> {
  const { restore, number, url, since, nextLook } = proposal;
  const now = Date.now();
  if (nextLook === undefined || nextLook > now) return proposal;
  const seen = await attempt(() =>
    gitAsking.lookAtPullRequest.executeWithOptions({ summary: url }, [{ repoUrl: restore.repoUrl, number }]),
  );
  const isGone = !seen.ok && seen.error.code === 'NotFound';
  const state = isGone ? 'closed' : seen.ok && seen.value.kind === 'pull-request' ? seen.value.state : 'open';
  if (state === 'open') return { ...proposal, nextLook: nextLookAt(since, now) };
  run.tell(`pull request ${url} was ${state}`);
  if (state === 'closed') return undefined;
  const { nextLook: _nextLook, ...merged } = proposal;
  return merged;
}

/** Git is back at the good content while pull requests were open: one was merged, or somebody did the same by hand. */
export function noteMerged(run: ApplicationRun, { revision, pins, tree, content }: RevisionPlan): void {
  const { proposals = [], good } = run.state;
  const [first] = proposals;
  const isGood =
    content !== undefined && good?.content !== undefined
      ? content === good.content
      : tree === good?.tree && pins?.join() === good.pins?.join();
  if (first === undefined || !isGood || revision === first.bad) return;
  const writes = proposals.map(({ restore }) => ({ ...restore, revision }));
  run.change({
    lastRevert: {
      revision,
      ...(pins === undefined ? {} : { pins }),
      ...{ bad: first.bad, good: first.good, at: Date.now(), writes },
    },
  });
  run.tell(`Git is back at the good content at ${revision.slice(0, 12)}`);
}

/** What is deployed now makes the pull requests pointless: those that are still open are closed, and say so. */
export async function settleProposals(run: ApplicationRun, revision: string): Promise<void> {
  const { proposals = [] } = run.state;
  if (proposals.length === 0) return;
  run.drop('proposals');
  const comment = `Not needed any more: ${run.spec.name} runs ${revision.slice(0, 12)}, and it is healthy.`;
  for (const { restore, number, url, nextLook } of proposals) {
    if (nextLook === undefined) continue;
    const closed = await attempt(() =>
      gitAsking.closePullRequest.executeWithOptions({ summary: `close ${url}` }, [
        { repoUrl: restore.repoUrl, number, comment },
      ]),
    );
    if (!closed.ok)
      run.tell(`pull request ${url} could not be closed: ${closed.error.message}; close it by hand`);
  }
}
