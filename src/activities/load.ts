import { createHash } from 'node:crypto';
import type { AnalysisTemplate } from '../domain/analysis/spec';
import { asDeployment } from '../domain/apps';
import { readOf, type Located } from '../domain/located';
import { marks } from '../domain/marks';
import { InSteps } from '../domain/in-steps';
import type { Problem, Read } from '../domain/problem';
import { readWorkloads } from '../domain/read-rollout';
import type { RevisionSource } from '../domain/revision-source';
import { planSync } from '../domain/sync/plan';
import { undosIn, withUndos } from '../domain/sync/undos';
import { isCheck, reportCheck } from '../domain/checks/check-job';
import { configRefs, versionText } from '../domain/version-key';
import type { Workload } from '../domain/workload';
import type { PathsOf } from '../ports/render';
import type { Ports } from './ports';
import { prepareSources, renderObjects, type PreparedSources } from './render-sources';

/** A revision's content, read and checked. */
export interface Loaded {
  readonly revision: string;
  readonly tree: string;
  /** Hash of all manifests. */
  readonly content: string;
  readonly workloads: readonly LoadedWorkload[];
  /** Everything but the workloads, as written. */
  readonly others: readonly Located[];
  /** Which phase and wave each object belongs to, and the hooks of a sync, which are neither workloads nor others. */
  readonly inSteps: InSteps;
  /** In Git and left alone: `argocd.argoproj.io/hook: Skip`, and Helm hooks of occasions that are no sync. */
  readonly skipped: readonly Located[];
  /** Everything that was read, in its order, checks included. */
  readonly objects: readonly Located[];
  /** Jobs that check the revision before its first write, and are never applied. */
  readonly checks: readonly Located[];
  /** AnalysisTemplates: they stay in Git. */
  readonly templates: readonly AnalysisTemplate[];
  /** What of the repositories decides all this; absent: every commit counts. */
  readonly uses?: readonly PathsOf[];
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

/** Revisions of applications kept, and the characters of their manifests together: hundreds of applications are read in one go. */
const kept = { revisions: 2_000, characters: 32 << 20 };
/** A rendering has limits of its own; this is for what comes before it. */
const prepareWithinMs = 120_000;

/**
 * Reads and checks a revision. What was made from the same trees with the same parameters is kept, so that commits elsewhere cost
 * nothing.
 */
export function createLoader({ renderer, manifests, cluster }: Tools): LoadRevision {
  const cache = new Map<string, { reading: Promise<Read<Content>>; size: number }>();
  let size = 0;

  function drop(key: string): void {
    size -= cache.get(key)?.size ?? 0;
    cache.delete(key);
  }

  function read(key: string, begin: () => Promise<Read<Content>>): Promise<Read<Content>> {
    const known = cache.get(key);
    if (known !== undefined) {
      cache.delete(key);
      cache.set(key, known);
      return known.reading;
    }
    const entry = { reading: begin(), size: 0 };
    cache.set(key, entry);
    entry.reading.then(
      (content) => {
        if (cache.get(key) !== entry) return;
        entry.size = content.ok ? content.value.size : 0;
        size += entry.size;
        for (const oldest of cache.keys()) {
          if (cache.size <= kept.revisions && size <= kept.characters) return;
          drop(oldest);
        }
      },
      () => cache.get(key) === entry && drop(key), // what could not be reached may be there next time
    );
    return entry.reading;
  }

  return async (source, namespace) => {
    const signal = AbortSignal.timeout(prepareWithinMs);
    const prepared = await prepareSources(renderer, source, {
      capabilities: await cluster.capabilities(),
      signal,
    });
    if (!prepared.ok) return prepared;
    const key = JSON.stringify([prepared.value.key, namespace]);
    const found = await read(key, () => readSources(prepared.value, manifests, namespace));
    const { uses } = prepared.value;
    const here = { revision: source.revision, ...(uses === undefined ? {} : { uses }) };
    return found.ok ? { ok: true, value: { ...found.value, ...here } } : found;
  };
}

/** `size`: characters of its manifests. */
type Content = Omit<Loaded, 'revision' | 'uses'> & { readonly size: number };

type Tools = Pick<Ports, 'renderer' | 'manifests' | 'cluster'>;

async function readSources(
  prepared: PreparedSources,
  manifests: Ports['manifests'],
  namespace: string,
): Promise<Read<Content>> {
  const { tree } = prepared;
  const objects = await renderObjects(prepared, manifests, namespace);
  if (!objects.ok) return objects;
  const problems: Problem[] = [];
  const checks = objects.value.filter(isCheck);
  for (const each of checks) reportCheck(each, namespace, problems);
  const delivered = objects.value.filter((each) => !isCheck(each));
  const sync = withUndos(planSync(delivered, problems, { namespace }), { namespace, problems });
  const apart = new Set([
    ...sync.skipped,
    ...sync.steps.flatMap(({ tasks }) => tasks.flatMap((each) => (each.isHook ? [each.located] : []))),
    ...undosIn(sync),
  ]);
  const read = readWorkloads(
    delivered.filter((each) => !apart.has(each)),
    namespace,
  );
  if (!read.ok || problems.length > 0)
    return readOf<never>(undefined, [...problems, ...(read.ok ? [] : read.problems)]);
  const { workloads, others, templates = [] } = read.value;
  const text = JSON.stringify(objects.value.map(({ object }) => object));
  return {
    ok: true,
    value: {
      tree,
      content: digest(text, 16),
      size: text.length,
      objects: objects.value,
      checks,
      others,
      templates,
      workloads: workloads.map((each) => withVersion(each, others, namespace)),
      skipped: sync.skipped,
      inSteps: new InSteps(sync.steps, [...others, ...workloads]),
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

/** `ConfigMap/name` → hashed name, for the template of a version that came by a rollout. */
export function configNamesOf(workload: LoadedWorkload): Readonly<Record<string, string>> {
  return Object.fromEntries(
    workload.config.map(({ source, hashedName }) => [
      `${source.object.kind}/${source.object.metadata.name}`,
      hashedName,
    ]),
  );
}
