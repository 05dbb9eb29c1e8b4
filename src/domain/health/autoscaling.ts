import { health } from './status';
import type { Health } from './status';
import type { KubeObject } from '../kube-object';
import { peekList, peekText } from '../peek';

const ANNOTATION = 'autoscaling.alpha.kubernetes.io/conditions';
const BROKEN: ReadonlySet<string> = new Set([
  'AbleToScale/FailedGetScale',
  'AbleToScale/FailedUpdateScale',
  'ScalingActive/FailedGetResourceMetric',
  'ScalingActive/FailedGetObjectMetric',
  'ScalingActive/FailedGetPodsMetric',
  'ScalingActive/FailedGetExternalMetric',
  'ScalingActive/FailedComputeMetricsReplicas',
  'ScalingActive/InvalidSelector',
]);

/** HorizontalPodAutoscaler (Argo CD, health_hpa.go). `autoscaling/v1` keeps its conditions in an annotation. */
export function autoscalerHealth(object: KubeObject): Health {
  const conditions =
    object.apiVersion === 'autoscaling/v1' ? annotated(object) : peekList(object, 'status', 'conditions');
  if (conditions === undefined)
    return health('Unknown', `annotation ${ANNOTATION} is not a list of conditions`);
  const broken = conditions.find(
    (each) =>
      peekText(each, 'status') === 'False' &&
      BROKEN.has(`${peekText(each, 'type') ?? ''}/${peekText(each, 'reason') ?? ''}`),
  );
  if (broken !== undefined) return health('Degraded', peekText(broken, 'message'));
  const works = conditions.find((each) => {
    const type = peekText(each, 'type');
    return (type === 'AbleToScale' || type === 'ScalingLimited') && peekText(each, 'status') === 'True';
  });
  return works === undefined
    ? health('Progressing', 'it has not scaled yet')
    : health('Healthy', peekText(works, 'message'));
}

function annotated(object: KubeObject): readonly unknown[] | undefined {
  try {
    const read: unknown = JSON.parse(object.metadata.annotations?.[ANNOTATION] ?? '[]');
    return Array.isArray(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** PodDisruptionBudget (Argo CD, resource_customizations/policy): too few pods to disrupt is nothing wrong. */
export function budgetHealth(object: KubeObject): Health {
  const conditions = peekList(object, 'status', 'conditions');
  const reasons = conditions.map((each) => peekText(each, 'reason') ?? '');
  const broken = conditions.findIndex(
    (each, index) => peekText(each, 'status') === 'False' && reasons[index] !== 'InsufficientPods',
  );
  if (broken >= 0) return health('Degraded', reasons[broken]);
  return conditions.length === 0
    ? health('Progressing', 'it has no status yet')
    : health('Healthy', reasons.at(-1));
}
