import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import { valueAt } from '../read-json';
import { mapsAt } from './composed';
import { composeDestinationRule } from './istio-destination-rule';
import { composeVirtualService, virtualServiceWeight } from './istio-virtual-service';
import type { RouterObject, Router, Served } from './router';
import type { IstioSpec } from './spec';

/** Served by every version of Istio in use. */
const apiVersion = 'networking.istio.io/v1beta1';

/** VirtualServices with two hosts, or with two subsets of one host that a DestinationRule defines. */
export const istio: Router<IstioSpec> = {
  // A subset has to exist before a route sends anything to it.
  objects({ virtualServices, destinationRule }, { namespace: here }) {
    const rule = destinationRule === undefined ? [] : [edit('DestinationRule', destinationRule, here)];
    return [...rule, ...virtualServices.map((each) => edit('VirtualService', each, here))];
  },
  compose: (spec, base, goal) =>
    base.kind === 'DestinationRule' && spec.destinationRule !== undefined
      ? composeDestinationRule(spec.destinationRule, base, goal)
      : composeVirtualService(spec, base, goal),
  served: (_spec, live) => istioServed(live),
  weightOf: (spec, live, goal) =>
    live.kind === 'VirtualService' ? virtualServiceWeight(spec, live, goal) : undefined,
};

function edit(
  kind: string,
  { name, namespace }: { readonly name: string; readonly namespace?: string },
  here: string,
): RouterObject {
  return { ref: { apiVersion, kind, namespace: namespace ?? here, name }, life: 'edit' };
}

/** Istio writes a status only if it is told to; what it says there counts, and silence is consent. */
function istioServed(live: KubeObject): Served {
  const error = mapsAt(live, 'status', 'validationMessages').find(
    (each) => peekText(each, 'level') === 'ERROR',
  );
  const { generation = 0 } = live.metadata;
  // 64-bit numbers are texts in Istio's JSON.
  const seen = valueAt(live, 'status', 'observedGeneration');
  if (seen !== undefined && Number(seen) < generation) {
    return { served: false, why: `Istio has seen generation ${Number(seen)}, not ${generation} yet` };
  }
  if (error === undefined) return { served: true };
  const [name, code] = [peekText(error, 'type', 'name'), peekText(error, 'type', 'code')];
  return {
    served: false,
    why: `Istio: ${[code, name].filter(Boolean).join(' ') || 'the object is not valid'}`,
  };
}
