import type { ApplicationState, WorkloadState } from './application-state';
import type { Treatment } from './decide-sync';

/** Every workload with the overlay that its stable version came with. */
export function settled({
  workloads,
}: Pick<ApplicationState, 'workloads'>): Readonly<Record<string, Treatment>> {
  return Object.fromEntries(Object.entries(workloads).map(([name, each]) => [name, treatmentOf(each)]));
}

function treatmentOf({ rolloutId }: WorkloadState): Treatment {
  return { kind: 'settled', ...(rolloutId === undefined ? {} : { rolloutId }) };
}
