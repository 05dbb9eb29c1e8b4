import type { History } from './state';

/** Evidence is drawn by powers of ten, from a hundredth to a little above the higher limit. */
const lowest = -2;

/** How a plot maps evidence and time to 0..1. */
export interface PlotScale {
  readonly heightOf: (log: number) => number;
  readonly placeOf: (second: number) => number;
  /** Both limits, and where they are drawn. */
  readonly limits: readonly (readonly [name: string, evidence: number, height: number])[];
  readonly lastSecond: number;
}

/** The scale that fits a history; heights are clipped to the plot. */
export function plotScale({ points, limits }: History): PlotScale {
  const highest = Math.max(...limits) / Math.LN10 + 0.5;
  const lastSecond = Math.max(1, points.at(-1)?.[0] ?? 1);
  const heightOf = (log: number) => Math.max(0, Math.min(1, (log / Math.LN10 - lowest) / (highest - lowest)));
  const [harm, safe] = limits;
  return {
    heightOf,
    placeOf: (second) => second / lastSecond,
    limits: [
      ['roll back', Math.round(Math.exp(harm)), heightOf(harm)],
      ['promote', Math.round(Math.exp(safe)), heightOf(safe)],
    ],
    lastSecond,
  };
}
