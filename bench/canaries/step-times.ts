import { pauseMs } from './manifests';

/**
 * How much longer than its pause each step took, in milliseconds: from one weight reached to the next one reached, less the pause
 * between them. `reached` are the moments at which the weights were reached, in order.
 */
export function beyondPauses(reached: readonly number[]): readonly number[] {
  return reached.slice(1).map((at, index) => at - (reached[index] ?? at) - pauseMs);
}
