import { logGamma } from './logarithms';

/** The split may be off by so much of the wanted share: routers round, and pods take time to be known. */
const tolerated = 0.25;
const concentration = 100;

/**
 * Log evidence that the canary's share of the requests is not the planned one (Lindon and Malek's multinomial test). Against any share
 * within a quarter of the planned one; the least of these counts. Requests of one client stick together, so the counts are weighed
 * down by `dispersion`.
 */
export function logSplit(
  [canary, baseline]: readonly [number, number],
  weight: number,
  dispersion = 10,
): number {
  const all = canary + baseline;
  if (all === 0 || weight <= 0 || weight >= 1) return 0;
  const seen = canary / all;
  const nearest = Math.min(
    0.999,
    Math.max(weight * (1 - tolerated), Math.min(weight * (1 + tolerated), seen)),
  );
  const counts = [canary / dispersion, baseline / dispersion];
  const total = all / dispersion;
  let evidence = logGamma(concentration) - logGamma(concentration + total);
  for (const [index, share] of [nearest, 1 - nearest].entries()) {
    const count = counts[index] ?? 0;
    evidence +=
      logGamma(concentration * share + count) - logGamma(concentration * share) - count * Math.log(share);
  }
  return evidence;
}
