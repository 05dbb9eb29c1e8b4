// Looked up once: in a sandbox (a workflow's, a test's) every global costs a detour.
const { exp, log, log1p, max } = Math;

/** ln(e^x + e^y) without overflow. */
export function logAddExp(x: number, y: number): number {
  const high = x > y ? x : y;
  const gap = x > y ? y - x : x - y;
  return gap < -40 ? high : high + log1p(exp(gap));
}

/** ln of the sum of e^x over values[from..to). */
export function logSumExp(values: Float64Array, from = 0, to = values.length): number {
  let high = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) high = max(high, values[i] ?? 0);
  let sum = 0;
  for (let i = from; i < to; i++) sum += exp((values[i] ?? 0) - high);
  return high + log(sum);
}

/** Lanczos' coefficients for g = 7. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Gamma(x) for x > 0, to about 14 digits. */
export function logGamma(x: number): number {
  if (x < 0.5) return log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const sum = lanczos.reduce((total, each, i) => (i === 0 ? each : total + each / (z + i)), 0);
  const t = z + 7.5;
  return 0.5 * log(2 * Math.PI) + (z + 0.5) * log(t) - t + log(sum);
}
