import type { ApplicationSpec } from '../application-spec';
import { groupOf, type KubeObject } from '../kube-object';
import type { Problem } from '../problem';
import { refuseDestination, refuseKind, refuseSource, type Refusal } from './permits';
import type { Project, Target } from './project';

/** What an application (or one rollout of it) takes, and where it goes. */
export interface Asked {
  readonly repoUrls: readonly string[];
  readonly namespace: string;
}

/** What an application asks for in its own words. */
export function askedBy({ source, otherSources = [], destination }: ApplicationSpec): Asked {
  return {
    repoUrls: [source, ...otherSources].map(({ repoUrl }) => repoUrl),
    namespace: destination.namespace,
  };
}

/** Everything that the project does not allow: repositories, cluster and namespace. */
export function violations(
  project: Project,
  { repoUrls, namespace }: Asked,
  target: Target,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const url of new Set(repoUrls)) {
    const refusal = refuseSource(project, url);
    if (refusal !== undefined)
      problems.push(problemOf(project, refusal, { field: 'spec.source.repoURL', value: withoutUser(url) }));
  }
  const refusal = refuseDestination(project, target, namespace);
  if (refusal !== undefined) {
    const value = `${target.names[0] ?? target.servers[0] ?? ''}/${namespace}`;
    problems.push(problemOf(project, refusal, { field: 'spec.destination', value }));
  }
  return problems;
}

function problemOf(
  project: Project,
  refusal: Refusal,
  { field, value }: { readonly field: string; readonly value: string },
): Problem {
  return { code: 'Forbidden', field, value, message: `${value} is ${sentence(project, refusal)}`, remedy };
}

const remedy = 'change the application, or the project in the policy of the worker';

function sentence({ name }: Project, { rule, why }: Refusal): string {
  return `not allowed in the project ${name} (${rule}: ${why})`;
}

/** Credentials in a URL are for nobody's eyes. */
function withoutUser(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}

/** Where objects would go: the cluster, and the namespace of those that name none. */
export interface Place {
  readonly target: Target;
  readonly namespace: string;
}

/** Why the project does not allow this object, as a sentence; undefined when it does. */
export function forbids(
  project: Project,
  { apiVersion, kind, metadata }: KubeObject,
  isNamespaced: boolean,
  { target, namespace }: Place,
): string | undefined {
  const group = groupOf(apiVersion);
  const refusal =
    refuseKind(project, { group, kind, name: metadata.name, isNamespaced }) ??
    (isNamespaced
      ? refuseDestination(project, target, metadata.namespace ?? namespace)
      : refuseClusterScoped(target));
  if (refusal === undefined) return undefined;
  const what = refusal.rule === 'spec.destinations' ? `namespace ${metadata.namespace ?? namespace}` : kind;
  return `${what} is ${sentence(project, refusal)}`;
}

function refuseClusterScoped({ namespaces, clusterResources }: Target): Refusal | undefined {
  if (namespaces === undefined || clusterResources === true) return undefined;
  return { rule: 'clusterResources', why: 'the cluster is only for some namespaces' };
}
