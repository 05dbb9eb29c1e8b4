import type { Health } from '../domain/health';
import type { KubeObject } from '../domain/kube-object';
import type { Kind } from './cluster';

/**
 * Users' own rules of health, for kinds that only they know. They are programs of somebody else: whatever one does (loops, allocates,
 * fails, answers nonsense), the answer is `Unknown` with the reason, in bounded time. Never throws.
 */
export interface HealthScripts {
  /** Whether a script speaks for objects of this kind. */
  covers(kind: Kind): boolean;
  /** What the script of its kind says; undefined when there is none. */
  healthOf(object: KubeObject): Promise<Health | undefined>;
  close(): Promise<void>;
}
