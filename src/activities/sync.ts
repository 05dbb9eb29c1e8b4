import type { ApplicationSpec } from '../domain/application-spec';
import { fewNames, fewProblems } from '../domain/few';
import type { StepKey } from '../domain/in-steps';
import { keyOf, nameOf, refOf, type ObjectRef } from '../domain/kube-object';
import type { Problem } from '../domain/problem';
import { baseKinds, mergeKinds } from '../domain/watched-kinds';
import type { Kind } from '../ports/cluster';
import { applyInOrder } from './apply-objects';
import { beating, type Beat } from './beating';
import { compareInventory } from './compare-inventory';
import type { Tried } from './dry-run';
import { ensureNamespace } from './ensure-namespace';
import { mirrorRef, readMirror, writeMirror } from './inventory';
import type { Loaded, LoadRevision } from './load';
import { loadApplication } from './load-application';
import { place } from './place';
import type { Ports } from './ports';
import { prune, type Pruned } from './prune';
import { selectObjects, type Selected, type Stage, type Treatments } from './selection';
import { tryAll } from './try-all';

export interface ApplyInput {
  readonly spec: ApplicationSpec;
  readonly revision: string;
  /** Revisions of the application's other sources. */
  readonly pins?: readonly string[];
  readonly stage: Stage;
  readonly treatments: Treatments;
  /** Only the objects of this step of the sync. */
  readonly step?: StepKey;
  /** Only the objects that one of these names: `apps:Deployment:shop/web`. */
  readonly only?: readonly string[];
  /** False: only report what differs. */
  readonly fix: boolean;
  readonly prune: boolean;
  /** A person has confirmed deletions that ask for it (`Prune=confirm`). */
  readonly confirmed?: boolean;
  /** What is known to be as in Git is not asked again: where the sync before went well, and nobody asks for this one. */
  readonly trust?: boolean;
}

export interface ApplyResult {
  readonly applied: readonly string[];
  readonly pruned: readonly string[];
  /** Objects that differ and were not changed, `Deployment shop/web`. */
  readonly differing: readonly string[];
  /** Objects that are no longer in Git and were not pruned. */
  readonly unpruned: readonly string[];
  /** Workloads among the objects that their rollouts bring. */
  readonly rolling?: readonly string[];
  /** Objects whose pruning a person must confirm. */
  readonly unconfirmed?: readonly string[];
  /** When there are any, nothing was applied. */
  readonly problems: readonly Problem[];
}

const nothing: ApplyResult = { applied: [], pruned: [], differing: [], unpruned: [], problems: [] };

export function createSync({ cluster }: Ports, apply: Applier) {
  return {
    applyRevision: beating(apply),

    /** Deletes every object of the application (cascade), last waves and kinds first. */
    deleteObjects: beating(async (input: DeleteInput, beat): Promise<DeleteResult> => {
      const { spec, confirmed = false } = input;
      const { namespace } = spec.destination;
      const { inventory } = await readMirror(cluster, spec.name, namespace, beat.signal);
      const pruning = { spec, refs: inventory, confirmed, why: 'delete' } as const;
      const { pruned, kept, unconfirmed } = await prune(cluster, pruning, beat);
      if (unconfirmed.length === 0)
        await cluster.remove(mirrorRef(spec.name, namespace), {
          propagation: 'Background',
          signal: beat.signal,
        });
      return { deleted: fewNames(pruned), kept: fewNames(kept), unconfirmed: fewNames(unconfirmed) };
    }),
  };
}

/** Makes the cluster equal to a revision: everything is tried before the first write, only what differs is written. */
export type Applier = (input: ApplyInput, beat: Beat) => Promise<ApplyResult>;

