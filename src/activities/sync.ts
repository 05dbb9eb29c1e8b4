import type { ApplicationSpec } from '../domain/application-spec';
import { sortForApply, sortForPrune } from '../domain/apply-order';
import { keyOf, nameOf, refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import { gitManager, marks } from '../domain/marks';
import type { Problem } from '../domain/problem';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { isProblem, tryObject, type Tried } from './dry-run';
import { problemOf } from './refused-field';
import { readMirror, writeMirror } from './inventory';
import type { LoadRevision } from './load';
import { inParallel } from './parallel';
import type { Ports } from './ports';
import { takeOverFields } from './take-over';
import { selectObjects, type Selected, type Stage, type Treatments } from './selection';

export interface ApplyInput {
  readonly spec: ApplicationSpec;
  readonly revision: string;
  readonly stage: Stage;
  readonly treatments: Treatments;
  /** False: only report what differs. */
  readonly fix: boolean;
  readonly prune: boolean;
}

export interface ApplyResult {
  readonly applied: readonly string[];
  readonly pruned: readonly string[];
  /** Objects that differ and were not changed, `Deployment shop/web`. */
  readonly differing: readonly string[];
  /** Objects that are no longer in Git and were not pruned. */
  readonly unpruned: readonly string[];
  /** When there are any, nothing was applied. */
  readonly problems: readonly Problem[];
}

const atOnce = 8;

/** Makes the cluster equal to a revision: everything is tried before the first write, only what differs is written. */
export function createSync(ports: Ports, load: LoadRevision) {
  const { cluster } = ports;
  return {
    applyRevision: beating(async (input: ApplyInput, beat): Promise<ApplyResult> => {
      const { spec, revision, stage, treatments } = input;
      const { namespace } = spec.destination;
      const { repoUrl, path, recurse } = spec.source;
      const loaded = await load({ repoUrl, path, revision, recurse }, namespace);
      if (!loaded.ok) return refused(loaded.problems);
      const placed = await place(cluster, spec, selectObjects(spec, loaded.value, stage, treatments));
      if (stage === 'before' && input.fix) await ensureNamespace(cluster, spec, placed, beat);

      beat.note(`dry run of ${placed.length} objects`);
      const tried = await inParallel(atOnce, placed, (each) => tryObject(cluster, each, placed, beat.signal));
      const problems = tried.filter(isProblem);
      if (problems.length > 0) return refused(problems);
      const differing = tried.filter(
        (each): each is Tried => !isProblem(each) && !each.dryRunOnly && each.differs,
      );
      const { inventory } = await readMirror(cluster, spec.name, namespace, beat.signal);
      const now = await inventoryOf(
        cluster,
        spec,
        loaded.value.others.map(({ object }) => object),
        loaded.value.workloads.map((each) => each.object),
      );
      const gone = inventory.filter((ref) => !now.some((each) => keyOf(each) === keyOf(ref)));

      if (!input.fix)
        return {
          applied: [],
          pruned: [],
          differing: names(differing),
          unpruned: gone.map(nameOf),
          problems: [],
        };
      if (stage !== 'heal')
        await writeMirror(cluster, spec.name, namespace, { inventory: [...now, ...gone] });
      const late = await applyInOrder(cluster, differing, beat);
      if (late.length > 0) return refused(late);
      const prunes = stage === 'after' && input.prune;
      const pruned = prunes ? await prune(cluster, spec, gone, beat) : [];
      if (prunes) await writeMirror(cluster, spec.name, namespace, { inventory: now });
      return {
        applied: names(differing),
        pruned,
        differing: [],
        unpruned: prunes ? [] : gone.map(nameOf),
        problems: [],
      };
    }),

    /** Deletes every object of the application (cascade), newest kinds first. */
    deleteObjects: beating(
      async ({ spec }: { readonly spec: ApplicationSpec }, beat): Promise<readonly string[]> => {
        const { inventory } = await readMirror(cluster, spec.name, spec.destination.namespace, beat.signal);
        const mirror: ObjectRef = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          namespace: spec.destination.namespace,
          name: `belay-${spec.name}`,
        };
        const deleted = await prune(cluster, spec, inventory, beat);
        await cluster.remove(mirror, { propagation: 'Background', signal: beat.signal });
        return deleted;
      },
    ),
  };
}

