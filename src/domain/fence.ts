import type { KubeObject } from './kube-object';
import { marks } from './marks';

/** The highest fencing number that has written an object; 0 if none has. */
export function fenceOn(object: KubeObject | undefined): number {
  return Number(object?.metadata.annotations?.[marks.fence] ?? 0);
}

/** The value of the mark of a rollout that was ended without Temporal; `by`: who did it, and why. */
export function stoppedMark(rolloutId: string, by: string): string {
  return `${rolloutId} ${by}`;
}

/** Who has ended this very rollout without Temporal; undefined: nobody. */
export function stoppedBy(object: KubeObject | undefined, rolloutId: string): string | undefined {
  const mark = object?.metadata.annotations?.[marks.stoppedBy];
  return mark?.startsWith(`${rolloutId} `) === true ? mark.slice(rolloutId.length + 1) : undefined;
}
