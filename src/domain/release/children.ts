import type { ApplicationSpec } from '../application-spec';
import { fewNames, fewProblems } from '../few';
import { groupOf, nameOf, refOf, type KubeObject } from '../kube-object';
import { problemAt, type Located } from '../located';
import type { Problem } from '../problem';
import { readApplication } from '../read-application';
import { releaseAnnotation } from '../read-membership';

/** What the path of a parent Application (Argo CD's app of apps) holds. */
export interface Children {
  readonly children: readonly ApplicationSpec[];
  /** Everything that is no Application, `AppProject shop`: nobody delivers it. */
  readonly others: readonly string[];
  /** With any, there are no children. */
  readonly problems: readonly Problem[];
}

/** A history takes 128 KiB in one payload; what is around it needs a part of that. */
const mostCharacters = 96 * 1024;

/**
 * The Applications among a parent's objects, which come out as one release of the parent's name: in the order of their sync waves and of
 * what they depend on. One that names a release itself is of that one.
 */
export function readChildren(parent: ApplicationSpec, objects: readonly Located[]): Children {
  if (parent.otherSources !== undefined || parent.source.chart !== undefined)
    return { children: [], others: [], problems: [unsupported(parent)] };
  const applications = objects.filter(({ object }) => isApplication(object));
  const others = fewNames(
    objects.filter((each) => !applications.includes(each)).map(({ object }) => nameOf(refOf(object))),
  );
  const read = applications.map((each) => readApplication(asMember(each, parent.name)));
  const children = read.flatMap((each) => (each.ok ? [each.value] : []));
  const problems = [
    ...read.flatMap((each) => (each.ok ? [] : each.problems)),
    ...repeated(applications),
    ...applications.flatMap((each) => (each.object.metadata.name === parent.name ? [itself(each)] : [])),
  ];
  if (applications.length === 0) problems.push(none(parent));
  else if (JSON.stringify(children).length > mostCharacters) problems.push(tooMuch(parent));
  return problems.length > 0
    ? { children: [], others, problems: fewProblems(problems) }
    : { children, others, problems };
}

function isApplication({ apiVersion, kind }: KubeObject): boolean {
  return groupOf(apiVersion) === 'argoproj.io' && kind === 'Application';
}

function asMember(located: Located, parent: string): Located {
  const { metadata } = located.object;
  if (metadata.annotations?.[releaseAnnotation] !== undefined) return located;
  const annotations = { ...metadata.annotations, [releaseAnnotation]: parent };
  return { ...located, object: { ...located.object, metadata: { ...metadata, annotations } } };
}

/** Names are unique in Belay, whatever namespaces Argo CD keeps them in. */
function repeated(applications: readonly Located[]): readonly Problem[] {
  const names = applications.map(({ object }) => object.metadata.name);
  return applications.flatMap((each, index) => {
    const { name } = each.object.metadata;
    if (names.indexOf(name) === index) return [];
    const message = `there is another application called ${name} among the children`;
    const remedy = 'rename one: names are unique in Belay';
    return [problemAt(each, { code: 'DuplicateObject', path: ['metadata', 'name'], message, remedy })];
  });
}

function itself(located: Located): Problem {
  const message = 'is called like its parent, which is the name of their release';
  const remedy = 'rename it, or give it to `belay app create -f` alone';
  return problemAt(located, { code: 'InvalidSpec', path: ['metadata', 'name'], message, remedy });
}

function unsupported({ name, otherSources }: ApplicationSpec): Problem {
  const what = otherSources === undefined ? 'a chart of a chart repository' : 'several sources';
  const remedy = 'render it yourself, and give the result to `belay app create -f -`';
  return { code: 'Unsupported', message: `${name} is a parent with ${what}`, remedy };
}

function none({ name, source }: ApplicationSpec): Problem {
  const message = `${source.path || '.'} of ${name} holds no Application`;
  return { code: 'InvalidSpec', message, remedy: 'leave out --children, or correct spec.source.path' };
}

function tooMuch({ name }: ApplicationSpec): Problem {
  const message = `the applications of ${name} are more than ${mostCharacters / 1024} KiB together`;
  const remedy = 'give them in parts: `belay app create -f FILE`';
  return { code: 'InvalidSpec', message, remedy };
}
