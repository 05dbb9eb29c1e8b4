import { combinedHarm } from './combine';
import type { SequentialConfig } from './config';
import { standOut } from './pods';
import { failedSentence } from './sentences';
import type { Failure, SequentialState } from './state';

/** The failure when the combined evidence has just reached 1 / alpha, with the sentence that is true at this moment. */
export function failureOf(config: SequentialConfig, state: SequentialState): Failure | undefined {
  const { logHarm, worst } = combinedHarm(config, state.metrics);
  if (logHarm < Math.log(1 / config.rollback.alpha)) return undefined;
  const metric = config.metrics.find(({ name }) => name === worst);
  if (metric === undefined) return undefined;
  const pods = standOut(config, state, metric);
  return {
    ...{ metric: worst, at: state.at ?? 0, logHarm },
    sentence: failedSentence(config, state, metric, pods.sentence),
    ...(pods.name !== undefined && { pod: pods.name }),
  };
}
