import type { ApplicationState, Quarantine } from './application-state';
import type { RevisionPlan, WorkloadPlan } from './revision-plan';

/** How each workload of a revision is brought out. */
export type Treatment =
  /** Its version is in the cluster already: applied with the overlay that it came with. */
  | { readonly kind: 'settled'; readonly rolloutId?: string }
  /** A rollout will bring it, or is bringing it. */
  | { readonly kind: 'rolling'; readonly pace: 'steps' | 'initial' | 'fast' };

export type SyncDecision =
  | {
      readonly kind: 'sync';
      readonly treatments: Readonly<Record<string, Treatment>>;
      readonly rolling: readonly WorkloadPlan[];
    }
  /** The revision holds a version that failed: it is not deployed again unless a person asks (promise 5). */
  | { readonly kind: 'quarantined'; readonly quarantine: Quarantine; readonly version: string };

/** What a sync to `plan` would do, given what is deployed. */
export function decideSync(state: ApplicationState, plan: RevisionPlan): SyncDecision {
  const failed = plan.content === undefined ? undefined : state.quarantine[plan.content];
  if (failed !== undefined && plan.content !== undefined)
    return { kind: 'quarantined', quarantine: failed, version: plan.content };
  const rolling: WorkloadPlan[] = [];
  const treatments: Record<string, Treatment> = {};
  for (const workload of plan.workloads) {
    const known = state.workloads[workload.name];
    const isDeployed = known?.version === workload.version && known.healthy && workload.exists;
    const quarantine = state.quarantine[workload.version];
    if (quarantine !== undefined && !isDeployed)
      return { kind: 'quarantined', quarantine, version: workload.version };
    if (isDeployed) {
      treatments[workload.name] = {
        kind: 'settled',
        ...(known.rolloutId === undefined ? {} : { rolloutId: known.rolloutId }),
      };
    } else {
      treatments[workload.name] = { kind: 'rolling', pace: paceOf(state, workload) };
      rolling.push(workload);
    }
  }
  return { kind: 'sync', treatments, rolling };
}

/**
 * `initial`: nothing healthy to protect, as in Argo Rollouts before the first version was stable. `fast`: a version that was good
 * before needs no canary steps (Argo's rollback within the window); `rollbackWindow` bounds how many versions back that may be, and
 * without it every version of the history counts (docs/adr/0008).
 */
function paceOf(state: ApplicationState, workload: WorkloadPlan): 'steps' | 'initial' | 'fast' {
  const known = state.workloads[workload.name];
  if (known === undefined || !known.healthy || !workload.exists) return 'initial';
  const { strategy } = workload;
  const window = 'rollbackWindow' in strategy ? strategy.rollbackWindow : undefined;
  const before = goodVersions(state, workload.name).filter((version) => version !== known.version);
  return before.slice(0, window).includes(workload.version) ? 'fast' : 'steps';
}

/** Versions of a workload that were good, newest first, each once. */
function goodVersions({ history }: ApplicationState, name: string): readonly string[] {
  const good = history.filter((entry) => entry.result === 'promoted' || entry.result === 'synced');
  return [...new Set(good.map((entry) => entry.versions[name]).filter((version) => version !== undefined))];
}

/** Whether a newer revision would change what the rollouts in progress bring; if not, they go on. */
export function supersedes(newer: RevisionPlan, inFlight: readonly WorkloadPlan[]): boolean {
  return inFlight.some(
    (each) => newer.workloads.find((other) => other.name === each.name)?.version !== each.version,
  );
}
