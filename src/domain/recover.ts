import type { ApplicationState } from './application-state';
import { numberOf } from './plans/context';
import type { BrokenOff, MirroredApplication } from './recover-read';
import type { RolloutSpec } from './rollout-status';

/** A workload as the cluster has it. */
export interface LiveWorkload {
  /** The highest fencing number on it and on its canary; 0: none. */
  readonly fence: number;
  /** Something of a rollout is left: it is paused, or there is a canary. */
  readonly isUnfinished: boolean;
}

/**
 * The state from which an application goes on where its workflow is lost. Numbers of rollouts are at least those that have written to
 * the cluster, so that fences rise on; `interrupted` are rollouts that were in the middle; a version whose rollout was broken off is
 * in quarantine, and the application is held.
 */
export function recoveredState(
  mirrored: MirroredApplication,
  live: Readonly<Record<string, LiveWorkload>>,
): ApplicationState {
  const workloads = { ...mirrored.state.workloads };
  for (const [name, { fence }] of Object.entries(live)) {
    const known = workloads[name] ?? { version: '', revision: '', number: 0, healthy: false };
    const number = Math.max(known.number, numberOf(fence));
    if (number > 0) workloads[name] = { ...known, number };
  }
  const interrupted = interruptedIn(mirrored, live);
  const state = {
    ...mirrored.state,
    workloads,
    ...(Object.keys(interrupted).length === 0 ? {} : { interrupted }),
  };
  return Object.entries(mirrored.broken)
    .filter(([name, { number }]) => number >= (workloads[name]?.number ?? 0))
    .reduce((before, [name, each]) => takeBroken(before, name, each), state);
}

/** Rollouts of Deployments beside which a canary runs, that have begun and not ended. */
export function interruptedIn(
  { rollouts }: Pick<MirroredApplication, 'rollouts'>,
  live: Readonly<Record<string, LiveWorkload>>,
): Readonly<Record<string, RolloutSpec>> {
  const left = Object.entries(rollouts).filter(([name, { kind, number }]) => {
    const found = live[name];
    return kind === 'Deployment' && found?.isUnfinished === true && numberOf(found.fence) === number;
  });
  return Object.fromEntries(left);
}

/** As after an abort, but Git has not been written: it waits for a person. */
function takeBroken(state: ApplicationState, workload: string, each: BrokenOff): ApplicationState {
  const { revision, version, at, by, reason } = each;
  const sentence = `aborted by ${by} with --break-glass${reason === undefined ? '' : `: ${reason}`}`;
  return {
    ...state,
    quarantine: { ...state.quarantine, [version]: { revision, workload, reason: sentence, at } },
    lastFailure: { code: 'Aborted', sentence, at, revision, workload },
    hold: {
      code: 'Quarantined',
      reason: `the rollout of ${workload} to ${revision.slice(0, 12)} was ${sentence}`,
      remedy: 'push a fix, or `belay retry` to try it again',
      since: at,
    },
  };
}
