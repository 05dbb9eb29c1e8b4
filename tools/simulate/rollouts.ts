import type { Policy } from './policies';
import { policies } from './policies';
import { randomOf } from './random';
import { base, seconds } from './scenario';
import { meanOf, shareOf } from './statistics';

/** One policy and one version over many rollouts. */
export interface Ends {
  readonly policy: string;
  readonly promoted: number;
  readonly rolledBack: number;
  readonly held: number;
  /** Of each rollout: seconds to its end, failing requests of the new version. */
  readonly times: readonly number[];
  readonly failed: readonly number[];
}

/** Error rates of the versions that are brought out whole, from 100 requests a second. */
export const versions = [base, 0.0025, 0.005, 0.01, 0.05, 0.2];

/** Plays whole rollouts of one version, from the first weight to the last. */
export function playRollouts(policy: Policy, rate: number, count: number, seed: number): Ends {
  const ends = { promoted: 0, rolledBack: 0, held: 0 };
  const [times, failed]: [number[], number[]] = [[], []];
  for (let rollout = 0; rollout < count; rollout += 1) {
    const random = randomOf(seed, 'rollouts', rate, rollout);
    const decide = policy.start();
    let [ticks, bad] = [0, 0];
    let next = decide(undefined);
    while (typeof next === 'number') {
      const canary = random.poisson(100 * seconds * next);
      const baseline = random.poisson(100 * seconds * (1 - next));
      const canaryBad = random.binomial(canary, rate);
      ticks += 1;
      bad += canaryBad;
      next = decide({ canary, canaryBad, baseline, baselineBad: random.binomial(baseline, base) });
    }
    ends[next] += 1;
    times.push(ticks * seconds);
    failed.push(bad);
  }
  return { policy: policy.name, ...ends, times, failed };
}

/** A table of versions down and policies across: mean seconds to the end, failing requests, share promoted. */
export function rolloutTable(count: number, seed: number): string {
  const rows = versions.map((rate) => {
    const name = rate === base ? '0.1 % (good)' : rate === 0.0025 ? '0.25 % (the line)' : `${rate * 100} %`;
    const cells = policies.map((policy) => {
      const { promoted, held, times, failed } = playRollouts(policy, rate, count, seed);
      const { share, low, high } = shareOf(promoted, count);
      const percent = (value: number): string => (100 * value).toFixed(1);
      const stuck = held === 0 ? '' : `, held ${percent(held / count)} %`;
      return `${meanOf(times).toFixed(0)} s / ${meanOf(failed).toFixed(0)} / ${percent(share)} % (${percent(low)}–${percent(high)})${stuck}`;
    });
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const heads = ['errors of the version', ...policies.map(({ name }) => name)];
  return [`| ${heads.join(' | ')} |`, `| --- |${' ---: |'.repeat(policies.length)}`, ...rows].join('\n');
}
