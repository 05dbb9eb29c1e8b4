import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import { fieldOf, isMap, type JsonMap } from '../read-json';
import { composed, mapsAt, refused } from './composed';
import type { Composed, RouteGoal, Router } from './router';
import type { NginxSpec } from './spec';

const apiVersion = 'networking.k8s.io/v1';
const suffix = '-canary';
/** Longest name of an object. */
const longest = 253;
/** Annotation by which older controllers are chosen; the canary Ingress has to be read by the same one. */
const classAnnotation = 'kubernetes.io/ingress.class';

/**
 * Canary Ingresses of ingress-nginx: beside each Ingress of the team stands one of the rollout's own with its paths to the stable
 * Service, annotated as canary with a weight (Argo Rollouts, trafficrouting/nginx). Headers and cookies are the team's annotations.
 */
export const nginx: Router<NginxSpec> = {
  objects: ({ stableIngresses }, { namespace, goal }) =>
    stableIngresses.map((name) => ({
      ref: { apiVersion, kind: 'Ingress', namespace, name: canaryIngressName(goal.workload, name) },
      life: 'own',
      from: { apiVersion, kind: 'Ingress', namespace, name },
    })),
  compose: composeIngress,
  served: () => ({ served: true }),
  weightOf({ annotationPrefix }, live) {
    const text = live.metadata.annotations?.[`${annotationPrefix}/canary-weight`];
    return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
  },
};

/** `<workload>-<ingress>-canary`, as Argo Rollouts names it; too long a name loses its end before the suffix. */
export function canaryIngressName(workload: string, ingress: string): string {
  return `${workload}-${ingress}`.slice(0, longest - suffix.length) + suffix;
}

function composeIngress(spec: NginxSpec, base: KubeObject, goal: RouteGoal): Composed {
  const rules = mapsAt(base, 'spec', 'rules').flatMap((rule) => {
    const paths = mapsAt(rule, 'http', 'paths').flatMap((path) => {
      const service = fieldOf(fieldOf(path, 'backend'), 'service');
      if (!isMap(service) || peekText(service, 'name') !== goal.stableService) return [];
      return [{ ...path, backend: { service: { ...service, name: goal.canaryService } } }];
    });
    const http = fieldOf(rule, 'http');
    return paths.length === 0 || !isMap(http) ? [] : [{ ...rule, http: { ...http, paths } }];
  });
  if (rules.length === 0) {
    const message = `no rule of Ingress ${base.metadata.name} has a path to Service ${goal.stableService}`;
    return refused(
      'spec.rules',
      message,
      `make ${goal.stableService} the backend of the paths that shall be weighted`,
    );
  }
  const { name, namespace } = base.metadata;
  const object: KubeObject = {
    apiVersion,
    kind: 'Ingress',
    metadata: {
      name: canaryIngressName(goal.workload, name),
      ...(namespace === undefined ? {} : { namespace }),
      annotations: annotationsOf(spec, base, goal),
    },
    spec: { ...copied(base, 'ingressClassName'), ...copied(base, 'tls'), rules },
  };
  return composed(object, goal);
}

function copied(base: KubeObject, field: string): JsonMap {
  const value = fieldOf(base['spec'], field);
  return value === undefined ? {} : { [field]: value };
}

function annotationsOf(spec: NginxSpec, base: KubeObject, goal: RouteGoal): Readonly<Record<string, string>> {
  const { annotationPrefix: prefix, additionalAnnotations, canaryAnnotations } = spec;
  const ingressClass = base.metadata.annotations?.[classAnnotation];
  const additional = Object.entries(additionalAnnotations).map(([key, value]) => [
    key.startsWith(prefix) ? key : `${prefix}/${key}`,
    value,
  ]);
  return {
    ...(ingressClass === undefined ? {} : { [classAnnotation]: ingressClass }),
    ...(Object.fromEntries(additional) as Readonly<Record<string, string>>),
    ...canaryAnnotations,
    [`${prefix}/canary`]: 'true',
    [`${prefix}/canary-weight`]: String(goal.weight),
    // 100 is what the controller takes without it.
    ...(goal.maxWeight === 100 ? {} : { [`${prefix}/canary-weight-total`]: String(goal.maxWeight) }),
  };
}
