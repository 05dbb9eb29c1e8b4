import type { HealthWord } from '../application-status';
import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import { health } from './status';
import type { Health } from './status';

const BY_PHASE: ReadonlyMap<string, HealthWord> = new Map([
  ['', 'Progressing'],
  ['Pending', 'Progressing'],
  ['Running', 'Progressing'],
  ['Succeeded', 'Healthy'],
  ['Failed', 'Degraded'],
  ['Error', 'Degraded'],
]);

/** Workflow of Argo Workflows (Argo CD, health_argo.go): its phase. */
export function argoWorkflowHealth(object: KubeObject): Health {
  const phase = peekText(object, 'status', 'phase') ?? '';
  return health(BY_PHASE.get(phase) ?? 'Unknown', peekText(object, 'status', 'message'));
}
