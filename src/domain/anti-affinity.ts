import type { DeploymentObject } from './apps';
import { marks } from './marks';
import { mapOf } from './read-json';
import type { AntiAffinity } from './strategy';

type PodSpec = Readonly<Record<string, unknown>>;

/**
 * The pod spec with one more rule: away from nodes with pods of this workload that are not of this rollout (Argo Rollouts injects such
 * a rule into the new ReplicaSet). It depends on the rollout's id alone, so stable's template stays equal to the canary's.
 */
export function keepApart(
  spec: PodSpec,
  rule: AntiAffinity,
  {
    selector,
    rolloutId,
  }: { readonly selector: DeploymentObject['spec']['selector']; readonly rolloutId: string },
): PodSpec {
  const others = { key: marks.rollout, operator: 'NotIn', values: [rolloutId] };
  const term = {
    labelSelector: { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), others] },
    topologyKey: 'kubernetes.io/hostname',
  };
  const affinity = mapOf(spec['affinity']);
  const rules = mapOf(affinity['podAntiAffinity']);
  const [field, entry] =
    rule.kind === 'required'
      ? (['requiredDuringSchedulingIgnoredDuringExecution', term] as const)
      : ([
          'preferredDuringSchedulingIgnoredDuringExecution',
          { weight: rule.weight, podAffinityTerm: term },
        ] as const);
  const before = Array.isArray(rules[field]) ? (rules[field] as readonly unknown[]) : [];
  return { ...spec, affinity: { ...affinity, podAntiAffinity: { ...rules, [field]: [...before, entry] } } };
}
