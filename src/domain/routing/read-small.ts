import type { Fields } from '../fields';
import { reportUnknown } from '../read-refusals';
import { requireField } from '../read-with';
import { readOneOrMore } from './read-unique';
import type { NginxSpec, SmiSpec, TraefikSpec } from './spec';

/** Reads `trafficRouting.nginx`. */
export function readNginx(fields: Fields): NginxSpec | undefined {
  const remedy = 'name the Ingress that has a path to the stable Service';
  const stableIngresses = readOneOrMore(fields, 'stableIngress', 'stableIngresses', remedy);
  const annotationPrefix = fields.string('annotationPrefix') || 'nginx.ingress.kubernetes.io';
  const additionalAnnotations = fields.strings('additionalIngressAnnotations');
  const canaryAnnotations = fields.strings('canaryIngressAnnotations');
  reportUnknown(fields);
  return (
    stableIngresses && {
      kind: 'nginx',
      stableIngresses,
      annotationPrefix,
      additionalAnnotations,
      canaryAnnotations,
    }
  );
}

/** Reads `trafficRouting.smi`, of which every field has a default. */
export function readSmi(fields: Fields): SmiSpec {
  const rootService = fields.string('rootService');
  const trafficSplitName = fields.string('trafficSplitName');
  reportUnknown(fields);
  return { kind: 'smi', ...(rootService && { rootService }), ...(trafficSplitName && { trafficSplitName }) };
}

/** Reads `trafficRouting.traefik`. */
export function readTraefik(fields: Fields): TraefikSpec | undefined {
  const key = 'weightedTraefikServiceName';
  const isThere = requireField(fields, key, 'name the TraefikService with spec.weighted');
  const name = fields.string(key);
  reportUnknown(fields);
  return isThere && name !== undefined ? { kind: 'traefik', [key]: name } : undefined;
}
