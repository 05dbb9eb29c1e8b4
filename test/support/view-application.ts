import type { ApplicationSpec } from '../../src/domain/application-spec';
import {
  emptyState,
  type ApplicationState,
  type HistoryEntry,
  type WorkloadState,
} from '../../src/domain/application-state';
import type { RevisionPlan, WorkloadPlan } from '../../src/domain/revision-plan';

/** 2026-03-01T03:00:00Z. */
export const now = Date.parse('2026-03-01T03:00:00Z');

/** The application `shop`, written back to on failures. */
export function application(more: Partial<ApplicationSpec> = {}): ApplicationSpec {
  return {
    name: 'shop',
    project: 'default',
    source: { repoUrl: 'https://git.example/shop', path: 'k8s', targetRevision: 'main', recurse: false },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    createNamespace: false,
    revisionHistoryLimit: 10,
    writeBack: 'revert',
    ...more,
  };
}

/** What `shop` keeps: nothing yet. */
export function state(more: Partial<ApplicationState> = {}): ApplicationState {
  return { ...emptyState, ...more };
}

/** A workload that runs `version` well. */
export function deployed(version: string, more: Partial<WorkloadState> = {}): WorkloadState {
  return { version, revision: 'a'.repeat(40), number: 1, healthy: true, ...more };
}

/** A workload that a revision holds, its Deployment in the cluster. */
export function wanted(name: string, version: string, more: Partial<WorkloadPlan> = {}): WorkloadPlan {
  return {
    kind: 'Deployment',
    name,
    namespace: 'shop',
    version,
    strategy: { kind: 'rolling' },
    progressDeadlineMs: 600_000,
    exists: true,
    ...more,
  };
}

/** A revision with these workloads. */
export function revision(...workloads: readonly WorkloadPlan[]): RevisionPlan {
  return { revision: 'b'.repeat(40), tree: 'c'.repeat(40), objects: workloads.length, workloads };
}

/** A line of history that says how these versions fared. */
export function entry(
  result: HistoryEntry['result'],
  versions: HistoryEntry['versions'] = {},
  more: Partial<HistoryEntry> = {},
): HistoryEntry {
  const ids = { id: 1, revision: 'a'.repeat(40), tree: 'c'.repeat(40) };
  return { ...ids, at: now, result, message: `it was ${result}`, versions, ...more };
}
