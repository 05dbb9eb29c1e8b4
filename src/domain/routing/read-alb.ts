import type { Fields } from '../fields';
import { ignore, reportUnknown } from '../read-refusals';
import { requireField } from '../read-with';
import { readOneOrMore } from './read-unique';
import type { AlbSpec } from './spec';

/** The longest stickiness of target groups that AWS takes: seven days. */
const longest = 604_800;

/** Reads `trafficRouting.alb`. */
export function readAlb(fields: Fields): AlbSpec | undefined {
  const ingresses = readOneOrMore(fields, 'ingress', 'ingresses', 'name the Ingress of the load balancer');
  const hasPort = requireField(fields, 'servicePort', 'write the port of both Services');
  const servicePort = fields.int('servicePort', { min: 1, max: 65_535 });
  const rootService = fields.string('rootService');
  const annotationPrefix = fields.string('annotationPrefix') || 'alb.ingress.kubernetes.io';
  const stickinessConfig = readStickiness(fields);
  reportUnknown(fields);
  if (ingresses === undefined || !hasPort || servicePort === undefined) return undefined;
  return {
    kind: 'alb',
    ingresses,
    servicePort,
    ...(rootService && { rootService }),
    annotationPrefix,
    ...(stickinessConfig && { stickinessConfig }),
  };
}

function readStickiness(fields: Fields): AlbSpec['stickinessConfig'] {
  const map = fields.map('stickinessConfig');
  if (map === undefined) return undefined;
  const enabled = map.boolean('enabled') ?? false;
  if (!enabled) ignore(map, 'durationSeconds');
  else requireField(map, 'durationSeconds', `write 1 to ${longest}`);
  const durationSeconds = enabled ? map.int('durationSeconds', { min: 1, max: longest }) : 0;
  reportUnknown(map);
  return durationSeconds === undefined ? undefined : { enabled, durationSeconds };
}
