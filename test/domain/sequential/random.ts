// Looked up once: in a sandbox (a workflow's, a test's) every global costs a detour.
const { exp, log, sqrt, cos, round, max, min, imul } = Math;

/** Numbers between 0 and 1 that a seed decides (mulberry32). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A Poisson number: by inversion for small means, by a rounded normal for large ones. */
export function poisson(random: Random, mean: number): number {
  if (mean > 200) return max(0, round(mean + sqrt(mean) * normal(random)));
  let chance = exp(-mean);
  let rest = random() - chance;
  let count = 0;
  while (rest > 0 && count < 2000) {
    count++;
    chance *= mean / count;
    rest -= chance;
  }
  return count;
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  return sqrt(-2 * log(1 - random())) * cos(2 * Math.PI * random());
}

/** A number of bad ones among `requests`. */
export function binomial(random: Random, requests: number, share: number): number {
  if (requests * share < 30 && share < 0.1) return min(requests, poisson(random, requests * share));
  const variance = requests * share * (1 - share);
  if (variance > 50) {
    const rounded = round(requests * share + sqrt(variance) * normal(random));
    return max(0, min(requests, rounded));
  }
  let count = 0;
  for (let i = 0; i < requests; i++) if (random() < share) count++;
  return count;
}
