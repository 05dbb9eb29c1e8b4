import { peekText } from '../peek';
import type { Problem, Read } from '../problem';
import { isMap, mapOf, valueAt, type JsonMap } from '../read-json';

/** On each object of an experiment: the drill, and the application that is drilled. What a killed drill has left is found by the second. */
export const experimentLabels = { drill: 'belay.dev/drill', of: 'belay.dev/drilled' } as const;

/** One object of an experiment, ready to be created. */
export interface ExperimentObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly json: JsonMap;
}

/** What an experiment is told about its drill. */
export interface ExperimentFacts {
  readonly id: string;
  /** Value of the label `belay.dev/rollout` on the new version's pods. */
  readonly rollout: string;
  readonly application: string;
  /** Of objects that name none. */
  readonly namespace: string;
}

const projects: Readonly<Record<string, string>> = {
  'chaos-mesh.org': 'Chaos Mesh',
  'litmuschaos.io': 'Litmus',
};
const remedy = 'name a file with objects of chaos-mesh.org or litmuschaos.io';

/** The objects of an experiment's documents, with `{id}` and `{rollout}` filled in; anything but an experiment is refused. */
export function readExperiment(
  documents: readonly unknown[],
  facts: ExperimentFacts,
): Read<readonly ExperimentObject[]> {
  if (documents.length === 0)
    return {
      ok: false,
      problems: [{ code: 'InvalidSpec', message: 'there is no experiment in it', remedy }],
    };
  const objects: ExperimentObject[] = [];
  const problems: Problem[] = [];
  for (const document of documents) {
    const read = readObject(fill(document, facts), facts);
    if (read.ok) objects.push(read.value);
    else problems.push(...read.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: objects };
}

function readObject(
  json: unknown,
  { id, application, namespace: usual }: ExperimentFacts,
): Read<ExperimentObject> {
  const [apiVersion = '', kind = '', name = ''] = [
    peekText(json, 'apiVersion'),
    peekText(json, 'kind'),
    peekText(json, 'metadata', 'name'),
  ];
  const object = `${kind === '' ? 'an object without a kind' : kind} ${name}`.trim();
  if (!isMap(json) || kind === '' || projectOf(apiVersion) === undefined) {
    const of = apiVersion === '' ? 'no apiVersion' : apiVersion;
    return refused({ message: `it is of ${of}, which is no experiment`, object, remedy });
  }
  if (name === '')
    return refused({
      message: 'it has no name',
      object,
      field: 'metadata.name',
      remedy: 'name it, such as drill-{id}',
    });
  const given = valueAt(json, 'metadata', 'namespace');
  const namespace = given ?? usual;
  if (typeof namespace !== 'string' || namespace === '')
    return refused({
      message: 'it is no text',
      object,
      field: 'metadata.namespace',
      remedy: 'name a namespace',
    });
  const metadata = mapOf(json['metadata']);
  const labels = {
    ...mapOf(metadata['labels']),
    [experimentLabels.drill]: id,
    [experimentLabels.of]: application,
  };
  return {
    ok: true,
    value: {
      apiVersion,
      kind,
      namespace,
      name,
      json: { ...json, metadata: { ...metadata, namespace, labels } },
    },
  };
}

function refused(problem: Omit<Problem, 'code'>): {
  readonly ok: false;
  readonly problems: readonly Problem[];
} {
  return { ok: false, problems: [{ code: 'InvalidSpec', ...problem }] };
}

function projectOf(apiVersion: string): string | undefined {
  const [group = '', version = '', ...more] = apiVersion.split('/');
  return version === '' || more.length > 0 || !Object.hasOwn(projects, group) ? undefined : projects[group];
}

/** Texts and keys with the placeholders filled in. Without quotes YAML reads `{id}` as a map with one key, which is meant the same. */
function fill(value: unknown, facts: ExperimentFacts): unknown {
  if (typeof value === 'string')
    return value.replaceAll('{id}', facts.id).replaceAll('{rollout}', facts.rollout);
  if (Array.isArray(value)) return value.map((each) => fill(each, facts));
  if (!isMap(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[1] === null && (only[0] === 'id' || only[0] === 'rollout'))
    return facts[only[0]];
  return Object.fromEntries(entries.map(([key, each]) => [fill(key, facts), fill(each, facts)]));
}

/** `PodChaos shop/kill-7f`. */
export function titleOf({ kind, namespace, name }: ExperimentObject): string {
  return `${kind} ${namespace}/${name}`;
}

/** The kinds of an experiment by namespace, as kubectl is told them: `PodChaos.v1alpha1.chaos-mesh.org`. */
export function kindsByNamespace(objects: readonly ExperimentObject[]): ReadonlyMap<string, string> {
  const kinds = new Map<string, Set<string>>();
  for (const { apiVersion, kind, namespace } of objects) {
    const [group, version] = apiVersion.split('/');
    kinds.set(namespace, (kinds.get(namespace) ?? new Set()).add(`${kind}.${version}.${group}`));
  }
  return new Map([...kinds].map(([namespace, each]) => [namespace, [...each].join(',')]));
}

const unknownKind = /no matches for kind|doesn't have a resource type|could not find the requested resource/;

/** What it means that kubectl has refused an experiment; what kubectl said comes after it. */
export function explainRefusal(objects: readonly ExperimentObject[], complaint: string): string {
  if (!unknownKind.test(complaint)) return 'the cluster refuses the experiment';
  const names = new Set(objects.flatMap(({ apiVersion }) => projectOf(apiVersion) ?? []));
  return [...names].map((name) => `${name}'s kinds are not in this cluster`).join(', or ');
}
