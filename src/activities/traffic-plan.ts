import { act, type Plan, type PlanContext, waitFor } from '../domain/plans/plan';
import { metadataActions } from '../domain/plans/plan-metadata';
import { planStandby } from '../domain/plans/plan-standby';
import { planPreview, planSwitched } from '../domain/plans/plan-preview';
import { planRouted } from '../domain/plans/plan-routed';
import { planWeight } from '../domain/plans/plan-weight';
import type { RolloutView } from '../domain/rollout-view';
import type { TrafficState } from '../domain/routing/traffic';
import type { BlueGreenStrategy, CanaryStrategy, Strategy } from '../domain/strategy';

/** How long the router and its clients may still use what a switch has taken away: requests in flight end meanwhile. */
export const settleMs = 500;

/** Whether users' traffic is moved by a Service or a router, and not by the pods that are there. */
export function hasSwitch(strategy: Strategy): boolean {
  return strategy.kind === 'blueGreen' || (strategy.kind === 'canary' && strategy.routing !== undefined);
}

export type TrafficPlan = (view: RolloutView, context: PlanContext, now: number) => Plan;

/** The plan that reaches, and keeps, what the steps taken so far ask for. */
export function trafficPlan(strategy: Strategy, traffic: TrafficState): TrafficPlan {
  switch (strategy.kind) {
    case 'canary': {
      if (traffic.isStandby === true) return labelled(strategy, planStandby);
      const steps = strategy.routing === undefined ? ratio(strategy, traffic) : routed(strategy, traffic);
      return labelled(strategy, steps);
    }
    case 'blueGreen': {
      if (traffic.isSwitched === true) return labelled(strategy, planSwitched);
      const count = traffic.isFull === true ? undefined : strategy.previewReplicaCount;
      return labelled(strategy, (view, context) => planPreview(view, context, count));
    }
    case 'inPlace':
    case 'rolling':
      throw new Error(`a workload with the strategy ${strategy.kind} has no canary`);
  }
}

/** The same, and then on and on: what is changed by somebody meanwhile is put right. */
export function keepingPlan(plan: TrafficPlan): TrafficPlan {
  return (view, context, now) => {
    const next = plan(view, context, now);
    return next.kind === 'done' ? { ...waitFor('the pause to end'), isCalm: true } : next;
  };
}

function ratio(strategy: CanaryStrategy, { weight }: TrafficState): TrafficPlan {
  return (view, context) => planWeight(view, context, { weight, strategy });
}

/** Pods that are too many go only when the router has let go of them for a moment. */
function routed(strategy: CanaryStrategy, traffic: TrafficState): TrafficPlan {
  let routedAt: number | undefined;
  return (view, context, now) => {
    const reached = planRouted(view, context, { traffic, strategy, mayShrink: false });
    if (reached.kind !== 'done') {
      routedAt = undefined;
      return reached;
    }
    routedAt ??= now;
    const next = planRouted(view, context, { traffic, strategy, mayShrink: true });
    if (next.kind === 'act' && now - routedAt < settleMs)
      return waitFor('requests to the surplus pods to end');
    return next;
  };
}

function labelled(strategy: CanaryStrategy | BlueGreenStrategy, plan: TrafficPlan): TrafficPlan {
  return (view, context, now) => {
    const next = plan(view, context, now);
    const isFree = next.kind === 'done' || next.kind === 'wait';
    return (isFree ? act(...metadataActions(view, context, strategy)) : undefined) ?? next;
  };
}
