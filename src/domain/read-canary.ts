import type { Fields } from './fields';
import { readIntOrPercent } from './int-or-percent';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readSteps } from './read-steps';
import { readWith, requireField } from './read-with';
import type { CanaryStrategy, IntOrPercent } from './strategy';

const strategyRefusals: Refusals = {
  blueGreen: ['the blue-green strategy is', 'use strategy.canary, or a plain Deployment'],
};
const remove = 'remove it';
const noRouter = 'remove it: weights are made by replica counts';
const canaryRefusals: Refusals = {
  trafficRouting: ['traffic routing is', noRouter],
  analysis: ['background analysis is', 'remove it, and pause where somebody should look'],
  antiAffinity: ['antiAffinity is', 'write the anti-affinity in the pod template'],
  canaryMetadata: ['canaryMetadata is', remove],
  stableMetadata: ['stableMetadata is', remove],
  scaleDownDelayRevisionLimit: ['scaleDownDelayRevisionLimit is', remove],
  abortScaleDownDelaySeconds: [
    'abortScaleDownDelaySeconds is',
    'remove it: the canary of an aborted rollout goes at once',
  ],
  dynamicStableScale: ['dynamicStableScale is', noRouter],
  pingPong: ['pingPong is', 'use stableService and canaryService'],
  minPodsPerReplicaSet: ['minPodsPerReplicaSet is', noRouter],
  replicaProgressThreshold: ['replicaProgressThreshold is', 'remove it: a step waits for all of its pods'],
};

/** Reads `spec.strategy` of a Rollout: exactly one strategy, and of the two only canary for now. */
export function readStrategy(spec: Fields): CanaryStrategy | undefined {
  const remedy = 'write strategy.canary';
  if (!requireField(spec, 'strategy', remedy)) return undefined;
  const strategy = spec.map('strategy');
  if (strategy === undefined) return undefined;
  const [canary, blueGreen] = [strategy.raw('canary'), strategy.raw('blueGreen')];
  if (canary !== undefined && blueGreen !== undefined) {
    spec.invalid('strategy', 'canary and blueGreen are both given', { remedy: 'keep one of them' });
  } else {
    refuse(strategy, strategyRefusals);
  }
  reportUnknown(strategy);
  const { unread } = strategy.unread();
  if (canary === undefined && blueGreen === undefined && unread.length === 0) {
    spec.invalid('strategy', 'gives neither canary nor blueGreen', { remedy: 'write `canary: {}` at least' });
  }
  const fields = strategy.map('canary');
  return fields && readCanary(fields);
}

function readCanary(canary: Fields): CanaryStrategy {
  refuse(canary, canaryRefusals);
  const steps = readSteps(canary);
  const maxSurge = readWith(canary, 'maxSurge', readIntOrPercent) ?? '25%';
  const maxUnavailable = readWith(canary, 'maxUnavailable', readIntOrPercent) ?? '25%';
  const stableService = canary.string('stableService') || undefined;
  const canaryService = canary.string('canaryService') || undefined;
  const scaleDownDelayMs = (canary.int('scaleDownDelaySeconds') ?? 0) * 1_000;
  reportUnknown(canary);
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    const message = 'maxSurge and maxUnavailable are both 0, so no pod could ever be replaced';
    canary.invalid('maxSurge', message, { value: maxSurge, remedy: 'raise one of them' });
  }
  if (stableService !== undefined && stableService === canaryService) {
    const message = `Service ${stableService} is both stableService and canaryService`;
    canary.invalid('canaryService', message, { value: canaryService, remedy: 'name two different Services' });
  }
  const services = { ...(stableService && { stableService }), ...(canaryService && { canaryService }) };
  return { kind: 'canary', steps, maxSurge, maxUnavailable, ...services, scaleDownDelayMs };
}

function isZero(value: IntOrPercent): boolean {
  return Number.parseInt(String(value), 10) === 0;
}
