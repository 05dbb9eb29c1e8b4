import type { Fields } from './fields';
import { ignore } from './read-refusals';
import type { TrafficRouting } from './routing/spec';

/** Reads `trafficRouting`; undefined when it is absent or wrong. */
export function readTraffic(canary: Fields): TrafficRouting | undefined {
  ignore(canary, 'trafficRouting');
  if (canary.raw('trafficRouting') === undefined) return undefined;
  const path = [...canary.path, 'trafficRouting'];
  const remedy = 'remove it: weights are made by replica counts';
  canary.report({ code: 'Unsupported', path, message: 'traffic routing is not supported yet', remedy });
  return undefined;
}
