import type { Engine } from './engine';
import { sumTicks } from './engine';

export interface ArgoSettings {
  readonly name: string;
  /** Ticks between measurements, which is also the window of `rate`. */
  readonly interval: number;
  /** The condition is `result[0] >= atLeast`. */
  readonly atLeast: number;
  readonly failureLimit: number;
  readonly settings: string;
}

/** Argo Rollouts' threshold on the share of good requests: more failed measurements than `failureLimit` abort. 0/0 is NaN and fails. */
export function argoThreshold({ interval, atLeast, failureLimit, ...named }: ArgoSettings): Engine {
  return {
    ...named,
    every: 1,
    watch({ ticks, canary }) {
      let failed = 0;
      for (let end = interval; end <= ticks; end += interval) {
        const { total, bad } = sumTicks(canary, end - interval, end);
        if (!((total - bad) / total >= atLeast)) failed += 1;
        if (failed > failureLimit) return end;
      }
      return undefined;
    },
  };
}

export interface FlaggerSettings {
  readonly name: string;
  readonly interval: number;
  readonly atLeast: number;
  readonly threshold: number;
  readonly settings: string;
}

/**
 * Flagger's check of `request-success-rate`: no value counts as a failed check, checks are never forgotten, and the rollback comes at
 * the first tick *after* the one that reaches the threshold.
 */
export function flaggerThreshold({ interval, atLeast, threshold, ...named }: FlaggerSettings): Engine {
  return {
    ...named,
    every: 1,
    watch({ ticks, canary }) {
      let failed = 0;
      for (let end = interval; end <= ticks; end += interval) {
        if (failed >= threshold) return end;
        const { total, bad } = sumTicks(canary, end - interval, end);
        if (!((total - bad) / total >= atLeast)) failed += 1;
      }
      return undefined;
    },
  };
}
