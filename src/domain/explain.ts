import type { ApplicationStatus } from './application-status';
import type { HoldCode } from './application-state';
import { describeProblem } from './problem';
import { explainPast } from './explain-past';
import { explainPresent, unhealthy } from './explain-present';
import { explainRelease } from './explain-release';
import { explainRollout } from './explain-rollout';
import { sentence } from './explain-sentence';
import { ago, roughly, shortRevision } from './explain-time';
import { explainProposals, failedBefore, nextOfRollback } from './explain-write-back';
import type { RolloutStatus } from './rollout-status';

/** Holds whose reason says only why Git was not reverted; what had failed belongs before it. */
const afterFailure: readonly HoldCode[] = [
  'RevertRefused',
  'WriteBackOff',
  'WriteBackHold',
  'TooManyReverts',
  'GoodFailsToo',
  'NotABranch',
  'OtherSource',
  'OutsidePath',
  'FirstDeploymentFailed',
];

/** The same, but a person's undo may have asked for the pull request. */
const afterProposal: readonly HoldCode[] = ['AwaitingPullRequest', 'PullRequestClosed'];

/**
 * One paragraph on an application: what happened, why, since when, and what to do next. `rollout` is its rollout in progress,
 * or its last one.
 */
export function explain(status: ApplicationStatus, rollout: RolloutStatus | undefined, now: number): string {
  const sentences = [...sentencesOf(status, rollout, now), ...explainRelease(status, now)];
  return sentences.map(sentence).join(' ');
}

function sentencesOf(status: ApplicationStatus, rollout: RolloutStatus | undefined, now: number): string[] {
  if (status.held) return explainHold(status, now);
  if (rollout !== undefined && rollout.endedAt === undefined) return explainRollout(rollout, now);
  if (status.operation !== undefined) return explainOperation(status, now);
  if (status.state.problems.length > 0) return explainProblems(status, now);
  return [...explainPast(status, now), ...explainPresent(status, now)];
}

function explainHold({ spec, state, message, since }: ApplicationStatus, now: number): string[] {
  const { hold, lastFailure } = state;
  if (hold === undefined) return [`${spec.name} is held since ${roughly(now - since)}: ${message}`];
  const failed =
    lastFailure === undefined || !afterFailure.includes(hold.code)
      ? []
      : [
          `${shortRevision(lastFailure.revision)} failed ${ago(lastFailure.at, now)}: ${lastFailure.sentence}`,
        ];
  const held = `${spec.name} is held since ${roughly(now - hold.since)} and waits for a person: ${hold.reason}`;
  const proposed = afterProposal.includes(hold.code)
    ? { before: failedBefore(state, now), after: explainProposals(state, now) }
    : { before: [], after: [] };
  return [...failed, ...proposed.before, held, ...proposed.after, `Next: ${hold.remedy}`];
}

function explainOperation(status: ApplicationStatus, now: number): string[] {
  const { spec, operation, state } = status;
  if (operation === undefined) return [];
  const lasting = roughly(now - operation.since);
  const doing = `${spec.name} is busy since ${lasting} (${operation.kind}): ${operation.message}`;
  const { lastFailure } = state;
  const isBack = operation.kind === 'rollback' || operation.kind === 'restore';
  if (!isBack || lastFailure === undefined)
    return [doing, ...unhealthy(state), 'Nothing to do: it goes on by itself'];
  const why = `${shortRevision(lastFailure.revision)} failed ${ago(lastFailure.at, now)}: ${lastFailure.sentence}`;
  const known = operation.message.includes(lastFailure.sentence);
  return [...(known ? [] : [why]), doing, nextOfRollback(status, now)];
}

function explainProblems({ spec, state, since }: ApplicationStatus, now: number): string[] {
  const [first, ...others] = state.problems;
  if (first === undefined) return [];
  const revision = state.head === undefined ? '' : ` ${shortRevision(state.head)}`;
  const count = others.length === 0 ? '' : ` (and ${others.length} more: \`belay app get ${spec.name}\`)`;
  const lasting = roughly(now - (state.problemsSince ?? since));
  const running =
    state.synced === undefined ? 'nothing of it runs yet' : `${shortRevision(state.synced)} keeps running`;
  return [
    `${spec.name} cannot sync${revision} since ${lasting}: ${describeProblem(first)}${count}`,
    running,
    'Next: push a commit that mends it; it is tried again by itself',
  ];
}
