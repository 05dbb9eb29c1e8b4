import { betaQuantile } from '../../src/domain/judge/beta';

/** A share with its exact (Clopper-Pearson) 95 % interval. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export function shareOf(found: number, all: number): Share {
  return {
    share: found / all,
    low: found === 0 ? 0 : betaQuantile(0.025, found, all - found + 1),
    high: found === all ? 1 : betaQuantile(0.975, found + 1, all - found),
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value that 95 % of them do not exceed. */
export function p95Of(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)]!;
}
