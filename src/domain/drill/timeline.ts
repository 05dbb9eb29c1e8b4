import type { ApplicationStatus } from '../application-status';
import type { ProblemCode } from '../problem';
import type { RolloutStatus } from '../rollout-status';

/** How a drill ended, as far as Belay is concerned. */
export type DrillEnd = 'back' | 'promoted' | 'held' | 'refused' | 'timedOut' | 'interrupted';

/** When what was seen; epoch milliseconds of the clock that looks. */
export interface Timeline {
  readonly pushedAt: number;
  readonly begunAt?: number;
  readonly detectedAt?: number;
  readonly trafficBackAt?: number;
  readonly backAt?: number;
}

/** The statuses at one moment: the application's, and those of the rollouts of the drill's commit. */
export interface Seen {
  readonly status: ApplicationStatus;
  readonly rollouts: readonly RolloutStatus[];
}

/** Problems that may pass by themselves. */
const passing: readonly ProblemCode[] = ['Unreachable', 'Conflict'];

/** The timeline with what is seen for the first time at `now`. */
export function noteSeen(timeline: Timeline, { status, rollouts }: Seen, bad: string, now: number): Timeline {
  const isDetected =
    rollouts.some(({ failure }) => failure !== undefined) || status.state.lastFailure?.revision === bad;
  const isBack =
    isDetected && rollouts.length > 0 && rollouts.every((each) => trafficBack(each) !== undefined);
  return {
    ...timeline,
    ...first(timeline, 'begunAt', rollouts.length > 0, now),
    ...first(timeline, 'detectedAt', isDetected, now),
    ...first(timeline, 'trafficBackAt', isBack, now),
    ...first(timeline, 'backAt', endOf(status, bad) === 'back', now),
  };
}

function first(timeline: Timeline, key: keyof Timeline, isSeen: boolean, now: number): Partial<Timeline> {
  return isSeen && timeline[key] === undefined ? { [key]: now } : {};
}

/** Where the application stands after the drill's commit; undefined while something is still to come. */
export function endOf(status: ApplicationStatus, bad: string): DrillEnd | undefined {
  const { state, operation, rollouts, sync, health } = status;
  if (operation !== undefined || rollouts.length > 0) return undefined;
  if (status.held) return 'held';
  if (state.lastRevert?.bad === bad) return sync === 'Synced' && health === 'Healthy' ? 'back' : undefined;
  const entry = state.history.find(({ revision }) => revision === bad);
  if (entry?.result === 'promoted' || entry?.result === 'synced') return 'promoted';
  const isRefused = state.problems.some(({ code }) => !passing.includes(code));
  return state.head === bad && isRefused ? 'refused' : undefined;
}

/** The note of a rollout when the new version has no users' requests any more. */
const backNote = /^all traffic is back on the stable version/;

/** When a rollout that went back had all traffic back, by the clock of Temporal; undefined while it has not. */
export function trafficBack({ log, outcome, endedAt }: RolloutStatus): number | undefined {
  const noted = log.find(({ text }) => backNote.test(text))?.at;
  return noted ?? (outcome?.kind === 'failed' || outcome?.kind === 'aborted' ? endedAt : undefined);
}

/** From the verdict to the last request of the new version, in milliseconds: both are written down by one clock. */
export function restoreMs(rollouts: readonly RolloutStatus[]): number | undefined {
  const spans = rollouts.flatMap((rollout) => {
    const { failure, log } = rollout;
    const judged = log.find(({ text }) => text === failure?.sentence)?.at;
    const back = trafficBack(rollout);
    return judged === undefined || back === undefined ? [] : [back - judged];
  });
  return spans.length === 0 ? undefined : Math.max(...spans);
}
