import {
  byVersion,
  isAvailable,
  newestRevision,
  type InPlaceObject,
  type InPlaceView,
} from '../domain/in-place-view';
import type { InPlaceGoal, InPlacePlan } from '../domain/plans/plan-in-place';
import { planOnDelete } from '../domain/plans/plan-on-delete';
import { planPartition } from '../domain/plans/plan-partition';
import type { RevisionSource } from '../domain/revision-source';
import type { RolloutSpec } from '../domain/rollout-status';
import { PortError } from '../ports/port-error';
import { inPlaceKind } from './in-place-drive';
import type { LoadedWorkload } from './load';

export type InPlacePlanner = (view: InPlaceView, now: number) => InPlacePlan;

/** The plan of a share of pods, by the kind of the workload. */
export function planWeight(
  spec: RolloutSpec,
  workload: LoadedWorkload,
  wanted: Pick<InPlaceGoal, 'weight' | 'rolloutId' | 'replicas'>,
): InPlacePlanner {
  const { replicas, updateStrategy } = (workload.object as InPlaceObject).spec;
  const goal = { ...wanted, name: spec.name, replicas: wanted.replicas ?? replicas, updateStrategy };
  const plan = inPlaceKind(spec) === 'StatefulSet' ? planPartition : planOnDelete;
  return (view, now) => plan(view, goal, now);
}

/** Applies once before anything else: where no rollout label tells, only the API server knows whether the template is another. */
export function firstApplied(held: RolloutSpec | undefined, plan: InPlacePlanner): InPlacePlanner {
  let isApplied = false;
  return (view, now) => {
    if (isApplied) return plan(view, now);
    isApplied = true;
    const why = 'apply the template';
    if (held === undefined) return { kind: 'act', actions: [{ kind: 'apply', why }] };
    const hold =
      inPlaceKind(held) === 'StatefulSet'
        ? ({ kind: 'partition', partition: 0 } as const)
        : ({ kind: 'onDelete' } as const);
    return { kind: 'act', actions: [{ kind: 'apply', hold, why }] };
  };
}

/** The deadline moves when more pods are available than ever before; pods that flap do not move it. */
export function movingDeadline(first: number, ms: number): (view: InPlaceView, now: number) => number {
  let deadlineAt = first;
  let most = 0;
  return (view, now) => {
    const { workload } = view;
    const newest = newestRevision(view);
    if (workload === undefined || newest === undefined) return deadlineAt;
    const available = byVersion(view, newest).fresh.filter((pod) => isAvailable(pod, workload, now)).length;
    if (available > most) deadlineAt = Math.max(deadlineAt, now + ms);
    most = Math.max(most, available);
    return deadlineAt;
  };
}

/** Where the version to go back to is. Throws PortError `InvalidSpec` when none is known. */
export function goodOf({ good, name }: RolloutSpec): RevisionSource {
  if (good !== undefined) return good;
  throw new PortError(`no revision is known in which ${name} was good; push a fix`, {
    code: 'InvalidSpec',
    retry: 'never',
  });
}
