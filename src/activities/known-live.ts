import { createHash } from 'node:crypto';
import type { ApplicationSpec } from '../domain/application-spec';
import { driftKey } from '../domain/hints';
import { keyOf, refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import { marks } from '../domain/marks';
import type { Selected } from './selection';

/** What the watches of a cluster know of its objects; hashes as `driftHash` makes them. */
export interface LiveBook {
  driftOf(key: string): { readonly application: string; readonly drift: string } | undefined;
}

/** As many as are remembered; a few hundred bytes each. */
const mostKnown = 100_000;

/**
 * What this process knows of a cluster's objects without asking: that one is there, and that an apply of just this manifest to just
 * this live object changes nothing. The first comes from the watches of the cluster's observer, as far as it runs here; the second from
 * dry runs before. What the watches have not seen yet is drift, of which the observer tells the application.
 */
export class KnownLive {
  #book: LiveBook | undefined;
  readonly #equal = new Map<string, string>();

  /** The observer watches, or does no more. */
  follow(book: LiveBook | undefined): void {
    this.#book = book;
  }

  /** Whether an object of this application is there; false: not known. */
  has(application: string, ref: ObjectRef): boolean {
    return this.#book?.driftOf(keyOf(ref))?.application === application;
  }

  /** Whether an apply of it would change nothing; false: not known. */
  isEqual(spec: ApplicationSpec, selected: Selected): boolean {
    const key = keyOf(refOf(selected.object));
    const live = this.#book?.driftOf(key);
    if (live === undefined || live.application !== spec.name) return false;
    return this.#equal.get(key) === pair(spec, selected, live.drift);
  }

  /** A dry run has changed nothing. */
  noteEqual(spec: ApplicationSpec, selected: Selected, live: KubeObject): void {
    const { object } = selected;
    const { finalizers, ownerReferences, labels } = object.metadata as KubeObject['metadata'] & {
      readonly finalizers?: unknown;
    };
    // The watches do not tell of changes of these.
    if (finalizers !== undefined || ownerReferences !== undefined) return;
    if (labels?.[marks.application] !== spec.name) return;
    if (this.#equal.size >= mostKnown) this.#equal.clear();
    this.#equal.set(keyOf(refOf(object)), pair(spec, selected, driftHash(live)));
  }
}

/** Of what can drift in a live object: a Secret's values are not kept. */
export function driftHash(object: KubeObject): string {
  return createHash('sha256').update(driftKey(object)).digest('base64');
}

function pair({ ignoreDifferences }: ApplicationSpec, { object, options }: Selected, drift: string): string {
  const wanted = JSON.stringify([object, options, ignoreDifferences]);
  return `${createHash('sha256').update(wanted).digest('base64')} ${drift}`;
}
