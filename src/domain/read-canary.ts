import type { Fields } from './fields';
import { readIntOrPercent } from './int-or-percent';
import { readBackgroundAnalysis } from './read-analysis-ref';
import { readCanaryRouted } from './read-canary-routed';
import { readProgressThreshold } from './read-progress-threshold';
import { readAntiAffinity, readPodMetadata } from './read-pod-metadata';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import type { Revision } from './read-revision';
import { readSteps } from './read-steps';
import { readTrafficRouting } from './read-routing';
import { checkRouted } from './read-routing-check';
import { readWith } from './read-with';
import type { CanaryStrategy, IntOrPercent } from './strategy';

const refusals: Refusals = {
  pingPong: ['pingPong is', 'use stableService and canaryService'],
};

/** Reads `strategy.canary` for a Deployment. `scaleDownDelayRevisionLimit` is without effect: one old version is kept. */
export function readCanary(canary: Fields, revision: Revision): CanaryStrategy {
  refuse(canary, refusals);
  const routing = readTrafficRouting(canary);
  const isRouted = canary.raw('trafficRouting') !== undefined;
  const steps = readSteps(canary, { revision, isRouted, ...(routing && { routing }), isInPlace: false });
  const analysis = readBackgroundAnalysis(canary, canary.list('steps').length, revision);
  const bounds = readBounds(canary);
  const services = readRoles(canary);
  const routed = readCanaryRouted(canary);
  const replicaProgressThreshold = readProgressThreshold(canary);
  canary.int('scaleDownDelayRevisionLimit');
  const antiAffinity = readAntiAffinity(canary);
  const canaryMetadata = readPodMetadata(canary, 'canaryMetadata');
  const stableMetadata = readPodMetadata(canary, 'stableMetadata');
  reportUnknown(canary);
  const strategy: CanaryStrategy = {
    kind: 'canary',
    steps,
    ...bounds,
    ...services,
    ...routed,
    ...(routing && { routing }),
    ...(analysis && { analysis }),
    ...(replicaProgressThreshold !== undefined && { replicaProgressThreshold }),
    ...(antiAffinity && { antiAffinity }),
    ...(canaryMetadata && { canaryMetadata }),
    ...(stableMetadata && { stableMetadata }),
  };
  checkRouted(canary, strategy, revision);
  return strategy;
}

function readBounds(canary: Fields): Pick<CanaryStrategy, 'maxSurge' | 'maxUnavailable'> {
  const maxSurge = readWith(canary, 'maxSurge', readIntOrPercent) ?? '25%';
  const maxUnavailable = readWith(canary, 'maxUnavailable', readIntOrPercent) ?? '25%';
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    const message = 'maxSurge and maxUnavailable are both 0, so no pod could ever be replaced';
    canary.invalid('maxSurge', message, { value: maxSurge, remedy: 'raise one of them' });
  }
  return { maxSurge, maxUnavailable };
}

function isZero(value: IntOrPercent): boolean {
  return Number.parseInt(String(value), 10) === 0;
}

function readRoles(canary: Fields): Pick<CanaryStrategy, 'stableService' | 'canaryService'> {
  const stableService = canary.string('stableService') || undefined;
  const canaryService = canary.string('canaryService') || undefined;
  if (stableService !== undefined && stableService === canaryService) {
    const message = `Service ${stableService} is both stableService and canaryService`;
    canary.invalid('canaryService', message, { value: canaryService, remedy: 'name two different Services' });
  }
  return { ...(stableService && { stableService }), ...(canaryService && { canaryService }) };
}
