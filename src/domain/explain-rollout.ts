import type { RolloutStatus } from './rollout-status';
import { roughly, shortRevision } from './explain-time';

/** What a rollout in progress does, why, since when, and what a person can do. */
export function explainRollout(rollout: RolloutStatus, now: number): string[] {
  const { spec, weight, startedAt } = rollout;
  const from = spec.good === undefined ? '' : ` over ${shortRevision(spec.good.revision)}`;
  const share = spec.strategy.kind === 'canary' ? `, ${weight} % of the traffic is on it` : '';
  const what = `${spec.application} rolls out ${shortRevision(spec.target.revision)}${from} since ${roughly(now - startedAt)}${share}`;
  return [what, ...explainNow(rollout, now)];
}

function explainNow(rollout: RolloutStatus, now: number): string[] {
  const { spec, phase, message, since, pausedBy, failure, log } = rollout;
  const name = spec.application;
  if (failure !== undefined) {
    const last = log.at(-1);
    const doing = last === undefined ? message : `The rollback is under way: ${last.text}`;
    return [
      `It failed ${roughly(now - failure.at)} ago: ${failure.sentence}`,
      doing,
      'Nothing to do: it goes on by itself',
    ];
  }
  if (pausedBy !== undefined) {
    const why = pausedBy.reason === undefined ? '' : ` (${pausedBy.reason})`;
    return [
      `${pausedBy.by} paused it ${roughly(now - pausedBy.since)} ago${why}`,
      `Next: \`belay resume ${name}\` or \`belay abort ${name}\``,
    ];
  }
  if (phase === 'Paused' && waitsForPerson(rollout)) {
    return [
      `It waits for a person since ${roughly(now - since)}: ${message}`,
      `Next: \`belay promote ${name}\` or \`belay abort ${name}\``,
    ];
  }
  const way = rollout.pastReturn
    ? `it can no longer be aborted; afterwards \`belay undo ${name}\` goes back`
    : `\`belay abort ${name}\` goes back at once`;
  return [`Since ${roughly(now - since)}: ${message}`, `Nothing to do: it goes on by itself; ${way}`];
}

/** True at a pause step without a duration. */
export function waitsForPerson({ steps }: RolloutStatus): boolean {
  const current = steps.find(({ mark }) => mark === 'now')?.step;
  return current?.kind === 'pause' && current.durationMs === undefined;
}
