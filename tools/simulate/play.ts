import { randomOf } from './random';
import type { Scenario } from './scenario';
import { seconds } from './scenario';

/** What one engine did in the rollouts it watched, in their order. */
export interface Outcome {
  readonly engine: string;
  readonly rollouts: number;
  /** Rollbacks before the version was bad; in a world without a bad version, all rollbacks. */
  readonly falseAlarms: number;
  /** Seconds from the first bad tick to the rollback; a miss counts the rest of the half hour. */
  readonly delays: readonly number[];
  /** Failing requests of the new version until then. */
  readonly failed: readonly number[];
  readonly misses: number;
}

/** Plays rollouts `from` up to but without `to` of a scenario; each engine sees the same worlds. */
export function playScenario(
  scenario: Scenario,
  { from, to, seed }: { readonly from: number; readonly to: number; readonly seed: number },
): readonly Outcome[] {
  const open = scenario.engines.map((engine) => ({
    engine,
    rollouts: 0,
    falseAlarms: 0,
    delays: [] as number[],
    failed: [] as number[],
    misses: 0,
  }));
  const onset = scenario.onset ?? 0;
  for (let rollout = from; rollout < to; rollout += 1) {
    const world = scenario.play(randomOf(seed, scenario.name, rollout));
    for (const outcome of open) {
      if (rollout % outcome.engine.every !== 0) continue;
      outcome.rollouts += 1;
      const at = outcome.engine.watch(world);
      if (scenario.kind !== 'bad' || (at !== undefined && at <= onset)) {
        outcome.falseAlarms += at === undefined ? 0 : 1;
        continue;
      }
      if (at === undefined) outcome.misses += 1;
      const end = at ?? world.ticks;
      outcome.delays.push((end - onset) * seconds);
      outcome.failed.push(world.served[end - 1]! - (onset === 0 ? 0 : world.served[onset - 1]!));
    }
  }
  return open.map(({ engine, ...outcome }) => ({ engine: engine.name, ...outcome }));
}

/** Outcomes of consecutive rollouts as one. */
export function mergeOutcomes(parts: readonly (readonly Outcome[])[]): readonly Outcome[] {
  const [first = [], ...others] = parts;
  return others.reduce(
    (merged, part) =>
      merged.map((outcome, index) => {
        const more = part[index]!;
        return {
          engine: outcome.engine,
          rollouts: outcome.rollouts + more.rollouts,
          falseAlarms: outcome.falseAlarms + more.falseAlarms,
          delays: [...outcome.delays, ...more.delays],
          failed: [...outcome.failed, ...more.failed],
          misses: outcome.misses + more.misses,
        };
      }),
    first,
  );
}
