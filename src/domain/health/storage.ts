import type { HealthWord } from '../application-status';
import { health } from './status';
import type { Health } from './status';
import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';

const BY_PHASE: ReadonlyMap<string | undefined, HealthWord> = new Map([
  ['Lost', 'Degraded'],
  ['Pending', 'Progressing'],
  ['Bound', 'Healthy'],
]);

/** PersistentVolumeClaim (Argo CD, health_pvc.go). */
export function claimHealth(object: KubeObject): Health {
  const phase = peekText(object, 'status', 'phase');
  return health(
    BY_PHASE.get(phase) ?? 'Unknown',
    phase === 'Bound' ? undefined : `its phase is ${phase ?? 'not known'}`,
  );
}
