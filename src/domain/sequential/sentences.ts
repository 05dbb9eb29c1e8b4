import type { SequentialConfig, SequentialMetric } from './config';
import { exact, oneOf, percent, short } from './numbers';
import { doing, sharesOf, type WithInterval } from './shares';
import type { SequentialState } from './state';

/** Why a version is rolled back, with its numbers and what they are worth. */
export function failedSentence(
  config: SequentialConfig,
  state: SequentialState,
  metric: SequentialMetric,
  pods: string,
): string {
  const own = state.metrics[metric.name];
  if (own === undefined) return '';
  const { canary, baseline } = sharesOf(own);
  const does = doing(metric, own);
  const stable = metric.tolerate.ratio === 0 ? '' : `stable ${does} ${percent(baseline.share)} of requests, `;
  const chance = oneOf(config.rollback.alpha);
  return (
    `${metric.name}: ${stable}this version ${stable === '' ? `${does} ` : ''}${withInterval(canary)}` +
    `${stable === '' ? ' of requests' : ''}; you tolerate ${tolerated(metric)}, and a version within that would produce ` +
    `evidence this strong in at most ${chance} rollouts, however often we look${pods === '' ? '' : `; ${pods}`}`
  );
}

/** Why a version goes on. */
export function promoteSentence(config: SequentialConfig, state: SequentialState): string {
  const { nextWeight } = state.step;
  const { beta, budget } = config.promote;
  return (
    `a version that would cost more than ${exact(budget * 100)} % of all requests at ${percent(nextWeight)} of the traffic ` +
    `would have got this far in at most ${oneOf(beta)} rollouts`
  );
}

/** `4.8 % (1.9 to 9.3 %)`. */
export function withInterval({ share, interval: [low, high] }: WithInterval): string {
  return `${percent(share)} (${short(low * 100)} to ${percent(high)})`;
}

/** `1.5x + 0.1 pp`, or `at most 1 %`: as it is written, not rounded. */
export function tolerated({ tolerate: { ratio, absolute } }: SequentialMetric): string {
  const share = exact(absolute * 100);
  if (ratio === 0) return `at most ${share} %`;
  return absolute === 0 ? `${exact(ratio)}x` : `${exact(ratio)}x + ${share} pp`;
}
