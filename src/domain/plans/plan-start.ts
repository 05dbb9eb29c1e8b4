import { isObserved } from '../apps';
import { canaryName, marks } from '../marks';
import { currentReplicaSet, hashOf, type RolloutView } from '../rollout-view';
import type { WorkloadKind } from '../workload';
import { pinServices } from './pins';
import { freePlain } from './plain-services';
import { act, pauseStable, type Plan, type PlanContext, waitFor, type PlanOf } from './plan';

/**
 * The start of a canary (DESIGN 4.1): stable paused, role Services pinned to its ReplicaSet before the canary exists (unpinned,
 * they would list canary pods and bypass the weights), then `<workload>-canary` with no pods.
 */
export function planStart(view: RolloutView, context: PlanContext): Plan {
  const { stable, canary } = view;
  const { workload, fence, rolloutId } = context;
  if (stable === undefined) return missing(workload);
  if (canary !== undefined && canary.metadata.labels?.[marks.canaryOf] !== workload) return foreign(workload);
  if (canary !== undefined && canary.metadata.labels?.[marks.rollout] !== rolloutId) {
    if (canary.metadata.deletionTimestamp !== undefined)
      return waitFor(`the canary of an earlier rollout, ${canaryName(workload)}, to go`);
    return {
      kind: 'act',
      actions: [
        {
          kind: 'delete',
          ref: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: canary.metadata.name,
            namespace: canary.metadata.namespace ?? '',
          },
          uid: canary.metadata.uid ?? '',
          propagation: 'Background',
          why: 'remove the canary of an earlier rollout',
        },
      ],
    };
  }
  if (stable.spec.paused !== true) return { kind: 'act', actions: [pauseStable(stable, fence)] };
  const current = currentReplicaSet(view, stable);
  if (!isObserved(stable) || current === undefined)
    return waitFor(`the Deployment controller to have seen ${workload} paused`);
  const pin = hashOf(current);
  return (
    act(...pinServices(view, context, { stable: pin, canary: pin }), ...freePlain(view)) ??
    (canary === undefined
      ? {
          kind: 'act',
          actions: [{ kind: 'createCanary', why: `create ${canaryName(workload)} with no pods` }],
        }
      : { kind: 'done' })
  );
}

/** The workload that a rollout is about is not there. */
export function missing(workload: string, kind: WorkloadKind = 'Deployment'): PlanOf<never> {
  return {
    kind: 'failed',
    code: 'WorkloadMissing',
    sentence: `${kind} ${workload} is gone; somebody deleted it during the rollout: sync the application to make it anew`,
  };
}

/** The canary is not there although its rollout is. */
export function canaryMissing(workload: string): Plan {
  const sentence = `Deployment ${canaryName(workload)} was deleted by somebody during the rollout`;
  return { kind: 'failed', code: 'CanaryMissing', sentence };
}

function foreign(workload: string): Plan {
  const name = canaryName(workload);
  return {
    kind: 'failed',
    code: 'OwnedByAnother',
    sentence: `a Deployment ${name} exists that is not Belay's (it has no label ${marks.canaryOf}: ${workload}); rename or delete it, then retry`,
  };
}