export function createApplier(ports: Ports, load: LoadRevision): Applier {
  const { cluster, orchestrator } = ports;
  let watched: readonly Kind[] = baseKinds;

  /** Tells the cluster's observer of kinds that are new to this worker; it forgets none of them. */
  async function watchKinds({ others, workloads }: Loaded): Promise<void> {
    const kinds = mergeKinds(
      watched,
      [...others, ...workloads].map(({ object }) => object),
    );
    if (kinds.length > watched.length) await orchestrator.watchCluster(cluster.id, kinds);
    watched = kinds;
  }

  const applyAll: Applier = async (input, beat) => {
    const { spec, stage, trust = false } = input;
    const loaded = await loadApplication(load, input);
    if (!loaded.ok) return { ...nothing, problems: loaded.problems };
    if (input.fix) await watchKinds(loaded.value);
    const placed = await place(cluster, spec, selectObjects(loaded.value, input));
    const needsNamespace = stage !== 'heal' && input.fix && !(trust && isNamespaceThere(ports, spec));
    if (needsNamespace) await ensureNamespace(cluster, spec, placed, beat);
    const { problems, differing } = await tryAll(ports, spec, { placed, trust }, beat);
    if (problems.length > 0 || stage === 'try') return { ...nothing, problems };
    const done = await carryOut(ports, { ...input, loaded: loaded.value, differing }, beat);
    return input.only === undefined ? done : { ...done, rolling: rollingOf(placed, loaded.value) };
  };
  return async (input, beat) => small(await applyAll(input, beat));
}

/** What a history takes: names are for people, and counted as many or none. */
function small({
  applied,
  pruned,
  differing,
  unpruned,
  unconfirmed,
  problems,
  ...rest
}: ApplyResult): ApplyResult {
  return {
    ...rest,
    applied: fewNames(applied),
    pruned: fewNames(pruned),
    differing: fewNames(differing),
    unpruned: fewNames(unpruned),
    ...(unconfirmed === undefined ? {} : { unconfirmed: fewNames(unconfirmed) }),
    problems: fewProblems(problems),
  };
}

export interface DeleteInput {
  readonly spec: ApplicationSpec;
  readonly confirmed?: boolean;
}

export interface DeleteResult {
  readonly deleted: readonly string[];
  readonly kept: readonly string[];
  readonly unconfirmed: readonly string[];
}

/** Where the application's mirror is, its namespace is as well. */
function isNamespaceThere(
  { knownLive }: Ports,
  { name, destination, namespaceMetadata }: ApplicationSpec,
): boolean {
  const { namespace } = destination;
  return namespaceMetadata === undefined && knownLive?.has(name, mirrorRef(name, namespace)) === true;
}

function rollingOf(placed: readonly Selected[], { workloads }: Loaded): readonly string[] {
  const leased = placed.filter((each) => each.dryRunOnly).map(({ source }) => source.object);
  return workloads.filter(({ object }) => leased.includes(object)).map(({ name }) => name);
}

interface Checked extends ApplyInput {
  readonly loaded: Loaded;
  readonly differing: readonly Tried[];
}

/** The inventory is written before the objects: what a worker that dies here has made is pruned all the same. */
async function carryOut({ cluster }: Ports, input: Checked, beat: Beat): Promise<ApplyResult> {
  const { spec, stage, differing } = input;
  const { namespace } = spec.destination;
  const { inventory, now, gone } = await compareInventory(cluster, input, beat.signal);
  if (!input.fix) return { ...nothing, differing: names(differing), unpruned: gone.map(nameOf) };
  let saved = inventory;
  const save = async (refs: readonly ObjectRef[]): Promise<void> => {
    if (!isSame(refs, saved)) await writeMirror(cluster, spec.name, namespace, { inventory: refs });
    saved = refs;
  };
  if (stage !== 'heal') await save([...now, ...gone]);
  const problems = await applyInOrder(cluster, differing, beat);
  if (problems.length > 0) return { ...nothing, problems };
  const applied = { ...nothing, applied: names(differing) };
  if (stage !== 'after' || !input.prune) return { ...applied, unpruned: gone.map(nameOf) };
  const pruning = {
    spec,
    refs: gone,
    remaining: now,
    confirmed: input.confirmed === true,
    why: 'prune',
  } as const;
  const { pruned, kept, unconfirmed, left }: Pruned = await prune(cluster, pruning, beat);
  await save([...now, ...left]);
  return { ...applied, pruned, unpruned: kept, unconfirmed };
}

function isSame(a: readonly ObjectRef[], b: readonly ObjectRef[]): boolean {
  const keys = new Set(b.map(keyOf));
  return a.length === b.length && a.every((each) => keys.has(keyOf(each)));
}

function names(tried: readonly Tried[]): readonly string[] {
  return tried.map((each) => nameOf(refOf(each.object)));
}
