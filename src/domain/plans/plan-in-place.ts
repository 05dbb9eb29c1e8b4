import type { Hold, InPlaceView, UpdateStrategy } from '../in-place-view';
import { type KubeObject, type ObjectRef, refOf } from '../kube-object';
import type { Percent } from '../strategy';
import { type PlanOf, waitFor } from './plan';

/** One effect on a workload whose pods are replaced in place. */
export type InPlaceAction =
  /** Server-side apply of the composed object, with the resourceVersion just read. */
  | { readonly kind: 'apply'; readonly hold?: Hold; readonly why: string }
  | { readonly kind: 'deletePod'; readonly ref: ObjectRef; readonly uid: string; readonly why: string };

export type InPlacePlan = PlanOf<InPlaceAction>;

/** What one step is to reach. */
export interface InPlaceGoal {
  /** Share of the pods that shall be of the version that the template has. */
  readonly weight: Percent;
  /** The rollout whose label the wanted template carries; undefined: none. */
  readonly rolloutId: string | undefined;
  /** Wanted pods of a StatefulSet; undefined where Git omits them, and for DaemonSets. */
  readonly replicas?: number | undefined;
  /** Git's own updateStrategy: bounds how many pods go at a time. */
  readonly updateStrategy?: UpdateStrategy | undefined;
}

/** `ceil(pods * weight / 100)`: as many pods as bear at least this share. */
export function dueAt(weight: Percent, pods: number): number {
  return Math.ceil((pods * weight) / 100);
}

export function applyHeld(name: string, hold: Hold): InPlacePlan {
  const how =
    hold.kind === 'partition' ? `for ordinals from ${hold.partition} on` : 'for pods that are deleted';
  return { kind: 'act', actions: [{ kind: 'apply', hold, why: `give ${name} its template ${how}` }] };
}

export function deletePod(pod: KubeObject, why: string): InPlaceAction {
  return { kind: 'deletePod', ref: refOf(pod), uid: pod.metadata.uid ?? '', why };
}

/** Until the controller has told the newest version's name, old and new pods cannot be told apart. */
export function unseen({ workload }: InPlaceView): InPlacePlan {
  return waitFor(`the ${workload?.kind} controller to have seen the template of ${workload?.metadata.name}`);
}
