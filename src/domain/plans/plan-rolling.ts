import { isObserved } from '../apps';
import type { RolloutView } from '../rollout-view';
import { type Plan, type PlanContext, waitFor } from './plan';

/**
 * A Deployment that is applied as it is and watched (rolling, and first deployments): complete when the controller has seen it
 * and every pod is of the new version and available (`kubectl rollout status` uses the same rule).
 */
export function planRolling(view: RolloutView, { workload }: PlanContext): Plan {
  const { stable } = view;
  if (stable === undefined) return waitFor(`Deployment ${workload} to exist`);
  const wanted = stable.spec.replicas ?? 1;
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = stable.status ?? {};
  if (!isObserved(stable)) return waitFor(`the Deployment controller to have seen ${workload}`);
  if (updatedReplicas < wanted)
    return waitFor(`${wanted} pods of ${workload} to be of the new version (${updatedReplicas} are)`);
  if (replicas > updatedReplicas)
    return waitFor(`${replicas - updatedReplicas} old pods of ${workload} to go`);
  if (availableReplicas < wanted)
    return waitFor(`${wanted} pods of ${workload} to be available (${availableReplicas} are)`);
  return { kind: 'done' };
}
