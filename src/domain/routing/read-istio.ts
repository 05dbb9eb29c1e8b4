import type { Fields } from '../fields';
import { refuse, reportUnknown, type Refusals } from '../read-refusals';
import { requireField } from '../read-with';
import { readTexts } from './read-unique';
import type { IstioSpec } from './spec';

type VirtualService = IstioSpec['virtualServices'][number];

/** Reads `trafficRouting.istio`: one VirtualService or several, and the DestinationRule of their subsets if there is one. */
export function readIstio(fields: Fields): IstioSpec | undefined {
  const one = fields.map('virtualService');
  const more = fields.maps('virtualServices');
  const rule = fields.map('destinationRule');
  const destinationRule = rule && readRule(rule);
  reportUnknown(fields);
  if (one !== undefined && more.length > 0) {
    const message = 'virtualService and virtualServices are both given';
    return fields.invalid('virtualServices', message, { remedy: 'keep one of them' });
  }
  const all = one === undefined ? more : [one];
  if (all.length === 0) {
    return fields.invalid('virtualService', 'is missing', {
      remedy: 'name the VirtualService to be weighted',
    });
  }
  const virtualServices = all.flatMap((each) => readVirtualService(each) ?? []);
  if (virtualServices.length < all.length || (rule !== undefined && destinationRule === undefined))
    return undefined;
  return { kind: 'istio', virtualServices, ...(destinationRule && { destinationRule }) };
}

function readVirtualService(fields: Fields): VirtualService | undefined {
  const isThere = requireField(fields, 'name', 'name the VirtualService');
  const name = fields.string('name');
  const routes = readTexts(fields, 'routes');
  const tlsRoutes = fields.maps('tlsRoutes').map((route) => {
    const port = readPort(route);
    const sniHosts = readTexts(route, 'sniHosts');
    reportUnknown(route);
    return { ...port, sniHosts };
  });
  const tcpRoutes = fields.maps('tcpRoutes').map((route) => {
    const port = readPort(route);
    reportUnknown(route);
    return port;
  });
  reportUnknown(fields);
  if (!isThere || name === undefined) return undefined;
  return { ...splitName(name), routes, tlsRoutes, tcpRoutes };
}

/** A port of 0 is none, as in Argo Rollouts. */
function readPort(route: Fields): { readonly port?: number } {
  const port = route.int('port', { max: 65_535 });
  return port ? { port } : {};
}

/** `name.namespace`: names may hold dots, namespaces cannot. */
function splitName(text: string): Pick<VirtualService, 'name' | 'namespace'> {
  const short = text.replace(/\.cluster\.local$/, '').replace(/\.svc$/, '');
  const dot = short.lastIndexOf('.');
  return dot < 0 ? { name: short } : { name: short.slice(0, dot), namespace: short.slice(dot + 1) };
}

const refusals: Refusals = {
  additionalSubsetNames: ['additionalSubsetNames is', 'remove it: other subsets are left as they are'],
};

function readRule(fields: Fields): IstioSpec['destinationRule'] {
  refuse(fields, refusals);
  const keys = ['name', 'canarySubsetName', 'stableSubsetName'] as const;
  const isThere = keys
    .map((key) => requireField(fields, key, 'it is needed for weights by subset'))
    .every(Boolean);
  const [name, canarySubsetName, stableSubsetName] = keys.map((key) => fields.string(key));
  reportUnknown(fields);
  if (!isThere || name === undefined || canarySubsetName === undefined || stableSubsetName === undefined) {
    return undefined;
  }
  if (canarySubsetName === stableSubsetName) {
    const message = `subset ${stableSubsetName} is both the canary's and stable's`;
    return fields.invalid('canarySubsetName', message, {
      value: canarySubsetName,
      remedy: 'name two different subsets',
    });
  }
  return { name, canarySubsetName, stableSubsetName };
}
