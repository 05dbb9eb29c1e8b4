import type { Revision } from './read-revision';
import type { TrafficRouting } from './routing/spec';

/** What a step can be checked against. */
export interface StepContext {
  readonly revision: Revision;
  /** Whether `trafficRouting` is written, right or wrong: a wrong router is one problem, not one for each step. */
  readonly isRouted: boolean;
  /** Undefined without a router, and with one that could not be read. */
  readonly routing?: TrafficRouting;
  /** Whether a StatefulSet or DaemonSet moves. */
  readonly isInPlace: boolean;
}

/** Where weights are made by replica counts, whatever they are of. */
export const remedyWithoutRouter = 'write trafficRouting, or remove it: weights are made by replica counts';
