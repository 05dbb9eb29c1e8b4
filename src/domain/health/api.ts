import { health } from './status';
import type { Health } from './status';
import type { KubeObject } from '../kube-object';
import { conditionOf, hasCondition, peekList, peekText } from '../peek';

/** APIService (Argo CD, health_apiservice.go). */
export function apiServiceHealth(object: KubeObject): Health {
  const available = conditionOf(object, 'Available');
  if (available === undefined) return health('Progressing', 'it has no status yet');
  const message = `${peekText(available, 'reason') ?? ''}: ${peekText(available, 'message') ?? ''}`;
  return health(peekText(available, 'status') === 'True' ? 'Healthy' : 'Progressing', message);
}

/** CustomResourceDefinition (Argo CD, resource_customizations/apiextensions.k8s.io). */
export function definitionHealth(object: KubeObject): Health {
  const saying = (type: string): string => peekText(conditionOf(object, type), 'message') ?? '';
  if (peekList(object, 'status', 'conditions').length === 0)
    return health('Progressing', 'it has no status yet');
  if (hasCondition(object, 'Terminating', 'True'))
    return health('Progressing', `it is being removed: ${saying('Terminating')}`);
  if (hasCondition(object, 'NamesAccepted', 'False'))
    return health('Degraded', `its names are not accepted: ${saying('NamesAccepted')}`);
  if (hasCondition(object, 'NonStructuralSchema', 'True'))
    return health('Degraded', `its schema is refused: ${saying('NonStructuralSchema')}`);
  if (hasCondition(object, 'Established', 'True')) return health('Healthy');
  // Argo CD says Degraded here, for the second that every new definition takes.
  const isInstalling = peekText(conditionOf(object, 'Established'), 'reason') === 'Installing';
  return isInstalling
    ? health('Progressing', 'it is being installed')
    : health('Degraded', 'it is not established');
}
