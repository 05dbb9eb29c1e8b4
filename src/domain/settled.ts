import type { ApplicationState, WorkloadState } from './application-state';
import type { Treatment } from './decide-sync';
import type { RevisionPlan } from './revision-plan';

/** Every workload with the overlay that its stable version came with. */
export function settled({
  workloads,
}: Pick<ApplicationState, 'workloads'>): Readonly<Record<string, Treatment>> {
  return Object.fromEntries(Object.entries(workloads).map(([name, each]) => [name, treatmentOf(each)]));
}

/** These treatments, with those workloads of a revision settled that are out by now. */
export function withPromoted(
  { workloads }: Pick<ApplicationState, 'workloads'>,
  plan: Pick<RevisionPlan, 'workloads'>,
  treatments: Readonly<Record<string, Treatment>>,
): Readonly<Record<string, Treatment>> {
  const out = plan.workloads.flatMap(({ name, version }) => {
    const known = workloads[name];
    return known?.version === version ? [[name, treatmentOf(known)] as const] : [];
  });
  return { ...treatments, ...Object.fromEntries(out) };
}

function treatmentOf({ rolloutId }: WorkloadState): Treatment {
  return { kind: 'settled', ...(rolloutId === undefined ? {} : { rolloutId }) };
}
