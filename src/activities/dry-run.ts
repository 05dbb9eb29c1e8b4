import { isDeepStrictEqual } from 'node:util';
import { keepReplicas } from '../domain/compose';
import { groupOf, nameOf, refOf, type KubeObject } from '../domain/kube-object';
import { problemAt } from '../domain/located';
import { gitManager, marks } from '../domain/marks';
import type { Problem } from '../domain/problem';
import type { Cluster } from '../ports/cluster';
import { takeOver } from '../domain/take-over';
import { isPortError } from '../ports/port-error';
import { problemOf } from './refused-field';
import type { Selected } from './selection';

/** An object as it is, and as it would be after an apply. */
export interface Tried extends Selected {
  readonly live: KubeObject | undefined;
  /** Undefined: its kind comes with the same sync, so that it could not be tried. */
  readonly after: KubeObject | undefined;
  readonly differs: boolean;
}

/** Tries one object against the API server without persisting anything; a refusal is a Problem with its place in Git. */
export async function tryObject(
  cluster: Cluster,
  selected: Selected,
  all: readonly Selected[],
  signal: AbortSignal,
): Promise<Tried | Problem> {
  const { object } = selected;
  try {
    const live = await cluster.get(refOf(object), signal);
    const owner = live?.metadata.labels?.[marks.application];
    if (owner !== undefined && owner !== object.metadata.labels?.[marks.application])
      return ownedByAnother(selected, owner);
    const wanted = keepReplicas(object, live);
    const after = await cluster.apply(wanted, { manager: gitManager, dryRun: true, signal });
    return {
      ...selected,
      object: wanted,
      live,
      after,
      differs:
        live === undefined ||
        takeOver(live) !== undefined ||
        !isDeepStrictEqual(comparable(live), comparable(after)),
    };
  } catch (error: unknown) {
    if (isPortError(error, 'KindNotFound') && all.some((each) => definesKind(each.object, object))) {
      return { ...selected, live: undefined, after: undefined, differs: true };
    }
    if (isPortError(error) && error.retry === 'never') return problemOf(selected, error);
    throw error;
  }
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

/** Everything that an apply can change: no status, no server-side bookkeeping, no fences. */
function comparable({ status: _status, metadata, ...rest }: KubeObject): unknown {
  const { managedFields: _m, resourceVersion: _r, generation: _g, annotations, ...meta } = metadata;
  const { [marks.fence]: _f, [marks.wanted]: _w, [marks.route]: _route, ...kept } = annotations ?? {};
  return { ...rest, metadata: { ...meta, annotations: Object.keys(kept).length === 0 ? undefined : kept } };
}

function ownedByAnother(selected: Selected, owner: string): Problem {
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
