import type { KubeObject } from '../kube-object';
import { conditionOf, hasCondition, peekList, peekText } from '../peek';
import { valueAt } from '../read-json';
import { health } from './status';
import type { Health } from './status';

/** Job (Argo CD, health_job.go), where a condition counts only while it is True: a resumed Job is not done. */
export function jobHealth(object: KubeObject): Health {
  const saying = (type: string): string | undefined => peekText(conditionOf(object, type), 'message');
  if (hasCondition(object, 'Failed', 'True')) return health('Degraded', saying('Failed'));
  if (hasCondition(object, 'Suspended', 'True')) return health('Suspended', saying('Suspended'));
  if (hasCondition(object, 'Complete', 'True')) return health('Healthy', saying('Complete'));
  return health('Progressing');
}

/** CronJob (Argo CD, resource_customizations/batch): only a last run that has ended without success is wrong. */
export function cronJobHealth(object: KubeObject): Health {
  if (valueAt(object, 'spec', 'suspend') === true) return health('Healthy', 'it is suspended');
  const status = valueAt(object, 'status');
  if (status === undefined) return health('Progressing', 'it has no status yet');
  const scheduled = peekText(status, 'lastScheduleTime');
  const succeeded = peekText(status, 'lastSuccessfulTime');
  if (scheduled === undefined) return health('Healthy', 'it has not been scheduled yet');
  if (succeeded === undefined) return health('Healthy', 'it has never succeeded so far');
  if (peekList(status, 'active').length > 0) return health('Healthy', 'it is running');
  return succeeded < scheduled ? health('Degraded', 'its last run has not succeeded') : health('Healthy');
}
