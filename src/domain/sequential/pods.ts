import type { SequentialConfig, SequentialMetric } from './config';
import { addTick, logHarm, newBets, newEvidence, placeBets } from './evidence';
import { unpackCounts } from './pack';
import { ruleOf } from './rules';
import { servedAt } from './shares';
import type { SequentialState } from './state';

/** The canary pod that stands out, if one does, and what is to be said about pods. */
export interface StandOut {
  readonly name?: string;
  readonly sentence: string;
}

interface PodCounts {
  readonly name: string;
  readonly requests: number;
  readonly bad: number;
}

/**
 * Whether the evidence rests on one pod: without that pod's requests it would speak for the version. One bad node and a bad version
 * look alike while there is one canary pod, so that is said.
 */
export function standOut(
  config: SequentialConfig,
  state: SequentialState,
  metric: SequentialMetric,
): StandOut {
  const pods = canaryPods(state, metric.name);
  const [first] = pods;
  if (first === undefined) return { sentence: '' };
  if (pods.length === 1) {
    const sentence = `all of it is from the only canary pod ${first.name}, so a bad pod and a bad version cannot be told apart`;
    return { name: first.name, sentence };
  }
  const worst = pods.reduce((most, pod) => (pod.bad > most.bad ? pod : most));
  const bad = pods.reduce((sum, pod) => sum + pod.bad, 0);
  if (worst.bad < 2 || 2 * worst.bad <= bad || logWithout(config, state, metric, worst) > 0)
    return { sentence: '' };
  const others = pods.length === 2 ? 'the other pod does' : `the other ${pods.length - 1} pods do`;
  const sentence = `${worst.bad} of ${bad} bad requests were at pod ${worst.name}, and ${others} no harm`;
  return { name: worst.name, sentence };
}

function canaryPods(state: SequentialState, metric: string): readonly PodCounts[] {
  const packed = state.metrics[metric]?.byPod ?? [];
  return packed.flatMap((text, place) => {
    const [requests = 0, bad = 0] = unpackCounts(text);
    const name = state.pods[place]?.name;
    return name === undefined || requests === 0 ? [] : [{ name, requests, bad }];
  });
}

/** Log evidence of harm from everything but one pod, as if it were one tick: to explain, not to decide. */
function logWithout(
  config: SequentialConfig,
  state: SequentialState,
  metric: SequentialMetric,
  without: PodCounts,
): number {
  const own = state.metrics[metric.name];
  if (own === undefined) return 0;
  const { canary, baseline } = servedAt(own);
  const rule = { ...ruleOf(config, metric, 1), cap: Number.POSITIVE_INFINITY };
  const [evidence, bets] = [newEvidence(), newBets()];
  placeBets(bets, rule, Math.max(0, canary.requests - without.requests), baseline.requests);
  const canaryBad = Math.max(0, canary.bad - without.bad);
  addTick(evidence, 0, { canaryBad, baselineBad: baseline.bad, dispersion: 1, tick: 1 }, { bets, rule });
  return logHarm(evidence, 0, 1, rule.horizon);
}
