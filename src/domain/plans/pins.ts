import type { ServiceObject } from '../apps';
import { podTemplateHash } from '../marks';
import type { RolloutView } from '../rollout-view';
import { type Action, patchOf, type PlanContext } from './plan';

/** The Services with a role of their own in this rollout. */
export function roleServices(view: RolloutView, context: PlanContext): readonly ServiceObject[] {
  const roles = [context.stableService, context.canaryService];
  return view.services.filter((service) => roles.includes(service.metadata.name));
}

/** Pins role Services to the ReplicaSets they stand for; undefined takes the pin off. Only what differs. */
export function pinServices(
  view: RolloutView,
  context: PlanContext,
  pins: { readonly stable: string | undefined; readonly canary: string | undefined },
): readonly Action[] {
  return roleServices(view, context).flatMap((service) => {
    const { name } = service.metadata;
    const pin = name === context.stableService ? pins.stable : pins.canary;
    if (service.spec.selector?.[podTemplateHash] === pin) return [];
    const why =
      pin === undefined ? `give Service ${name} its selector back` : `pin Service ${name} to ${pin}`;
    return [patchOf(service, context.fence, { spec: { selector: { [podTemplateHash]: pin ?? null } } }, why)];
  });
}
