import { logGamma } from './logarithms';

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

/** Shape of the mixture: small, so that a handful of events already has a lower end. */
const shape = 0.1;
const start = shape * Math.log(shape) - logGamma(shape);

/**
 * The share of bad requests with a time-uniform interval of confidence 1 - alpha: right at every look at once. One-sample Poisson test
 * with a Gamma mixture (Lindon and Kallus 2024), which holds for independent requests too, and for a share that changes: then it
 * is about the mean. `dispersion` widens it.
 */
export function shareInterval(
  bad: number,
  requests: number,
  { alpha = 0.01, dispersion = 1 }: { readonly alpha?: number; readonly dispersion?: number } = {},
): Interval {
  if (requests <= 0) return [0, 1];
  const wanted = Math.log(1 / alpha) * dispersion;
  const low = bad === 0 ? 0 : root([bad, 0], (mean) => logEvidence(bad, mean) - wanted);
  let far = bad + 10 * wanted + 10;
  while (logEvidence(bad, far) < wanted) far *= 2;
  const high = root([bad, far], (mean) => logEvidence(bad, mean) - wanted);
  return [low / requests, Math.min(1, high / requests)];
}

/** Canary's share over the baseline's, with half of alpha for either. */
export function ratioInterval(canary: Interval, baseline: Interval): Interval {
  const high = baseline[0] === 0 ? Number.POSITIVE_INFINITY : canary[1] / baseline[0];
  return [baseline[1] === 0 ? 0 : canary[0] / baseline[1], high];
}

/** Log evidence against an expected number of events; least where it is what was seen. */
function logEvidence(events: number, expected: number): number {
  return start + logGamma(shape + events) - (shape + events) * Math.log(shape + expected) + expected;
}

/** Where `f` changes its sign between a point where it is negative and one beyond. */
function root([inside, outside]: readonly [number, number], f: (x: number) => number): number {
  if (f(outside) < 0) return outside;
  let [near, far] = [inside, outside];
  for (let i = 0; i < 60; i++) {
    const middle = (near + far) / 2;
    if (f(middle) < 0) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}
