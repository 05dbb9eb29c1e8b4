import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';
import { benchLabel } from './manifests';

const rollouts = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
const patienceMs = 60 * 60_000;

interface Status {
  readonly phase?: string;
  readonly currentPodHash?: string;
  readonly stableRS?: string;
  readonly observedGeneration?: string;
  readonly currentStepIndex?: number;
}

/** What a Rollout of Argo Rollouts says of itself. */
export interface Seen {
  /** Healthy, at the newest template. */
  readonly isHealthy: boolean;
  readonly step: number | undefined;
}

/** Reads `.status` as Argo Rollouts writes it; a controller that has not seen the newest generation says nothing of it yet. */
export function seenOf(rollout: KubeObject): Seen {
  const status = (rollout['status'] ?? {}) as Status;
  const isCurrent = status.observedGeneration === String(rollout.metadata['generation']);
  const isAtNewest = status.currentPodHash !== undefined && status.currentPodHash === status.stableRS;
  return {
    isHealthy: isCurrent && isAtNewest && status.phase === 'Healthy',
    step: isCurrent ? status.currentStepIndex : undefined,
  };
}

/** All Rollouts of the bench, by a watch. */
export class ArgoWatch {
  readonly #stop = new AbortController();
  readonly #seen = new Map<string, Seen>();
  readonly #reached = new Map<string, number[]>();
  #look: () => void = () => undefined;

  constructor(kube: Cluster) {
    const watching = kube.observe(
      [rollouts],
      `${benchLabel}=canaries`,
      (event) => void ('object' in event && this.#note(event.object)),
      this.#stop.signal,
    );
    watching.catch(() => undefined);
  }

  /** Forgets the steps of earlier versions. */
  begin(): void {
    this.#reached.clear();
  }

  /** Moments at which the pauses of each Rollout began, each after a weight was reached: every second step is a pause. */
  reached(): readonly (readonly number[])[] {
    return [...this.#reached.values()];
  }

  /** Resolves with the moments (`performance.now()`) at which half and all of so many were Healthy, from now on. */
  whenHealthy(count: number): Promise<{ readonly half: number; readonly all: number }> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`not all of ${count} Rollouts were Healthy in an hour`)),
        patienceMs,
      );
      let half: number | undefined;
      this.#look = () => {
        const healthy = [...this.#seen.values()].filter((each) => each.isHealthy).length;
        const now = performance.now();
        if (healthy * 2 >= count) half ??= now;
        if (healthy < count) return;
        clearTimeout(late);
        this.#look = () => undefined;
        resolve({ half: half ?? now, all: now });
      };
      this.#look();
    });
  }

  close(): void {
    this.#stop.abort();
  }

  #note(rollout: KubeObject): void {
    const { name } = rollout.metadata;
    const now = seenOf(rollout);
    const before = this.#seen.get(name)?.step;
    if (now.step !== undefined && now.step !== before && now.step % 2 === 1)
      this.#reached.set(name, [...(this.#reached.get(name) ?? []), performance.now()]);
    this.#seen.set(name, now);
    this.#look();
  }
}
