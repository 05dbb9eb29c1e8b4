import { refOf } from '../domain/kube-object';
import { untilHealthy } from './await-health';
import { beating } from './beating';
import type { LoadRevision } from './load';
import { loadAgain } from './load-application';
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

/** Waits for the health of what a step has applied. */
export function createSyncWait(ports: Ports, load: LoadRevision) {
  return {
    /** Until all plain objects of a step are healthy, or one never will be. It only looks. */
    awaitStep: beating(async (input: AwaitStepInput, beat): Promise<StepHealth> => {
      const { spec, step, treatments } = input;
      const loaded = await loadAgain(load, input);
      const selected = selectObjects(loaded, { spec, stage: 'after', treatments, step });
      const placed = await place(ports.cluster, spec, selected);
      const objects = placed.map(({ object }) => refOf(object));
      const end = await untilHealthy(ports, { application: spec.name, objects }, beat);
      if (end.kind === 'healthy') return end;
      const sentence = end.kind === 'gone' ? `it has vanished during the sync: ${end.message}` : end.message;
      return { kind: 'unhealthy', object: end.object, sentence };
    }),
  };
}
