import { condition } from '@temporalio/workflow';
import type { RolloutOutcome } from '../domain/rollout-status';
import type { Treatment } from '../domain/decide-sync';
import { heal } from './application-heal';
import { takeEnds } from './application-member-gates';
import { lookAtRelease, nextReleaseLook } from './application-member-look';
import { expectedEnds, hasFallen, isTurned } from './application-member-turn';
import type { ApplicationRun } from './application-run';
import { type FailedRollouts, judgeEnds } from './rollout-ends';
import { findTerminated } from './start-rollout';

/** `back`: through no fault of this member. */
export type Verdict = { readonly kind: 'commit' } | { readonly kind: 'back' } | FailedRollouts;

/**
 * All of the member is out, and the old versions stand by until its release says whether it is good. A rollout that fails meanwhile, or
 * that a person aborts, is the member's own failure. Drift is healed, and rollouts and a release that were terminated are found.
 */
export async function awaitVerdict(
  run: ApplicationRun,
  treatments: Readonly<Record<string, Treatment>>,
): Promise<Verdict> {
  const all = run.member.gated;
  const outcomes = new Map<string, RolloutOutcome>();
  for (;;) {
    takeEnds(run, outcomes);
    const result = judgeEnds(all, expectedEnds(run, all, outcomes));
    run.member.gated = all.filter(({ workload }) => !outcomes.has(workload.name));
    if (isTurned(run)) return { kind: 'back' };
    if (result.kind === 'failed') return result;
    if (run.state.release?.directive.want === 'commit') return { kind: 'commit' };
    if (run.hints.size > 0) await heal(run, treatments);
    else await untilNews(run);
  }
}

async function untilNews(run: ApplicationRun): Promise<void> {
  const { member } = run;
  const isNews = (): boolean =>
    run.hints.size > 0 ||
    isTurned(run) ||
    run.state.release?.directive.want === 'commit' ||
    hasFallen(run, member.gated) ||
    member.gated.some(({ spec }) => run.ended.has(spec.rolloutId));
  const at = nextReleaseLook(run) ?? 0;
  const summary = 'a slow look whether the release still runs';
  if (await condition(isNews, Math.max(1, at - Date.now()), { summary })) return;
  await findTerminated(run, member.gated);
  await lookAtRelease(run);
}