/** Namespaced objects get the destination's namespace; cluster-scoped ones lose theirs. */
async function place(
  cluster: Cluster,
  spec: ApplicationSpec,
  selected: readonly Selected[],
): Promise<readonly Selected[]> {
  return Promise.all(
    selected.map(async (each) => ({ ...each, object: await inNamespace(cluster, spec, each.object) })),
  );
}

async function inNamespace(cluster: Cluster, spec: ApplicationSpec, object: KubeObject): Promise<KubeObject> {
  const { namespace, ...metadata } = object.metadata;
  const namespaced = await cluster.isNamespaced(object).catch((error: unknown) => {
    if (isPortError(error, 'KindNotFound')) return true; // the dry run says so, with the place in Git
    throw error;
  });
  return {
    ...object,
    metadata: namespaced ? { ...metadata, namespace: namespace ?? spec.destination.namespace } : metadata,
  };
}

async function inventoryOf(
  cluster: Cluster,
  spec: ApplicationSpec,
  ...lists: readonly (readonly KubeObject[])[]
): Promise<readonly ObjectRef[]> {
  return Promise.all(lists.flat().map(async (object) => refOf(await inNamespace(cluster, spec, object))));
}

/** `CreateNamespace=true` comes before the dry run, as in Argo CD: nothing in it could be tried otherwise. */
async function ensureNamespace(
  cluster: Cluster,
  spec: ApplicationSpec,
  selected: readonly Selected[],
  { signal }: Beat,
): Promise<void> {
  const { namespace } = spec.destination;
  const inGit = selected.find(
    ({ object }) => object.kind === 'Namespace' && object.metadata.name === namespace,
  );
  if (!spec.createNamespace && inGit === undefined) return;
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
  if ((await cluster.get(ref, signal)) !== undefined) return;
  const object = inGit?.object ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await cluster.apply(object, { manager: gitManager, signal });
}

async function applyInOrder(
  cluster: Cluster,
  differing: readonly Tried[],
  beat: Beat,
): Promise<readonly Problem[]> {
  for (const object of sortForApply(differing.map((each) => each.object))) {
    const tried = differing.find((each) => each.object === object);
    if (tried === undefined) continue;
    beat.note(`apply ${nameOf(refOf(object))}`);
    try {
      const live =
        tried.live === undefined ? undefined : await takeOverFields(cluster, tried.live, beat.signal);
      const version = live?.metadata.resourceVersion;
      const seen =
        version === undefined
          ? object
          : { ...object, metadata: { ...object.metadata, resourceVersion: version } };
      await cluster.apply(seen, { manager: gitManager, signal: beat.signal });
    } catch (error: unknown) {
      if (isPortError(error) && error.retry === 'never') return [problemOf(tried, error)];
      throw error;
    }
  }
  return [];
}

/** Only what carries the application's label goes: a name that somebody else has taken over stays. */
async function prune(
  cluster: Cluster,
  spec: ApplicationSpec,
  refs: readonly ObjectRef[],
  beat: Beat,
): Promise<readonly string[]> {
  const pruned: string[] = [];
  for (const ref of sortForPrune(refs)) {
    const live = await cluster.get(ref, beat.signal);
    if (live?.metadata.labels?.[marks.application] !== spec.name) continue;
    beat.note(`prune ${nameOf(ref)}`);
    await cluster.remove(ref, {
      propagation: 'Background',
      uid: live.metadata.uid ?? '',
      signal: beat.signal,
    });
    pruned.push(nameOf(ref));
  }
  return pruned;
}

function names(tried: readonly Tried[]): readonly string[] {
  return tried.map((each) => nameOf(refOf(each.object)));
}

function refused(problems: readonly Problem[]): ApplyResult {
  return { applied: [], pruned: [], differing: [], unpruned: [], problems };
}
