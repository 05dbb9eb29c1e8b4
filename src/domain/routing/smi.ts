import { peekNumber, peekText } from '../peek';
import { composed, mapsAt } from './composed';
import type { Router } from './router';
import type { SmiSpec } from './spec';

const apiVersion = 'split.smi-spec.io/v1alpha1';

/** A TrafficSplit of the Service Mesh Interface, which exists for the time of a rollout only (Argo Rollouts, trafficrouting/smi). */
export const smi: Router<SmiSpec> = {
  objects: ({ rootService, trafficSplitName }, { namespace, goal }) => [
    {
      ref: { apiVersion, kind: 'TrafficSplit', namespace, name: trafficSplitName ?? goal.workload },
      life: 'own',
      from: { apiVersion: 'v1', kind: 'Service', namespace, name: rootService ?? goal.stableService },
    },
  ],
  compose({ trafficSplitName }, base, goal) {
    const { name, namespace } = base.metadata;
    const backends = [
      { service: goal.canaryService, weight: goal.weight },
      { service: goal.stableService, weight: goal.maxWeight - goal.weight },
    ];
    const metadata = {
      name: trafficSplitName ?? goal.workload,
      ...(namespace === undefined ? {} : { namespace }),
    };
    return composed({ apiVersion, kind: 'TrafficSplit', metadata, spec: { service: name, backends } }, goal);
  },
  served: () => ({ served: true }),
  weightOf(_spec, live, goal) {
    const backends = mapsAt(live, 'spec', 'backends');
    const canary = backends.find((each) => peekText(each, 'service') === goal.canaryService);
    return canary && peekNumber(canary, 'weight');
  },
};
