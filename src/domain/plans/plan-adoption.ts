import { isObserved, isOwnedBy, type DeploymentObject, type ReplicaSetObject } from '../apps';
import { refOf } from '../kube-object';
import { marks } from '../marks';
import { podsOf, replicaSetOf, type RolloutView } from '../rollout-view';
import { scale } from './plan-weight';
import {
  act,
  type Action,
  ownCanary,
  patchOf,
  type Plan,
  type PlanContext,
  waitFor,
  wantedPods,
} from './plan';
import { missing } from './plan-start';

/**
 * Promotion, parts b to d (DESIGN 4.3): stable, still paused, gets the new template; its old ReplicaSets are parked; the canary's
 * ReplicaSet is orphaned and adopted by stable. No pod starts or stops.
 *
 * Every old ReplicaSet is parked, also those of the history with no pods: a paused Deployment without a current ReplicaSet scales
 * its newest old one to the wanted size (`FindActiveOrLatest` in the Deployment controller), see docs/adr/0002.
 */
export function planAdoption(view: RolloutView, context: PlanContext): Plan {
  const { stable } = view;
  const canary = ownCanary(view, context);
  const { workload, rolloutId, fence } = context;
  if (stable === undefined) return missing(workload);
  const adopted = replicaSetOf(view, rolloutId);
  if (stable.spec.template.metadata?.labels?.[marks.rollout] !== rolloutId) {
    if (canary === undefined)
      return {
        kind: 'failed',
        code: 'CanaryMissing',
        sentence: `Deployment ${workload}-canary was deleted by somebody`,
      };
    return { kind: 'act', actions: [giveTemplate(stable)] };
  }
  if (!isObserved(stable))
    return waitFor(`the Deployment controller to have seen the new template of ${workload}`);
  if (adopted === undefined)
    return {
      kind: 'failed',
      code: 'CanaryMissing',
      sentence: `the ReplicaSet of rollout ${rolloutId} is gone`,
    };

  const old = view.replicaSets.filter((set) => isOwnedBy(set, stable) && set !== adopted);
  const parked = act(...old.map((set) => park(set, stable, fence)));
  if (parked !== undefined) return parked;
  if (old.length > 0)
    return waitFor(`${workload} to let go of ${old.map((set) => set.metadata.name).join(', ')}`);

  if (canary !== undefined) {
    // From here on the size is whoever's wants it: setting it again would start and stop adopted pods.
    if (canary.metadata.deletionTimestamp !== undefined)
      return waitFor(`${canary.metadata.name} to let go of its pods`);
    const size = Math.max(canary.spec.replicas ?? 1, wantedPods(context, stable));
    const sized = act(scale(stable, size, fence, 'its adopted pods'));
    if (sized !== undefined) return sized;
    if (!isObserved(stable)) return waitFor(`the Deployment controller to have seen the size of ${workload}`);
    return { kind: 'act', actions: [orphan(canary)] };
  }
  if (!isOwnedBy(adopted, stable)) return waitFor(`${workload} to adopt ${adopted.metadata.name}`);
  const updated = stable.status?.updatedReplicas ?? 0;
  if (
    !isObserved(stable) ||
    updated !== (stable.spec.replicas ?? 1) ||
    podsOf(view, adopted).length !== updated
  ) {
    return waitFor(`${workload} to count its ${stable.spec.replicas ?? 1} adopted pods (${updated} so far)`);
  }
  return { kind: 'done' };
}

function giveTemplate(stable: DeploymentObject): Action {
  return {
    kind: 'applyStable',
    replicas: stable.spec.replicas ?? 1,
    resourceVersion: stable.metadata.resourceVersion ?? '',
    paused: true,
    why: `give ${stable.metadata.name} the new template, still paused`,
  };
}

/** Takes the selector's labels off the ReplicaSet's own metadata; its pods keep theirs and keep running. */
function park(set: ReplicaSetObject, stable: DeploymentObject, fence: number): Action | undefined {
  if (set.metadata.labels?.[marks.parked] !== undefined) return undefined;
  const [key, value] = Object.entries(stable.spec.selector.matchLabels ?? {})[0] ?? [];
  if (key === undefined) return undefined;
  const labels = { [key]: null, [marks.parked]: stable.metadata.name };
  const annotations = { [marks.parkedLabels]: JSON.stringify({ [key]: value }) };
  return patchOf(set, fence, { metadata: { labels, annotations } }, `park ${set.metadata.name}`);
}

function orphan(canary: DeploymentObject): Action {
  return {
    kind: 'delete',
    ref: refOf(canary),
    uid: canary.metadata.uid ?? '',
    propagation: 'Orphan',
    why: `delete ${canary.metadata.name} and leave its pods to ${canary.metadata.labels?.[marks.canaryOf] ?? 'stable'}`,
  };
}
