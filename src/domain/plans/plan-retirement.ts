import { isOwnedBy, type ReplicaSetObject } from '../apps';
import { marks } from '../marks';
import type { RolloutView } from '../rollout-view';
import { pinServices } from './pins';
import { freePlain } from './plain-services';
import { act, patchOf, type Plan, type PlanContext, unpauseStable, waitFor } from './plan';
import { planRoutesHome } from './plan-routes-home';
import { missing } from './plan-start';

/**
 * Promotion, part e (DESIGN 4.3), after `scaleDownDelaySeconds`: parked ReplicaSets lose their pods, get their labels back (so that
 * `kubectl rollout history` and `undo` know them), stable is un-paused, and Git's Service selectors return last.
 */
export function planRetirement(view: RolloutView, context: PlanContext): Plan {
  const { stable } = view;
  const { workload, fence } = context;
  if (stable === undefined) return missing(workload);
  const parked = view.replicaSets.filter((set) => set.metadata.labels?.[marks.parked] === workload);
  const scaled = act(
    ...parked
      .filter((set) => (set.spec.replicas ?? 0) > 0)
      .map((set) => patchOf(set, fence, { spec: { replicas: 0 } }, `scale ${set.metadata.name} to 0`)),
  );
  if (scaled !== undefined) return scaled;
  const busy = parked.filter(
    (set) => (set.status?.replicas ?? 0) > 0 || view.pods.some((pod) => isOwnedBy(pod, set)),
  );
  if (busy.length > 0)
    return waitFor(`the old pods of ${busy.map((set) => set.metadata.name).join(', ')} to go`);
  const back = act(...parked.map((set) => unpark(set, fence)));
  if (back !== undefined) return back;
  const free = view.replicaSets.filter((set) => set.metadata.ownerReferences === undefined);
  if (free.length > 0)
    return waitFor(`${workload} to take back ${free.map((set) => set.metadata.name).join(', ')}`);
  const home = planRoutesHome(view, context);
  if (home.kind !== 'done') return home;
  return (
    act(unpauseStable(stable, fence)) ??
    act(...pinServices(view, context, { stable: undefined, canary: undefined }), ...freePlain(view)) ?? {
      kind: 'done',
    }
  );
}

function unpark(set: ReplicaSetObject, fence: number) {
  const taken = JSON.parse(set.metadata.annotations?.[marks.parkedLabels] ?? '{}') as Record<string, string>;
  const metadata = {
    labels: { ...taken, [marks.parked]: null },
    annotations: { [marks.parkedLabels]: null },
  };
  return patchOf(set, fence, { metadata }, `give ${set.metadata.name} back to its Deployment`);
}
