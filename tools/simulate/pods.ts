import type { Random } from './random';
import type { Stream, World } from './stream';
import { newStream } from './stream';

/** How the traffic is spread over pods and what becomes of their counters. */
export interface PodOptions {
  readonly canary: number;
  readonly baseline: number;
  /** Coefficient of variation of the pods' error rates: bad nodes, cold caches. */
  readonly unlike?: number;
  /** Chance that a pod restarts in a tick: what it counted since the last scrape is gone, and its counters begin anew. */
  readonly restarts?: number;
  /** Chance that a pod is not scraped in a tick: its counters bring both next time. */
  readonly unscraped?: number;
}

/** Spreads what both versions counted over pods, and lets every reader see only what the scrapes of their counters tell. */
export function withPods(world: World, options: PodOptions, random: Random): World {
  const spread = (stream: Stream, count: number): readonly Stream[] =>
    split(stream, weightsOf(count, options.unlike ?? 0, random), random).map((pod) =>
      counters(pod, options, random),
    );
  const pods = {
    canary: spread(world.canary, options.canary),
    baseline: spread(world.baseline, options.baseline),
  };
  return { ...world, canary: readTogether(pods.canary), baseline: readTogether(pods.baseline), pods };
}

/** The pods' shares of bad requests; their shares of all requests are equal. */
function weightsOf(count: number, unlike: number, random: Random): readonly number[] {
  const rates = Array.from({ length: count }, () => random.gamma(unlike));
  const sum = rates.reduce((total, rate) => total + rate, 0);
  return rates.map((rate) => rate / sum);
}

/** Deals requests out to the pods one after another, each time what is left by the share that is left. */
function split(stream: Stream, weights: readonly number[], random: Random): readonly Stream[] {
  const ticks = stream.total.length;
  const pods = weights.map(() => newStream(ticks));
  for (let tick = 0; tick < ticks; tick += 1) {
    let [good, bad, rest] = [stream.total[tick]! - stream.bad[tick]!, stream.bad[tick]!, 1];
    for (const [index, pod] of pods.entries()) {
      const isLast = index === pods.length - 1;
      const mine = isLast ? bad : random.binomial(bad, Math.min(1, weights[index]! / rest));
      const others = isLast ? good : random.binomial(good, 1 / (pods.length - index));
      pod.bad[tick] = mine;
      pod.total[tick] = mine + others;
      good -= others;
      bad -= mine;
      rest -= weights[index]!;
    }
  }
  return pods;
}

/** A pod's counters as they stand at the end of each tick. */
function counters(pod: Stream, { restarts = 0, unscraped = 0 }: PodOptions, random: Random): Stream {
  const seen = newStream(pod.total.length);
  let [total, bad] = [0, 0];
  for (let tick = 0; tick < pod.total.length; tick += 1) {
    if (restarts > 0 && random.uniform() < restarts) {
      const share = random.uniform();
      bad = random.binomial(pod.bad[tick]!, share);
      total = bad + random.binomial(pod.total[tick]! - pod.bad[tick]!, share);
    } else {
      total += pod.total[tick]!;
      bad += pod.bad[tick]!;
    }
    const isLost = unscraped > 0 && random.uniform() < unscraped;
    [seen.total[tick], seen.bad[tick]] = isLost ? [NaN, NaN] : [total, bad];
  }
  return seen;
}

/** The increases of all pods together, as `rate` takes them: a counter that fell began anew at 0. */
function readTogether(pods: readonly Stream[]): Stream {
  const sum = newStream(pods[0]!.total.length);
  for (const pod of pods) {
    let [total, bad] = [0, 0];
    for (let tick = 0; tick < pod.total.length; tick += 1) {
      const [now, nowBad] = [pod.total[tick]!, pod.bad[tick]!];
      if (Number.isNaN(now)) continue;
      const isNew = now < total;
      sum.total[tick] = sum.total[tick]! + now - (isNew ? 0 : total);
      sum.bad[tick] = sum.bad[tick]! + nowBad - (isNew ? 0 : bad);
      [total, bad] = [now, nowBad];
    }
  }
  return sum;
}
