import { isDenial, matchesGlob, matchesOrDenies } from '../glob';
import type { KindRule, Project, Target } from './project';

/** Why a project does not allow something: the rule that says so. */
export interface Refusal {
  /** Field of the project, such as `spec.sourceRepos`. */
  readonly rule: string;
  readonly why: string;
}

/** Argo CD's AppProject.IsSourcePermitted: one pattern must fit, and no denial may. */
export function refuseSource({ sourceRepos }: Project, url: string): Refusal | undefined {
  const rule = 'spec.sourceRepos';
  // A server may resolve such a path to another team's repository than the one that the pattern sees.
  if (/(^|[/:])(\.|%2e){2}(\/|$)/i.test(url)) return { rule, why: 'its path has `..` in it' };
  const text = comparable(url);
  const denial = sourceRepos.find((each) => isDenial(each) && !fitsSource(each, text));
  if (denial !== undefined) return { rule, why: `denied by "${denial}"` };
  if (sourceRepos.some((each) => fitsSource(each, text))) return undefined;
  return { rule, why: nothingFits(sourceRepos) };
}

function fitsSource(pattern: string, text: string): boolean {
  const plain = isDenial(pattern) ? `!${comparable(pattern.slice(1))}` : comparable(pattern);
  return matchesOrDenies(plain, text, '/');
}

/** One spelling for one repository, as Argo CD compares them: lower case, `ssh://` for scp-like URLs, no `.git`. */
function comparable(url: string): string {
  const text = url.trim().toLowerCase();
  const scpLike = /^([^@/:]+@[^/:]+):(?!\/\/)(.+)$/.exec(text);
  const full = scpLike === null ? text : `ssh://${scpLike[1] ?? ''}/${scpLike[2] ?? ''}`;
  return full.replace(/\/+$/, '').replace(/\.git$/, '');
}

/**
 * Argo CD's AppProject.isDestinationMatched: an entry allows when its server or its name fits and its namespace does; a denial in any
 * field of any entry that strikes refuses, whatever the rest of that entry says.
 */
export function refuseDestination(project: Project, target: Target, namespace: string): Refusal | undefined {
  const rule = 'spec.destinations';
  if (target.project !== undefined && target.project !== project.name)
    return { rule, why: `the cluster belongs to the project ${target.project}` };
  if (target.namespaces !== undefined && !target.namespaces.includes(namespace))
    return { rule, why: `the cluster is only for the namespaces ${target.namespaces.join(', ')}` };
  let isAllowed = false;
  for (const { server, name, namespace: place } of project.destinations) {
    const byServer = fitsAny(server, target.servers);
    const byName = fitsAny(name, target.names);
    const byNamespace = matchesOrDenies(place, namespace);
    if ((byServer || byName) && byNamespace) isAllowed = true;
    else if (isDenial(server) && !byServer) return { rule, why: `the server is denied by "${server}"` };
    else if (isDenial(name) && !byName) return { rule, why: `the cluster is denied by "${name}"` };
    else if (isDenial(place) && !byNamespace) return { rule, why: `the namespace is denied by "${place}"` };
  }
  return isAllowed ? undefined : { rule, why: 'no entry fits this cluster and namespace' };
}

/** A denial fits when it strikes none of the names that one cluster has. */
function fitsAny(pattern: string, names: readonly string[]): boolean {
  if (isDenial(pattern)) return names.length > 0 && names.every((each) => matchesOrDenies(pattern, each));
  return names.some((each) => matchesOrDenies(pattern, each));
}

export interface ObjectKind {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly isNamespaced: boolean;
}

/** Argo CD's AppProject.IsGroupKindNamePermitted: namespaced kinds are allowed unless said otherwise, cluster-scoped ones are not. */
export function refuseKind(project: Project, object: ObjectKind): Refusal | undefined {
  const [allowed, denied, field] = object.isNamespaced
    ? ([project.namespacedAllowed, project.namespacedDenied, 'namespaceResource'] as const)
    : ([project.clusterAllowed, project.clusterDenied, 'clusterResource'] as const);
  const strike = denied.find((each) => isOfKind(each, object));
  if (strike !== undefined) return { rule: `spec.${field}Blacklist`, why: `denied by ${textOf(strike)}` };
  if (allowed === undefined || allowed.some((each) => isOfKind(each, object))) return undefined;
  return { rule: `spec.${field}Whitelist`, why: nothingFits(allowed.map(textOf)) };
}

function isOfKind({ group, kind, name }: KindRule, object: ObjectKind): boolean {
  return (
    matchesGlob(group, object.group) &&
    matchesGlob(kind, object.kind) &&
    (name === undefined || matchesGlob(name, object.name))
  );
}

function textOf({ group, kind, name }: KindRule): string {
  return [group === '' ? 'core' : group, kind, ...(name === undefined ? [] : [name])].join('/');
}

const shown = 5;

function nothingFits(patterns: readonly string[]): string {
  if (patterns.length === 0) return 'nothing is allowed';
  const rest = patterns.length > shown ? ', …' : '';
  return `only ${patterns.slice(0, shown).join(', ')}${rest} is allowed`;
}
