import type { KubeObject } from '../kube-object';
import { podTemplateHash } from '../marks';
import { peekText } from '../peek';
import { fieldOf, isMap, type JsonMap } from '../read-json';
import { composed, mapsAt, refused, withSpec } from './composed';
import type { Composed, RouteGoal } from './router';
import type { IstioSpec } from './spec';

/**
 * A DestinationRule whose two subsets select the pods of their versions by `pod-template-hash`, besides the labels that the team
 * wrote. Without a hash the label goes (Argo Rollouts, UpdateHash).
 */
export function composeDestinationRule(
  rule: NonNullable<IstioSpec['destinationRule']>,
  base: KubeObject,
  goal: RouteGoal,
): Composed {
  const subsets = mapsAt(base, 'spec', 'subsets');
  const is = (name: string) => (subset: JsonMap) => peekText(subset, 'name') === name;
  const [isStable, isCanary] = [is(rule.stableSubsetName), is(rule.canarySubsetName)];
  if (!subsets.some(isStable)) {
    const message = `DestinationRule ${base.metadata.name} has no subset ${rule.stableSubsetName}`;
    return refused('spec.subsets', message, `add it, or correct destinationRule.stableSubsetName`);
  }
  const hasCanary = subsets.some(isCanary);
  const selected = subsets.flatMap((subset) => {
    if (isCanary(subset)) return [selecting(subset, goal.canaryHash)];
    if (!isStable(subset)) return [subset];
    const canary = { ...subset, name: rule.canarySubsetName };
    const stable = selecting(subset, goal.stableHash);
    return hasCanary ? [stable] : [stable, selecting(canary, goal.canaryHash)];
  });
  return composed(withSpec(base, { subsets: selected }), goal);
}

function selecting(subset: JsonMap, hash: string | undefined): JsonMap {
  const { labels: _labels, ...rest } = subset;
  const written = fieldOf(subset, 'labels');
  const { [podTemplateHash]: _hash, ...others } = isMap(written) ? written : {};
  const labels = hash === undefined ? others : { ...others, [podTemplateHash]: hash };
  return Object.keys(labels).length === 0 ? rest : { ...rest, labels };
}
