import type { ApplicationSpec, SyncOptions } from '../domain/application-spec';
import { keepPin, keepReplicas } from '../domain/compose';
import { differ, type Ignored } from '../domain/diff/diff-objects';
import { fitName } from '../domain/fit-name';
import { groupOf, nameOf, refOf, type KubeObject } from '../domain/kube-object';
import { problemAt } from '../domain/located';
import { gitManager, marks } from '../domain/marks';
import type { Problem } from '../domain/problem';
import type { Cluster } from '../ports/cluster';
import { takeOver } from '../domain/take-over';
import { isPortError } from '../ports/port-error';
import type { Ignoring } from './ignoring';
import { problemOf } from './refused-field';
import type { Selected } from './selection';
import { withoutUnknown } from './without-unknown';

/** An object as it is, and as it would be after an apply. */
export interface Tried extends Selected {
  readonly live: KubeObject | undefined;
  /** Undefined: its kind comes with the same sync, so that it could not be tried. */
  readonly after: KubeObject | undefined;
  readonly differs: boolean;
  /** Fields whose differences do not count (`ignoreDifferences`). */
  readonly ignored?: Ignored;
}

export interface Trial {
  readonly cluster: Cluster;
  readonly spec: ApplicationSpec;
  readonly ignoring: Ignoring;
  /** Everything of the same sync. */
  readonly all: readonly Selected[];
  readonly signal: AbortSignal;
}

/** As often as a controller may write an object between our look at it and the dry run. */
const mostLooks = 4;

/** Tries one object against the API server without persisting anything; a refusal is a Problem with its place in Git. */
export async function tryObject(trial: Trial, selected: Selected): Promise<Tried | Problem> {
  for (let look = 1; ; look += 1) {
    const tried = await tryOnce(trial, selected);
    // What somebody wrote between the two is no difference from Git.
    if (look === mostLooks || isProblem(tried) || isOfOneMoment(tried)) return tried;
  }
}

/** A dry run answers the version that it was made on. */
function isOfOneMoment({ live, after }: Tried): boolean {
  return (
    live === undefined ||
    after === undefined ||
    live.metadata.resourceVersion === after.metadata.resourceVersion
  );
}

async function tryOnce(trial: Trial, selected: Selected): Promise<Tried | Problem> {
  const { cluster, spec, ignoring, all, signal } = trial;
  const { object, options } = selected;
  try {
    if (selected.isHook === true) return await tryHook(trial, selected);
    const live = await cluster.get(refOf(object), signal);
    const foreign = ownedByAnother(selected, live);
    if (foreign !== undefined) return foreign;
    const scope = { ...spec, syncOptions: options };
    const applying = await ignoring.apply(scope, { live, wanted: keepPin(keepReplicas(object, live), live) });
    if ('code' in applying) return applying;
    const wanted = applying.object;
    const tried = { ...selected, object: wanted, live };
    const write = { manager: gitManager, dryRun: true, signal };
    const known = options.validate === false ? await withoutUnknown(cluster, wanted, write) : wanted;
    const after = await cluster.apply(known, write).catch((error: unknown) => {
      const isStuck = isPortError(error, 'ImmutableField', 'Invalid') && live !== undefined;
      if (isStuck && options.force === true) return undefined; // it is deleted and made anew
      throw error;
    });
    if (after === undefined) return { ...tried, object: known, after, differs: true };
    const ignored = await applying.ignoredWith(after);
    if ('code' in ignored) return ignored;
    const isChanged = live === undefined || takeOver(live) !== undefined || differ(live, after, ignored);
    return { ...tried, object: known, after, differs: isChanged, ignored };
  } catch (error: unknown) {
    if (isToCome(error, object, all) || isLetPass(error, options))
      return { ...selected, live: undefined, after: undefined, differs: true };
    if (isPortError(error) && error.retry === 'never') return problemOf(selected, error);
    throw error;
  }
}

/** A hook is tried under another name: the one of the last sync may still be there, and is deleted before this one is made. */
async function tryHook({ cluster, signal }: Trial, selected: Selected): Promise<Tried> {
  const { object, options } = selected;
  const { generateName: _generated, ...metadata } = object.metadata;
  const name = fitName(metadata.name.replace(/-+$/, ''), '-dry-run');
  const write = { manager: gitManager, dryRun: true, signal, ...validation(options) };
  const after = await cluster.create({ ...object, metadata: { ...metadata, name } }, write);
  return { ...selected, live: undefined, after, differs: true };
}

function validation({ validate = true }: SyncOptions): { readonly validate?: false } {
  return validate ? {} : { validate };
}

/** What it needs comes with the same sync: its kind, or its namespace. */
function isToCome(error: unknown, object: KubeObject, all: readonly Selected[]): boolean {
  if (isPortError(error, 'KindNotFound')) return all.some((each) => definesKind(each.object, object));
  if (!isPortError(error, 'NotFound')) return false;
  const { namespace } = object.metadata;
  return all.some((each) => each.object.kind === 'Namespace' && each.object.metadata.name === namespace);
}

/** `SkipDryRunOnMissingResource=true`: something else defines the kind in time. */
function isLetPass(error: unknown, { skipDryRunOnMissingResource = false }: SyncOptions): boolean {
  return skipDryRunOnMissingResource && isPortError(error, 'KindNotFound');
}

export function isProblem(tried: Tried | Problem): tried is Problem {
  return 'code' in tried;
}

function definesKind(crd: KubeObject, object: KubeObject): boolean {
  const spec = crd['spec'] as
    { readonly group?: string; readonly names?: { readonly kind?: string } } | undefined;
  return (
    crd.kind === 'CustomResourceDefinition' &&
    spec?.group === groupOf(object.apiVersion) &&
    spec.names?.kind === object.kind
  );
}

/** One object has one application: which one, its label says. */
export function ownedByAnother(selected: Selected, live: KubeObject | undefined): Problem | undefined {
  const owner = live?.metadata.labels?.[marks.application];
  if (owner === undefined || owner === selected.object.metadata.labels?.[marks.application]) return undefined;
  return {
    ...problemAt(selected.source, {
      code: 'OwnedByAnother',
      path: ['metadata', 'name'],
      message: `belongs to the application ${owner}`,
      remedy: `remove it here or in ${owner}; one object has one application`,
    }),
    object: nameOf(refOf(selected.object)),
  };
}
