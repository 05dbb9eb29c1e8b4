import { groupOf } from '../kube-object';
import type { KubeObject } from '../kube-object';
import { conditionOf, hasCondition, peekNumber, peekText } from '../peek';
import { health } from './status';
import type { Health } from './status';

/** API groups of Kubernetes itself; what is in another one comes from a CRD or an aggregated server. */
const builtIn: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'extensions',
  'policy',
  ...[
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'flowcontrol.apiserver',
    'internal.apiserver',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
  ].map((name) => `${name}.k8s.io`),
]);

/** Whether an API group is one of Kubernetes itself. */
export function isBuiltIn(group: string): boolean {
  return builtIn.has(group);
}

/**
 * A custom resource without a rule of its own, by the conventions that kstatus reads (cli-utils/pkg/kstatus, generic.go): an
 * `observedGeneration` behind the spec, `Reconciling` True and `Ready` False or Unknown are Progressing; `Stalled` True is Degraded;
 * `Ready` True is Healthy. A `Ready` False alone is not Degraded: most controllers write it while they work, so only time (the
 * deadline of whoever waits) or a user's script can tell a failure from work in progress.
 *
 * Argo CD has no health for such a kind, and so has Belay where there is none of these conditions: kstatus would say Current, which
 * an object that no controller has looked at yet does not deserve.
 */
export function customHealth(object: KubeObject): Health | undefined {
  if (isBuiltIn(groupOf(object.apiVersion))) return undefined;
  const observed = peekNumber(object, 'status', 'observedGeneration');
  if (observed !== undefined && observed < (object.metadata.generation ?? 0))
    return health('Progressing', 'its controller has not seen the newest spec yet');
  const saying = (type: string): string | undefined => peekText(conditionOf(object, type), 'message');
  if (hasCondition(object, 'Stalled', 'True')) return health('Degraded', saying('Stalled'));
  if (hasCondition(object, 'Reconciling', 'True')) return health('Progressing', saying('Reconciling'));
  const ready = conditionOf(object, 'Ready');
  if (ready === undefined) return undefined;
  return health(peekText(ready, 'status') === 'True' ? 'Healthy' : 'Progressing', saying('Ready'));
}
