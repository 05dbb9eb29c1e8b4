const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);

/** Logarithm of the chance that a standard normal value is above `z`, for z >= 0. */
function logTail(z: number): number {
  const logDensity = -0.5 * z * z - halfLog2Pi;
  if (z > 3) {
    // Laplace's continued fraction, from the far end.
    let fraction = z;
    for (let k = 60; k > 0; k -= 1) fraction = z + k / fraction;
    return logDensity - Math.log(fraction);
  }
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return Math.log(0.5 - Math.exp(logDensity) * sum);
}

/** The value that a standard normal variable exceeds with chance `tail`, 0 < tail <= 0.5. Good to about 1e-12. */
export function normalQuantile(tail: number): number {
  if (!(tail > 0 && tail <= 0.5)) throw new RangeError(`a tail of ${tail} is not above 0 and at most 0.5`);
  const wanted = Math.log(tail);
  // Newton on the logarithm of the tail, which is concave: from the left of the root it never overshoots far.
  let z = 0;
  for (let step = 0; step < 100; step += 1) {
    const tailLog = logTail(z);
    const slope = -Math.exp(-0.5 * z * z - halfLog2Pi - tailLog);
    const next = Math.max(0, z - (tailLog - wanted) / slope);
    if (Math.abs(next - z) <= 1e-13 * (1 + z)) return next;
    z = next;
  }
  return z;
}

/** Chance that a standard normal variable exceeds `z`. */
export function normalTail(z: number): number {
  return z < 0 ? 1 - Math.exp(logTail(-z)) : Math.exp(logTail(z));
}
