/** Chance that can be repeated: the same seed gives the same draws on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  normal(): number;
  poisson(mean: number): number;
  binomial(count: number, chance: number): number;
  /** Mean 1, coefficient of variation `cv`. */
  gamma(cv: number): number;
}

/** A generator for one rollout of one scenario: Jenkins' sfc32, seeded by hashing the texts. */
export function randomOf(...seeds: readonly (string | number)[]): Random {
  const uniform = generator(seeds.join('\n'));
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const source = { uniform, normal };
  return {
    ...source,
    poisson: (mean) => poisson(source, mean),
    binomial: (count, chance) => binomial(source, count, chance),
    gamma: (cv) => (cv === 0 ? 1 : gammaOf(source, 1 / cv ** 2) * cv ** 2),
  };
}

type Source = Pick<Random, 'uniform' | 'normal'>;

function generator(seed: string): () => number {
  const state = new Uint32Array(4);
  for (let word = 0; word < 4; word += 1) {
    // FNV-1a with another offset for each word, finished by murmur's mixer.
    let hash = 2166136261 ^ Math.imul(word, 0x9e3779b9);
    for (let i = 0; i < seed.length; i += 1) hash = Math.imul(hash ^ seed.charCodeAt(i), 16777619);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    state[word] = hash ^ (hash >>> 16);
  }
  let [a, b, c, counter] = [state[0]! | 0, state[1]! | 0, state[2]! | 0, state[3]! | 0];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** Counting down the distribution for small means; for large ones a normal, which is as good as exact where means exceed 100. */
function poisson({ uniform, normal }: Source, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 100) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
  let [count, chance] = [0, Math.exp(-mean)];
  for (let rest = uniform(); rest > chance && count < 1000; count += 1) {
    rest -= chance;
    chance *= mean / (count + 1);
  }
  return count;
}

/** Exact up to a mean of 100 on the rarer side, a rounded normal within bounds above. */
function binomial(source: Source, count: number, chance: number): number {
  if (count <= 0 || chance <= 0) return 0;
  if (chance >= 1) return count;
  if (chance > 0.5) return count - binomial(source, count, 1 - chance);
  const mean = count * chance;
  if (mean > 100) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - chance)) * source.normal());
    return Math.min(count, Math.max(0, drawn));
  }
  const odds = chance / (1 - chance);
  let [found, share] = [0, Math.exp(count * Math.log1p(-chance))];
  for (let rest = source.uniform(); rest > share && found < count; found += 1) {
    rest -= share;
    share *= (odds * (count - found)) / (found + 1);
  }
  return found;
}

/** Marsaglia and Tsang; shapes below 1 by their boost. */
function gammaOf(source: Source, shape: number): number {
  if (shape < 1) return gammaOf(source, shape + 1) * (1 - source.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = source.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - source.uniform()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}
