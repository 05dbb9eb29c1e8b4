import type { RolloutStatus } from './rollout-status';
import type { TrafficState } from './routing/traffic';
import type { StepSample } from './sequential';

/**
 * Where a rollout stands, for an analysis that has to earn each weight: the stage's number (0 before the first weight), the share of
 * users' requests that the new version has now, where a router carries it, and the share that comes next.
 *
 * Without a router pods carry the weight, connections are spread over them rather than requests, and nothing promises a split: the
 * share now is left out, and the next one is what whole pods make of it. So it is while weights move, and while requests are picked
 * by headers or mirrored.
 */
export function stageOf(
  { spec: { strategy }, steps }: Pick<RolloutStatus, 'spec' | 'steps'>,
  traffic: TrafficState,
  replicas: number | undefined,
): StepSample {
  const last = steps.findLastIndex(({ step, mark }) => step.kind === 'setWeight' && mark === 'done');
  const next = steps.slice(last + 1).find(({ step }) => step.kind === 'setWeight')?.step;
  const weight = next?.kind === 'setWeight' ? next.weight : undefined;
  const isMoving = steps.some(({ step, mark }) => mark === 'now' && movesTraffic.has(step.kind));
  const index = last + 1;
  if (strategy.kind !== 'canary') return { index };
  const { routing } = strategy;
  if (routing === undefined) {
    const nextWeight = weight === undefined ? 1 : shareOfPods(weight, replicas);
    return { index, nextWeight };
  }
  const isPlain = traffic.headerRoutes.length === 0 && traffic.mirrorRoutes.length === 0;
  const whole = routing.maxTrafficWeight;
  const isOver = steps.every(({ mark }) => mark === 'done' || mark === 'skipped') || traffic.isFull === true;
  return {
    index,
    ...(isPlain && !isMoving && !isOver && { weight: Math.min(1, traffic.weight / whole) }),
    nextWeight: weight === undefined ? 1 : Math.min(1, Math.max(weight, traffic.weight) / whole),
  };
}

const movesTraffic: ReadonlySet<string> = new Set([
  ...['setWeight', 'setCanaryScale', 'setHeaderRoute', 'setMirrorRoute', 'experiment'],
]);

function shareOfPods(weight: number, replicas = 1): number {
  return Math.min(1, Math.ceil((weight * replicas) / 100) / Math.max(1, replicas));
}

export function isSameStage(one: StepSample, other: StepSample): boolean {
  return one.index === other.index && one.weight === other.weight && one.nextWeight === other.nextWeight;
}
