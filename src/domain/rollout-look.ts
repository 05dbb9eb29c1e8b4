import type { DeploymentObject } from './apps';
import { marks, podTemplateHash } from './marks';
import { peekList, peekText } from './peek';
import { ownCanary, type PlanContext } from './plans/plan';
import { pinnedTo } from './plans/plain-services';
import { actualWeight } from './plans/plan-routed';
import type { RolloutLook, SideStatus } from './rollout-status';
import { currentReplicaSet, hashOf, type RolloutView } from './rollout-view';
import type { Percent, Strategy } from './strategy';

/** Images beyond these are not named: the answer of a step stays small. */
const mostImages = 10;

/**
 * What people see of both versions at the end of a step: images, counts of pods as their Deployments have them, and the share of
 * users' requests that the new version has by now (Argo Rollouts' ActualWeight). Undefined when the workload is gone.
 */
export function lookOf(
  view: RolloutView,
  context: PlanContext,
  strategy: Strategy['kind'],
): RolloutLook | undefined {
  const { stable } = view;
  if (stable === undefined) return undefined;
  const canary = ownCanary(view, context);
  return {
    stable: sideOf(stable),
    ...(canary === undefined ? {} : { canary: sideOf(canary) }),
    actualWeight: weightOf(view, context, { strategy, stable, canary }),
  };
}

function sideOf({ spec, status }: DeploymentObject): SideStatus {
  return {
    images: imagesOf(spec.template.spec),
    desired: spec.replicas ?? 1,
    current: status?.replicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

/** Images of the containers, each once; init containers are over when a pod serves. */
function imagesOf(podSpec: unknown): readonly string[] {
  const images = peekList(podSpec, 'containers').map((container) => peekText(container, 'image') ?? '');
  return [...new Set(images.filter((image) => image !== ''))].slice(0, mostImages);
}

interface Sides {
  readonly strategy: Strategy['kind'];
  readonly stable: DeploymentObject;
  readonly canary: DeploymentObject | undefined;
}

function weightOf(view: RolloutView, context: PlanContext, { strategy, stable, canary }: Sides): Percent {
  const isNew = stable.spec.template.metadata?.labels?.[marks.rollout] === context.rolloutId;
  const { routing } = context;
  const whole = routing?.maxTrafficWeight ?? 100;
  if (canary === undefined) return isNew ? whole : 0;
  const pin = pinnedTo(view);
  if (pin !== undefined) return pin === newHash(view, context) ? whole : 0;
  if (isSwitched(view, context)) return whole;
  if (strategy === 'blueGreen') return 0;
  return routing === undefined ? shareOf(canary, stable) : actualWeight(view, context);
}

/** Users' Service selects the new version's pods alone: after the switch of blue-green, and after the handover of a promotion. */
function isSwitched(view: RolloutView, context: PlanContext): boolean {
  const hash = newHash(view, context);
  const service = view.services.find(({ metadata }) => metadata.name === context.stableService);
  return hash !== undefined && service?.spec.selector?.[podTemplateHash] === hash;
}

function newHash(view: RolloutView, context: PlanContext): string | undefined {
  const set = currentReplicaSet(view, ownCanary(view, context));
  return set === undefined ? undefined : hashOf(set);
}

/** Without a router a Service spreads requests over the pods that are available. */
function shareOf(canary: DeploymentObject, stable: DeploymentObject): Percent {
  const ours = canary.status?.availableReplicas ?? 0;
  const all = ours + (stable.status?.availableReplicas ?? 0);
  return all === 0 ? 0 : Math.round((100 * ours) / all);
}
