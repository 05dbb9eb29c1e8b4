import type { HealthWord } from './application-status';
import { apiServiceHealth, definitionHealth } from './health-api';
import { autoscalerHealth, budgetHealth } from './health-autoscaling';
import { ingressHealth, serviceHealth } from './health-network';
import { jobHealth, podHealth } from './health-pods';
import { health } from './health-status';
import type { Health } from './health-status';
import { claimHealth } from './health-storage';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './health-workloads';
import { groupOf } from './kube-object';
import type { KubeObject } from './kube-object';

export type { Health };

const RULES: ReadonlyMap<string, (object: KubeObject) => Health> = new Map([
  ['apps/Deployment', deploymentHealth],
  ['apps/StatefulSet', statefulSetHealth],
  ['apps/DaemonSet', daemonSetHealth],
  ['apps/ReplicaSet', replicaSetHealth],
  ['/Service', serviceHealth],
  ['networking.k8s.io/Ingress', ingressHealth],
  ['extensions/Ingress', ingressHealth],
  ['/PersistentVolumeClaim', claimHealth],
  ['batch/Job', jobHealth],
  ['/Pod', podHealth],
  ['autoscaling/HorizontalPodAutoscaler', autoscalerHealth],
  ['policy/PodDisruptionBudget', budgetHealth],
  ['apiregistration.k8s.io/APIService', apiServiceHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', definitionHealth],
]);

const IGNORE = 'argocd.argoproj.io/ignore-healthcheck';
const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer';
const FROM_BEST: readonly HealthWord[] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

/**
 * The health of a live object by Argo CD's rules (gitops-engine/pkg/health), so that nobody's dashboards change their meaning.
 * Undefined: its kind has no health, or an annotation takes it out of the count.
 */
export function healthOf(object: KubeObject): Health | undefined {
  const { metadata } = object;
  if (metadata.annotations?.[IGNORE] === 'true') return undefined;
  if (metadata.deletionTimestamp !== undefined && !isHeldByHook(object))
    return health('Progressing', 'it is being deleted');
  return RULES.get(`${groupOf(object.apiVersion)}/${object.kind}`)?.(object);
}

function isHeldByHook({ metadata }: KubeObject): boolean {
  const finalizers = metadata['finalizers'];
  return Array.isArray(finalizers) && finalizers.includes(HOOK_FINALIZER);
}

/** The worst of several healths, Healthy if there is none to count (Argo CD, controller/health.go). */
export function worstHealth(list: readonly (Health | undefined)[]): HealthWord {
  const ranks = list.flatMap((each) => (each === undefined ? [] : [FROM_BEST.indexOf(each.status)]));
  return FROM_BEST[Math.max(0, ...ranks)] ?? 'Healthy';
}
