import { setTimeout as sleep } from 'node:timers/promises';
import { healthOf } from '../domain/health';
import { nameOf, refOf } from '../domain/kube-object';
import { revisionSource } from '../domain/revision-source';
import { objectResult } from '../domain/sync/wait';
import { PortError } from '../ports/port-error';
import { beating } from './beating';
import type { LoadRevision } from './load';
import { place } from './place';
import type { Ports } from './ports';
import { selectObjects, type Treatments } from './selection';
import type { SyncHooksInput } from './sync-hooks';

export interface AwaitStepInput extends SyncHooksInput {
  readonly treatments: Treatments;
}

export type StepHealth =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'unhealthy'; readonly object: string; readonly sentence: string };

const firstLookMs = 300;
const slowestLookMs = 3_000;

/** Waits for the health of what a step has applied. */
export function createSyncWait({ cluster }: Ports, load: LoadRevision) {
  return {
    /** Until all plain objects of a step are healthy, or one never will be. It only looks. */
    awaitStep: beating(async (input: AwaitStepInput, beat): Promise<StepHealth> => {
      const { spec, revision, pins, step, treatments } = input;
      const loaded = await load(revisionSource(spec, revision, pins), spec.destination.namespace);
      if (!loaded.ok)
        throw new PortError(`revision ${revision.slice(0, 12)} cannot be read any more`, {
          code: 'InvalidSpec',
          retry: 'later',
        });
      const selected = selectObjects(loaded.value, { spec, stage: 'after', treatments, step });
      const refs = (await place(cluster, spec, selected)).map(({ object }) => refOf(object));
      const waiting = new Set(refs);
      for (let lookMs = firstLookMs; ; lookMs = Math.min(slowestLookMs, lookMs * 1.5)) {
        for (const ref of waiting) {
          const live = await cluster.get(ref, beat.signal);
          if (live === undefined)
            return { kind: 'unhealthy', object: nameOf(ref), sentence: 'it has vanished during the sync' };
          const health = healthOf(live);
          const result = objectResult(health);
          if (result === 'succeeded') waiting.delete(ref);
          if (result === 'failed')
            return { kind: 'unhealthy', object: nameOf(ref), sentence: health?.message ?? 'it is Degraded' };
          if (result === 'running')
            beat.note(`until ${nameOf(ref)} is healthy: ${health?.status ?? ''} ${health?.message ?? ''}`);
        }
        if (waiting.size === 0) return { kind: 'healthy' };
        await sleep(lookMs, undefined, { signal: beat.signal });
      }
    }),
  };
}
