import type { HealthWord } from '../application-status';
import { groupOf, kindKeyOf } from '../kube-object';
import type { KubeObject } from '../kube-object';
import { peekNumber } from '../peek';
import { apiServiceHealth, definitionHealth } from './api';
import { argoWorkflowHealth } from './argo-workflow';
import { autoscalerHealth, budgetHealth } from './autoscaling';
import { customHealth, isBuiltIn } from './custom';
import { gatewayClassHealth, gatewayHealth, routeHealth } from './gateway';
import { ingressHealth, serviceHealth } from './network';
import { cronJobHealth, jobHealth } from './jobs';
import { podHealth } from './pods';
import { health } from './status';
import type { Health } from './status';
import { claimHealth } from './storage';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads';

type Rule = (object: KubeObject) => Health | undefined;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['apps/Deployment', deploymentHealth],
  ['apps/StatefulSet', statefulSetHealth],
  ['apps/DaemonSet', daemonSetHealth],
  ['apps/ReplicaSet', replicaSetHealth],
  ['/Service', serviceHealth],
  ['networking.k8s.io/Ingress', ingressHealth],
  ['extensions/Ingress', ingressHealth],
  ['/PersistentVolumeClaim', claimHealth],
  ['batch/Job', jobHealth],
  ['batch/CronJob', cronJobHealth],
  ['/Pod', podHealth],
  ['autoscaling/HorizontalPodAutoscaler', autoscalerHealth],
  ['policy/PodDisruptionBudget', budgetHealth],
  ['apiregistration.k8s.io/APIService', apiServiceHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', definitionHealth],
  ['gateway.networking.k8s.io/Gateway', gatewayHealth],
  ['gateway.networking.k8s.io/GatewayClass', gatewayClassHealth],
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map((kind): [string, Rule] => [
    `gateway.networking.k8s.io/${kind}`,
    routeHealth,
  ]),
  ['argoproj.io/Workflow', argoWorkflowHealth],
  // A child application answers for itself (Argo CD since 1.8): an application of applications is no worse than its own objects.
  ['argoproj.io/Application', () => undefined],
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

export interface HealthOptions {
  /** `metadata.generation` that our write was answered with: an older status says nothing about what was written. */
  readonly generation?: number;
  /** What a user's script says of this object: it replaces the rule of its kind. */
  readonly scripted?: Health;
}

/**
 * The health of a live object by Argo CD's rules (gitops-engine/pkg/health and resource_customizations), so that nobody's dashboards
 * change their meaning. Undefined: its kind has no health, or an annotation takes it out of the count.
 *
 * Where Belay says more than Argo CD: with `generation`, nothing is Healthy (nor Degraded) before `status.observedGeneration`, where
 * the kind has one, has reached it; and kinds of custom resources without a rule are judged by their conditions as kstatus does (see
 * `customHealth`), where Argo CD has no health for them.
 */
export function healthOf(
  object: KubeObject,
  { generation, scripted }: HealthOptions = {},
): Health | undefined {
  const { metadata } = object;
  if (metadata.annotations?.[IGNORE] === 'true') return undefined;
  if (metadata.deletionTimestamp !== undefined && !isHeldByHook(object))
    return health('Progressing', 'it is being deleted');
  if (generation !== undefined && isOlderThan(object, generation))
    return health('Progressing', 'its controller has not seen the newest spec yet');
  if (scripted !== undefined) return scripted;
  const rule = RULES.get(kindKeyOf(object)) ?? customHealth;
  return rule(object);
}

/** Whether objects of this kind can have a health at all without a script: nobody needs to watch a ConfigMap for it. */
export function mayHaveHealth({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  const group = groupOf(apiVersion);
  if (group === 'argoproj.io' && kind === 'Application') return false;
  return RULES.has(`${group}/${kind}`) || !isBuiltIn(group);
}

function isOlderThan({ metadata, ...object }: KubeObject, generation: number): boolean {
  if ((metadata.generation ?? generation) < generation) return true;
  return (peekNumber(object, 'status', 'observedGeneration') ?? generation) < generation;
}

function isHeldByHook({ metadata }: KubeObject): boolean {
  const finalizers = metadata['finalizers'];
  return Array.isArray(finalizers) && finalizers.includes(HOOK_FINALIZER);
}

/** The worst of several healths, Healthy if there is none to count (Argo CD, controller/health.go). */
export function worstHealth(list: readonly (Health | undefined)[]): HealthWord {
  const ranks = list.flatMap((each) => (each === undefined ? [] : [badness(each.status)]));
  return FROM_BEST[Math.max(0, ...ranks)] ?? 'Healthy';
}

/** How bad a health is, 0 for Healthy. */
export function badness(word: HealthWord): number {
  return FROM_BEST.indexOf(word);
}
