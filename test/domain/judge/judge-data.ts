import type { JudgeConfig, JudgedMetric, Values } from '../../../src/domain/judge/types';

export const config: JudgeConfig = { thresholds: { pass: 95, marginal: 75 } };

/** Evenly spaced numbers between two ends, in a fixed disorder. */
export function between(from: number, to: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, index) => from + ((to - from) * ((index * 7) % count)) / (count - 1),
  );
}

export function metricOf(
  canary: Values,
  baseline: Values,
  more: Partial<Omit<JudgedMetric, 'samples'>> = {},
): JudgedMetric {
  return { name: 'errors', groups: ['main'], samples: { kind: 'values', canary, baseline }, ...more };
}

/** Counts of `points` intervals with `bad` bad requests spread over them one by one. */
export function countsOf(points: number, requests: number, bad: number): { bad: number[]; total: number[] } {
  const share = Array.from(
    { length: points },
    (_, index) => Math.floor(((index + 1) * bad) / points) - Math.floor((index * bad) / points),
  );
  return { bad: share, total: share.map(() => requests) };
}
