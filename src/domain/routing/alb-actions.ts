import { peekNumber, peekText } from '../peek';
import { mapsAt, refused, type Refused } from './composed';
import type { HeaderMatch } from './matches';
import type { RouteGoal } from './router';
import type { AlbSpec } from './spec';
import { shareOf } from './weights';

/** The value of an action's annotation: forward to these Services by weight. */
export function forwardTo(
  { servicePort, stickinessConfig }: AlbSpec,
  targets: readonly (readonly [service: string, weight: number])[],
): string {
  const TargetGroups = targets.map(([ServiceName, Weight]) => ({
    ServiceName,
    ServicePort: String(servicePort),
    Weight,
  }));
  const sticky =
    stickinessConfig?.enabled === true
      ? { Enabled: true, DurationSeconds: stickinessConfig.durationSeconds }
      : undefined;
  return JSON.stringify({
    Type: 'forward',
    ForwardConfig: { TargetGroups, ...(sticky && { TargetGroupStickinessConfig: sticky }) },
  });
}

/** The canary's weight in an action; undefined for an action that says nothing about it. */
export function weightIn(action: string | undefined, goal: RouteGoal): number | undefined {
  const groups = mapsAt(parse(action), 'ForwardConfig', 'TargetGroups');
  const weightOf = (service: string): number | undefined => {
    const found = groups.find((group) => peekText(group, 'ServiceName') === service);
    return found && peekNumber(found, 'Weight');
  };
  const [stable, canary] = [weightOf(goal.stableService), weightOf(goal.canaryService)];
  if (stable === undefined && canary === undefined) return undefined;
  return shareOf(stable ?? 0, canary ?? 0, goal.maxWeight);
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/**
 * The value of a condition's annotation: every header has to fit; of several values of one header any may, as Argo Rollouts writes
 * it. The load balancer knows exact values only.
 */
export function conditionsOf(route: string, match: readonly HeaderMatch[]): string | Refused {
  const values = new Map<string, string[]>();
  for (const { headerName, headerValue } of match) {
    if (!('exact' in headerValue)) {
      const message = `route ${route} matches header ${headerName} by a pattern, and an application load balancer knows exact values only`;
      return refused('headerValue', message, 'use exact');
    }
    values.set(headerName, [...(values.get(headerName) ?? []), headerValue.exact]);
  }
  const conditions = [...values].map(([httpHeaderName, each]) => ({
    field: 'http-header',
    httpHeaderConfig: { httpHeaderName, values: each },
  }));
  return JSON.stringify(conditions);
}
