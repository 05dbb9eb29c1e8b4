import { createHash } from 'node:crypto';
import type { AnalysisTemplate } from '../domain/analysis/spec';
import { asDeployment } from '../domain/apps';
import type { Located } from '../domain/located';
import { marks } from '../domain/marks';
import type { Problem, Read } from '../domain/problem';
import { readWorkloads } from '../domain/read-rollout';
import type { RevisionSource } from '../domain/rollout-status';
import { configRefs, versionText } from '../domain/version-key';
import type { Workload } from '../domain/workload';
import type { Ports } from './ports';

/** A revision's content, read and checked. */
export interface Loaded {
  readonly revision: string;
  readonly tree: string;
  readonly workloads: readonly LoadedWorkload[];
  /** Everything but the workloads, as written. */
  readonly others: readonly Located[];
  /** AnalysisTemplates: they stay in Git. */
  readonly templates: readonly AnalysisTemplate[];
}

export interface LoadedWorkload extends Workload {
  /** Hash of the template with its configuration: the quarantine key. */
  readonly version: string;
  /** Configuration that Git renders and the template refers to. */
  readonly config: readonly ConfigCopy[];
}

export interface ConfigCopy {
  readonly source: Located;
  /** `<name>-<10 hex digits of the content's hash>`. */
  readonly hashedName: string;
}

export type LoadRevision = (source: RevisionSource, namespace: string) => Promise<Read<Loaded>>;

const cacheSize = 64;

/** Reads and checks a directory of a revision. What was made from the same tree is kept, so that commits elsewhere cost nothing. */
export function createLoader({ git, manifests }: Pick<Ports, 'git' | 'manifests'>): LoadRevision {
  const cache = new Map<string, Read<Omit<Loaded, 'revision'>>>();
  return async ({ repoUrl, path, revision, recurse = false }, namespace) => {
    const tree = await git.treeId(repoUrl, path, revision);
    if (tree === undefined) return { ok: false, problems: [pathNotFound(path, revision)] };
    const key = JSON.stringify([tree, path, namespace, recurse]);
    let read = cache.get(key);
    if (read === undefined) {
      const { files } = await git.snapshot(repoUrl, path, revision);
      const inRepository = files.map((file) => ({
        ...file,
        path: path === '.' ? file.path : `${path}/${file.path}`,
      }));
      const readable = recurse
        ? inRepository
        : inRepository.filter((_file, index) => !(files[index]?.path ?? '').includes('/'));
      read = readTree(manifests(readable, { recurse: true, namespace }), tree, namespace);
      cache.set(key, read);
      if (cache.size > cacheSize) cache.delete(cache.keys().next().value ?? '');
    }
    return read.ok ? { ok: true, value: { ...read.value, revision } } : read;
  };
}

function readTree(
  objects: Read<readonly Located[]>,
  tree: string,
  namespace: string,
): Read<Omit<Loaded, 'revision'>> {
  if (!objects.ok) return objects;
  const read = readWorkloads([...objects.value], namespace);
  if (!read.ok) return read;
  const { workloads, others, templates = [] } = read.value;
  return {
    ok: true,
    value: {
      tree,
      others,
      templates,
      workloads: workloads.map((each) => withVersion(each, others, namespace)),
    },
  };
}

function withVersion(workload: Workload, others: readonly Located[], namespace: string): LoadedWorkload {
  const { template } = asDeployment(workload.object).spec;
  const reloads = workload.object.metadata.annotations?.[marks.configRollout] === 'false';
  const refs = reloads ? [] : configRefs(template.spec);
  const config = refs.flatMap(({ kind, name }) => {
    const source = others.find(
      ({ object }) =>
        object.kind === kind &&
        object.metadata.name === name &&
        (object.metadata.namespace ?? namespace) === workload.namespace,
    );
    return source === undefined ? [] : [{ source, hashedName: `${name}-${digest(contentOf(source), 10)}` }];
  });
  const contents = config.map(({ source }) => ({
    kind: source.object.kind,
    name: source.object.metadata.name,
    data: JSON.parse(contentOf(source)) as unknown,
  }));
  // A rule of the strategy that changes the template changes the version.
  const { antiAffinity } = 'antiAffinity' in workload.strategy ? workload.strategy : {};
  const text = versionText(template, contents);
  const whole = antiAffinity === undefined ? text : JSON.stringify([text, antiAffinity]);
  return { ...workload, config, version: digest(whole, 16) };
}

function contentOf({ object }: Located): string {
  return JSON.stringify([
    object['data'] ?? null,
    object['binaryData'] ?? null,
    object['stringData'] ?? null,
    object['type'] ?? null,
  ]);
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function pathNotFound(path: string, revision: string): Problem {
  return {
    code: 'PathNotFound',
    field: 'spec.source.path',
    value: path,
    message: `path ${path} does not exist at revision ${revision.slice(0, 12)}`,
    remedy: 'correct spec.source.path, or put the directory back',
  };
}

/** `ConfigMap/name` → hashed name, for the template of a version that came by a rollout. */
export function configNamesOf(workload: LoadedWorkload): Readonly<Record<string, string>> {
  return Object.fromEntries(
    workload.config.map(({ source, hashedName }) => [
      `${source.object.kind}/${source.object.metadata.name}`,
      hashedName,
    ]),
  );
}
