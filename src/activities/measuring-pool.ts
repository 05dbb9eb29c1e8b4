import { setTimeout as sleep } from 'node:timers/promises';
import type { TakenReading } from '../domain/analysis/run';
import type { AnalysisRun } from '../domain/analysis/spec';
import { measureOne, type Measuring } from './measuring';

/** Measurements under way: a slow metric, such as a Job, does not keep the others waiting. */
export interface Pool {
  readonly isIdle: boolean;
  /** Starts those that are not under way already. */
  start(due: readonly string[], run: AnalysisRun): void;
  /** All readings that have come, at least one; none when another metric is due before. */
  next(at: number | undefined): Promise<readonly TakenReading[]>;
  /** Ends what is under way: its readings are wanted no more. */
  close(): void;
}

/** A pool for one batch of an analysis. */
export function createPool(measuring: Measuring): Pool {
  const end = new AbortController();
  const beat = { ...measuring.beat, signal: AbortSignal.any([measuring.beat.signal, end.signal]) };
  const underWay = new Map<string, Promise<void>>();
  const come: TakenReading[] = [];
  return {
    get isIdle() {
      return underWay.size === 0 && come.length === 0;
    },
    start(due, run) {
      for (const metric of measuring.metrics.filter(
        ({ name }) => due.includes(name) && !underWay.has(name),
      )) {
        const known = run.metrics.find(({ name }) => name === metric.name);
        const measured = measureOne({ ...measuring, beat }, metric, { known, begunAt: run.startedAt }).then(
          (taken) => void come.push(taken),
        );
        measured.catch(() => undefined);
        underWay.set(metric.name, measured);
      }
    },
    async next(at) {
      beat.note(waitingFor([...underWay.keys()], at));
      const clock = new AbortController();
      const waits = [...underWay.values()];
      if (at !== undefined)
        waits.push(sleep(Math.max(1, at - beat.now()), undefined, { signal: clock.signal }));
      const stopped = new Promise<void>((resolve) => {
        const options = { once: true, signal: clock.signal };
        if (beat.signal.aborted) resolve();
        else beat.signal.addEventListener('abort', () => resolve(), options);
      });
      try {
        await Promise.race([...waits, stopped]);
      } finally {
        clock.abort();
        for (const each of waits) each.catch(() => undefined);
      }
      const taken = come.splice(0);
      for (const { name } of taken) underWay.delete(name);
      return taken;
    },
    close: () => end.abort(),
  };
}

function waitingFor(names: readonly string[], at: number | undefined): string {
  if (names.length > 0) return `measuring ${names.join(', ')}`;
  return at === undefined
    ? 'nothing is due'
    : `the next measurement is at ${new Date(at).toISOString().slice(11, 19)}Z`;
}
