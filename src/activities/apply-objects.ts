import { sortForApply } from '../domain/apply-order';
import { nameOf, refOf, type KubeObject } from '../domain/kube-object';
import { gitManager } from '../domain/marks';
import type { Problem } from '../domain/problem';
import type { Cluster } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import type { Beat } from './beating';
import { ownedByAnother, type Tried } from './dry-run';
import { problemOf } from './refused-field';
import { takeOverFields } from './take-over';
import { removeAndWait } from './remove-and-wait';

/** Writes what differs, in kind order; the first refusal that a person must mend ends it. */
export async function applyInOrder(
  cluster: Cluster,
  differing: readonly Tried[],
  beat: Beat,
): Promise<readonly Problem[]> {
  for (const object of sortForApply(differing.map((each) => each.object))) {
    const tried = differing.find((each) => each.object === object);
    if (tried === undefined) continue;
    beat.note(`apply ${nameOf(refOf(object))}`);
    try {
      const foreign = await findTaken(cluster, tried, beat);
      if (foreign !== undefined) return [foreign];
      await applyOne(cluster, tried, beat);
    } catch (error: unknown) {
      if (isPortError(error) && error.retry === 'never') return [problemOf(tried, error)];
      throw error;
    }
  }
  return [];
}

/**
 * What was not there when it was tried may have been made by another application since, as two members of a release begin together. An
 * apply would take it over without a word, and the creation of an object has no precondition that would refuse this.
 */
async function findTaken(cluster: Cluster, tried: Tried, { signal }: Beat): Promise<Problem | undefined> {
  if (tried.live !== undefined) return undefined;
  return ownedByAnother(tried, await cluster.get(refOf(tried.object), signal));
}

/**
 * By the object's sync options, as Argo CD has them: `Replace` puts the whole object, except for Namespaces and
 * CustomResourceDefinitions an update that drops what Git does not say; with `Force` an object that cannot be changed is deleted and
 * made again, and with both it always is.
 */
async function applyOne(cluster: Cluster, { object, live, options }: Tried, beat: Beat): Promise<void> {
  const { signal } = beat;
  const { replace = false, force = false, validate = true } = options;
  const write = { manager: gitManager, signal, ...(validate ? {} : { validate }) };
  if (live !== undefined && force && replace && mayGo(object)) {
    await removeAndWait(cluster, live, beat);
    await cluster.apply(object, write);
    return;
  }
  if (live !== undefined && replace) {
    await cluster.replace(withVersion(object, live), write);
    return;
  }
  const seen = live === undefined ? undefined : await takeOverFields(cluster, live, signal);
  try {
    await cluster.apply(withVersion(object, seen), write);
  } catch (error: unknown) {
    const isStuck = isPortError(error, 'ImmutableField', 'Invalid');
    if (!isStuck || !force || live === undefined || !mayGo(object)) throw error;
    await removeAndWait(cluster, live, beat);
    await cluster.apply(object, write);
  }
}

/** What would take everything in it along is never deleted to be made anew (Argo CD, `kubectl replace` of them is an update). */
export function mayGo({ kind }: KubeObject): boolean {
  return kind !== 'Namespace' && kind !== 'CustomResourceDefinition';
}

function withVersion(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const version = live?.metadata.resourceVersion;
  return version === undefined
    ? object
    : { ...object, metadata: { ...object.metadata, resourceVersion: version } };
}
