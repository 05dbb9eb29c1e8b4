import type { KubeObject } from '../kube-object';
import { peekNumber, peekText } from '../peek';
import { fieldOf, type JsonMap } from '../read-json';
import { mapsAt } from './composed';
import type { Served } from './router';

/**
 * Whether every parent of a route has taken its newest generation: the parent's entry in the status says `Accepted` and
 * `ResolvedRefs` about a generation that is not older. Weights have been programmed then, as far as the API can tell.
 */
export function routeServed(route: KubeObject): Served {
  const parents = mapsAt(route, 'spec', 'parentRefs');
  if (parents.length === 0) {
    return {
      served: false,
      why: `${route.kind} ${route.metadata.name} has no parentRefs, so nothing serves it`,
    };
  }
  for (const parent of parents) {
    const why = refusalOf(route, parent);
    if (why !== undefined) return { served: false, why };
  }
  return { served: true };
}

function refusalOf(route: KubeObject, parent: JsonMap): string | undefined {
  const label = `${peekText(parent, 'kind') ?? 'Gateway'} ${peekText(parent, 'name') ?? ''}`;
  const entries = mapsAt(route, 'status', 'parents').filter((entry) =>
    sameParent(fieldOf(entry, 'parentRef'), parent, route.metadata.namespace),
  );
  const reasons = entries.map((entry) => refusalOfEntry(entry, label, route.metadata.generation ?? 0));
  if (reasons.length === 0) return `${label} has not answered for ${route.kind} ${route.metadata.name}`;
  // Two controllers may speak for one parent; the one that serves it is enough.
  return reasons.includes(undefined) ? undefined : reasons[0];
}

const conditions = ['Accepted', 'ResolvedRefs'] as const;

function refusalOfEntry(entry: JsonMap, label: string, generation: number): string | undefined {
  for (const type of conditions) {
    const condition = mapsAt(entry, 'conditions').find((each) => peekText(each, 'type') === type);
    if (condition === undefined) return `${label} has not said ${type} yet`;
    const seen = peekNumber(condition, 'observedGeneration');
    if (seen !== undefined && seen < generation) {
      return `${label} has seen generation ${seen}, not ${generation} yet`;
    }
    if (peekText(condition, 'status') !== 'True') {
      const reason = peekText(condition, 'message') || peekText(condition, 'reason') || `${type} is not True`;
      return `${label}: ${reason}`;
    }
  }
  return undefined;
}

const defaults = { group: 'gateway.networking.k8s.io', kind: 'Gateway' } as const;

function sameParent(a: unknown, b: JsonMap, namespace: string | undefined): boolean {
  const text = (
    ref: unknown,
    key: 'group' | 'kind' | 'name' | 'sectionName' | 'namespace',
  ): string | undefined =>
    peekText(ref, key) ??
    (key === 'namespace' ? namespace : key === 'group' || key === 'kind' ? defaults[key] : undefined);
  return (
    (['group', 'kind', 'name', 'namespace', 'sectionName'] as const).every(
      (key) => text(a, key) === text(b, key),
    ) && peekNumber(a, 'port') === peekNumber(b, 'port')
  );
}
