import type { Health } from '../health/status';
import { nameOf, refOf, type KubeObject } from '../kube-object';

/** How far a hook has come, with the words of its health. */
export interface HookResult {
  readonly kind: 'running' | 'succeeded' | 'failed';
  readonly message: string;
}

/**
 * What became of a hook that has been created (Argo CD, `getOperationPhase`): Healthy is success; Progressing and Suspended go on; Degraded
 * and Unknown are failures; a kind without health has done its work by being there. A hook that is gone again has failed.
 */
export function hookResult(live: KubeObject | undefined, health: Health | undefined): HookResult {
  if (live === undefined) return { kind: 'failed', message: 'it is gone: somebody deleted it while it ran' };
  const name = nameOf(refOf(live));
  if (health === undefined)
    return { kind: 'succeeded', message: `${name} is there, and has no health to wait for` };
  const message = health.message ?? `${name} is ${health.status}`;
  switch (health.status) {
    case 'Healthy':
      return { kind: 'succeeded', message };
    case 'Progressing':
    case 'Suspended':
      return { kind: 'running', message };
    case 'Degraded':
    case 'Unknown':
    case 'Missing':
      return { kind: 'failed', message };
  }
}
