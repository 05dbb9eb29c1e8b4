import type { ServiceObject } from '../apps';
import { fenceOn } from '../fence';
import { refOf } from '../kube-object';
import { marks, podTemplateHash } from '../marks';
import type { RolloutView } from '../rollout-view';
import { roleServices } from './pins';
import { type Action, patchOf, type PlanContext } from './plan';

/**
 * Services without a role: where pods carry the weight they list the pods of both versions. While both are whole, as at the gate of a
 * release, such a Service is pinned to one of them, and `belay.dev/standby` says so: self-heal leaves the pin, and who goes on takes it off.
 */
export function plainServices(view: RolloutView, context: PlanContext): readonly ServiceObject[] {
  if (context.standsBy !== true) return [];
  const roles = roleServices(view, context);
  return view.services.filter((service) => !roles.includes(service) && !hasOwnPin(service));
}

/** Why the old version cannot stand by: a Service that would lose other pods too if it were pinned. */
export function standbyObstacle(view: RolloutView, context: PlanContext): string | undefined {
  const shared = plainServices(view, context).find(({ metadata }) => view.shared.includes(metadata.name));
  return shared === undefined
    ? undefined
    : `Service ${shared.metadata.name} selects pods of other workloads too`;
}

/** Pins them all to one ReplicaSet. Only what differs. */
export function pinPlain(view: RolloutView, context: PlanContext, pin: string): readonly Action[] {
  return plainServices(view, context).flatMap((service) =>
    pinOf(service) === pin ? [] : [mark(service, context, pin)],
  );
}

/** Those that are pinned already go to this ReplicaSet, all of them together. */
export function turnPlain(view: RolloutView, context: PlanContext, pin: string): readonly Action[] {
  return marked(view).flatMap((service) => {
    const now = pinOf(service);
    return now === undefined || now === pin ? [] : [mark(service, context, pin)];
  });
}

/** Fences them before the way back: a worker that wakes up in the middle of pinning must not pin them behind its back. */
export function fencePlain(view: RolloutView, context: PlanContext): readonly Action[] {
  return plainServices(view, context)
    .filter((service) => fenceOn(service) < context.fence && !view.shared.includes(service.metadata.name))
    .map((service) => {
      const annotations = { [marks.standby]: context.rolloutId };
      const why = `fence ${service.metadata.name} at ${context.fence}`;
      return patchOf(service, context.fence, { metadata: { annotations } }, why);
    });
}

/** They are as Git has them again, with no mark and no number. */
export function freePlain(view: RolloutView): readonly Action[] {
  return marked(view).map((service) => ({
    kind: 'patch',
    ref: refOf(service),
    patch: {
      metadata: {
        resourceVersion: service.metadata.resourceVersion,
        annotations: { [marks.standby]: null, [marks.fence]: null },
      },
      spec: { selector: { [podTemplateHash]: null } },
    },
    why: `give Service ${service.metadata.name} its selector back`,
  }));
}

/** The ReplicaSet's hash that such a Service is pinned to. */
export function pinnedTo(view: RolloutView): string | undefined {
  return marked(view)
    .map(pinOf)
    .find((pin) => pin !== undefined);
}

function marked({ services }: RolloutView): readonly ServiceObject[] {
  return services.filter(isMarked);
}

function isMarked({ metadata }: ServiceObject): boolean {
  return metadata.annotations?.[marks.standby] !== undefined;
}

function pinOf({ spec }: ServiceObject): string | undefined {
  return spec.selector?.[podTemplateHash];
}

/** A pin that somebody else has set is theirs. */
function hasOwnPin(service: ServiceObject): boolean {
  return pinOf(service) !== undefined && !isMarked(service);
}

function mark(service: ServiceObject, { fence, rolloutId }: PlanContext, pin: string): Action {
  const { name } = service.metadata;
  const patch = {
    metadata: { annotations: { [marks.standby]: rolloutId } },
    spec: { selector: { [podTemplateHash]: pin } },
  };
  return patchOf(service, fence, patch, `pin Service ${name} to ${pin}`);
}
