import type { KubeObject } from './kube-object';
import { marks } from './marks';

/** The highest fencing number that has written an object; 0 if none has. */
export function fenceOn(object: KubeObject | undefined): number {
  return Number(object?.metadata.annotations?.[marks.fence] ?? 0);
}
